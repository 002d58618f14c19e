/** One MariaDB server in words. Pure. */
import type { Text } from "../../model/types.ts";
import type { MariadbObservation } from "./observation.ts";
import type { WorkloadStatus } from "./status.ts";

type Description = Pick<WorkloadStatus, "health" | "detail"> & Partial<WorkloadStatus>;
type Fault = (own: MariadbObservation, twin: MariadbObservation | undefined) => Text | undefined;

/** Each names one thing that must never be, and what to say then. The first that holds counts. */
const FAULTS: readonly Fault[] = [
  function bothPrimary(own, twin) {
    const both = own.role === "primary" && twin?.role === "primary";
    return both ? { id: "KEDUA situs menerima tulisan", en: "BOTH sites take writes" } : undefined;
  },
  function strangers(own, twin) {
    const [mine, other] = [own.systemIdentifier, twin?.systemIdentifier];
    if (mine === undefined || other === undefined || mine === other) return undefined;
    return {
      id: `bukan salinan situs lain (${mine}, ${other})`,
      en: `no copy of the other site's (${mine}, ${other})`,
    };
  },
  function broken(own) {
    if (own.role !== "standby" || own.state !== "running" || own.replicating) return undefined;
    const why = own.reason === undefined ? "" : `: ${own.reason}`;
    return { id: `salinan tidak mengikuti primer${why}`, en: `the standby does not follow the primary${why}` };
  },
  function tooOld({ role, lagSeconds, rpoSeconds }) {
    if (role !== "standby" || lagSeconds === undefined || rpoSeconds === undefined) return undefined;
    if (lagSeconds <= Math.max(rpoSeconds, LEAST_RPO_SECONDS)) return undefined;
    return {
      id: `salinan berumur ${lagSeconds} s, lebih dari ${rpoSeconds} s yang dinyatakan`,
      en: `the copy is ${lagSeconds} s old, more than the declared ${rpoSeconds} s`,
    };
  },
  function unwell(own) {
    return own.healthy ? undefined : { id: own.line || own.state, en: own.line || own.state };
  },
];

/** The agent asks the primary for its position every two seconds: nothing finer can be told (mariadb_lines.py). */
const LEAST_RPO_SECONDS = 5;

export function describeMariadb(own: MariadbObservation, twin: MariadbObservation | undefined): Description {
  const { role, version, lagSeconds, gtid } = own;
  const facts = {
    role,
    ...(version === undefined ? {} : { version }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
  };
  const fault = FAULTS.map((rule) => rule(own, twin)).find((text) => text !== undefined);
  if (fault !== undefined) return { ...facts, health: "failing", detail: fault };
  const at = gtid === undefined ? "" : `, gtid ${gtid}`;
  const lag =
    lagSeconds === undefined
      ? { id: "", en: "" }
      : { id: `, tertinggal ${lagSeconds} s`, en: `, ${lagSeconds} s behind` };
  return { ...facts, health: "ok", detail: { id: `${role}${at}${lag.id}`, en: `${role}${at}${lag.en}` } };
}
