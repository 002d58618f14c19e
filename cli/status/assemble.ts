/** Status from what was observed: pure. What nobody saw is unknown, never ok. */
import type { CertificateFact } from "../../custody/facts.ts";
import type { LeaseState } from "../../model/lease.ts";
import type { Model, PlaceModel, SiteModel, Text, WorkloadPlacement } from "../../model/types.ts";
import { exposureText } from "../../runbooks/exposure.ts";
import { type ClockOffsets, clockProblem } from "../clocks.ts";
import { expiryOf, repairOf } from "./expiry.ts";
import { isClosedFor, leaseStatus, leaseWarnings } from "./lease.ts";
import type { CertificateStatus, Health, LeaseStatus, SiteStatus, Status, WorkloadStatus } from "./types.ts";

/** What the container engine says of one workload. */
export type Observed =
  | { readonly kind: "removed" }
  | { readonly kind: "stopped"; readonly status: string; readonly exitCode: number }
  | { readonly kind: "running"; readonly health: { readonly ok: boolean; readonly line: string } | "no answer" };

/** What a site's `ops` says; absent where it does not answer. */
export interface OpsReport {
  readonly state: SiteStatus["state"];
  readonly lagBytes: number | null;
  readonly workloads: Readonly<Record<string, OpsView>>;
}

/** What `ops` says of one workload: it compares the sites with each other, which no workload can do by itself. */
export interface OpsView {
  readonly health: Health;
  readonly detail: Text;
  readonly version: string | null;
  readonly certificateExpires: string | null;
}

export interface Observations {
  readonly at: string;
  readonly toolchain: unknown;
  /** By `<site>/<workload>`; absent: the engine did not answer. */
  readonly workloads: Readonly<Record<string, Observed>>;
  /** By site. */
  readonly ops: Readonly<Record<string, OpsReport | undefined>>;
  /** What the guards that answered say. Default none. */
  readonly leases?: readonly LeaseState[];
  /** What the bundles at hand hold; a workload's is believed where `ops` saw none. Default none. */
  readonly certificates?: readonly CertificateFact[];
  /** Bundles that are here and do not open, each with why. Default none. */
  readonly unopened?: readonly Text[];
  /** Default: no engine said. */
  readonly clocks?: ClockOffsets;
}

export function assembleStatus(model: Model, observations: Observations): Status {
  const lease = leaseStatus(observations.leases ?? []);
  const sites = model.sites.map((site) => siteStatus(site, lease, observations));
  return {
    region: model.region.id,
    epoch: lease?.epoch || null,
    lease,
    at: observations.at,
    toolchain: observations.toolchain,
    sites,
    witness: model.witness
      ? {
          id: model.witness.id,
          address: model.witness.publicAddress,
          workloads: workloadsOf(model.witness, observations),
        }
      : null,
    warnings: [...exposure(sites), ...(lease ? leaseWarnings(lease) : []), ...warningsOf(model, observations)],
    certificates: otherCertificates(observations),
  };
}

/** The root, intermediates, public and operators' certificates. */
function otherCertificates({ at, certificates = [] }: Observations): CertificateStatus[] {
  const others = new Map(
    certificates.filter(({ what }) => !what.startsWith("certificate:")).map((fact) => [fact.what, fact]),
  );
  return [...others.values()].map(({ what, expires, signs }) => {
    const { level, days } = expiryOf(expires, new Date(at), signs);
    return { name: what, expires, expiresInDays: days, level };
  });
}

function warningsOf(model: Model, observations: Observations): Text[] {
  const { at, ops, certificates = [], unopened = [], clocks = {} } = observations;
  const held = new Map(certificates.map((fact) => [fact.what, fact]));
  for (const site of model.sites)
    for (const { name } of site.workloads) {
      const expires = ops[site.id]?.workloads[name]?.certificateExpires;
      const what = `certificate:${site.id}/${name}`;
      if (expires) held.set(what, { what, made: expires, expires, signs: false });
    }
  const ending = [...held.values()].flatMap(({ what, expires, signs }) => {
    const { level, text } = expiryOf(expires, new Date(at), signs);
    const repair = repairOf(what);
    return level === "ok" ? [] : [{ id: `${what}: ${text.id}: ${repair.id}`, en: `${what}: ${text.en}: ${repair.en}` }];
  });
  const clock = clockProblem(clocks);
  return [
    ...ending,
    ...unopened,
    ...(clock ? [{ id: `${clock.text.id}: ${clock.hint.id}`, en: `${clock.text.en}: ${clock.hint.en}` }] : []),
  ];
}

/** A region that runs at one site alone, until the other one has come back. Where none is active, or two, the sites' own rows say so. */
function exposure(sites: readonly SiteStatus[]): Text[] {
  if (sites.filter(({ state }) => state === "active").length !== 1) return [];
  const said = exposureText(sites);
  return said === undefined ? [] : [said];
}

function siteStatus(site: SiteModel, lease: LeaseStatus | null, observations: Observations): SiteStatus {
  const { ops, clocks = {} } = observations;
  const report = ops[site.id];
  const state = report?.state ?? "unknown";
  return {
    id: site.id,
    designation: site.designation,
    state: state === "unknown" && lease !== null && isClosedFor(site.id, lease) ? "closed" : state,
    address: site.publicAddress,
    lagBytes: report?.lagBytes ?? null,
    clockOffsetSeconds: clocks[site.id] ?? null,
    workloads: workloadsOf(site, observations),
  };
}

function workloadsOf(place: PlaceModel, observations: Observations): WorkloadStatus[] {
  const report = observations.ops[place.id];
  return place.workloads.map((placement) => {
    const what = `certificate:${place.id}/${placement.name}`;
    const held = observations.certificates?.find((fact) => fact.what === what);
    const seen = report?.workloads[placement.name];
    const expires = seen?.certificateExpires ?? held?.expires ?? null;
    const expiry = expires === null ? undefined : expiryOf(expires, new Date(observations.at));
    const health = healthOf(observations.workloads[`${place.id}/${placement.name}`], seen);
    return {
      ...workloadStatus(placement, seen),
      ...(expiry?.level === "expired" ? withoutCertificate(health, what, expiry.text) : health),
      certificateExpires: expires,
      expiresInDays: expiry?.days ?? null,
    };
  });
}

/** Whoever asks it verifies its certificate: one that has ended serves nobody, whatever it says of itself. */
function withoutCertificate(
  { health, detail }: { health: Health; detail: Text },
  what: string,
  ended: Text,
): { health: Health; detail: Text } {
  const repair = repairOf(what);
  const before = health === "failing" ? { id: `; ${detail.id}`, en: `; ${detail.en}` } : { id: "", en: "" };
  return {
    health: "failing",
    detail: {
      id: `sertifikatnya ${ended.id}: ${repair.id}${before.id}`,
      en: `its certificate ${ended.en}: ${repair.en}${before.en}`,
    },
  };
}

function workloadStatus(
  placement: WorkloadPlacement,
  seen: OpsView | undefined,
): Pick<WorkloadStatus, "name" | "kind" | "version" | "address"> {
  return {
    name: placement.name,
    kind: placement.kind,
    version: seen?.version ?? null,
    address: placement.address ?? placement.backboneAddress ?? null,
  };
}

function healthOf(observed: Observed | undefined, seen: OpsView | undefined): { health: Health; detail: Text } {
  if (observed === undefined) return { health: "unknown", detail: NO_ENGINE };
  switch (observed.kind) {
    case "removed":
      return { health: "failing", detail: REMOVED };
    case "stopped":
      return { health: "failing", detail: stopped(observed.status, observed.exitCode) };
    case "running":
      if (observed.health === "no answer") return { health: "unknown", detail: NO_ANSWER };
      if (observed.health.ok && seen?.health === "failing") return { health: "failing", detail: seen.detail };
      return { health: observed.health.ok ? "ok" : "failing", detail: sameInBoth(observed.health.line) };
  }
}

const NO_ENGINE: Text = { id: "mesin wadah tidak menjawab", en: "the engine does not answer" };
const REMOVED: Text = {
  id: "dihapus: `lumbung up` membuatnya kembali",
  en: "removed: `lumbung up` makes it again",
};
const NO_ANSWER: Text = { id: "perintah kesehatannya tidak menjawab", en: "its health command does not answer" };

function stopped(status: string, exitCode: number): Text {
  return {
    id: `berhenti (${status}, kode keluar ${exitCode}): \`lumbung up\` menjalankannya lagi`,
    en: `${status} (exit code ${exitCode}): \`lumbung up\` starts it again`,
  };
}

/** An engine's own words. */
function sameInBoth(line: string): Text {
  return { id: line, en: line };
}

/** Kinds of workload that are database servers. */
export const DATABASES: readonly string[] = ["postgresql", "mariadb"];

/** States in which a deployment may leave a site. */
export const SETTLED: readonly SiteStatus["state"][] = ["active", "standby", "closed"];

/** Of which health is demanded: the databases of a site that is closed take and follow nothing until its way back. */
export const demanded = ({ state, workloads }: SiteStatus): readonly WorkloadStatus[] =>
  state === "closed" ? workloads.filter(({ kind }) => !DATABASES.includes(kind)) : workloads;

/** Whether every workload of every site and of the witness is ok, no certificate has ended, clocks agree, one site is active and the others stand by. */
export const allWell = (status: Status): boolean =>
  isSettled(status) && status.sites.every(({ state }) => state !== "closed");

/** As well as a deployment can make it: as `allWell`, but a site may be closed, as only `failback` makes it a standby again. */
export function isSettled(status: Status): boolean {
  const states = status.sites.map((site) => site.state);
  const clocks = Object.fromEntries(status.sites.map((site) => [site.id, site.clockOffsetSeconds]));
  const places = [...status.sites.map(demanded), status.witness?.workloads ?? []];
  return (
    !clockProblem(clocks)?.refused &&
    status.certificates.every(({ level }) => level !== "expired") &&
    places.flat().every(({ health }) => health === "ok") &&
    states.filter((state) => state === "active").length === 1 &&
    states.every((state) => SETTLED.includes(state))
  );
}
