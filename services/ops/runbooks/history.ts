/** PostgreSQL's timelines: whether the data of a server that comes back are part of what the primary has. Doubt is no. */
import type { SecureContextOptions } from "node:tls";
import type { LeaseBegan, LeaseData } from "../../../model/lease.ts";
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Guard, Target } from "../config.ts";
import { call } from "../jobs/call.ts";
import type { Guards } from "./guards.ts";

/** The primary's: where it left each timeline before its own, in order, as bytes, and those that it began itself. */
export interface History {
  readonly system: string;
  readonly timeline: number;
  readonly left: readonly { readonly timeline: number; readonly until: bigint }[];
  readonly begun: readonly LeaseBegan[];
}

export type Judged =
  | { readonly part: true }
  /** `sure`: it parted at a place that both know, `at`, in bytes, so it can be rewound to there. */
  | { readonly part: false; readonly sure: boolean; readonly why: Text; readonly at?: bigint };

/** `0/16B3748` as bytes; undefined where it is none. */
export function lsnOf(lsn: string): number | undefined {
  const bytes = bytesOf(lsn);
  return bytes === undefined ? undefined : Number(bytes);
}

export function writtenLsn(bytes: number): string {
  const value = BigInt(bytes);
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`;
}

function bytesOf(lsn: string): bigint | undefined {
  const found = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(lsn);
  return found === null ? undefined : (BigInt(`0x${found[1]}`) << 32n) | BigInt(`0x${found[2]}`);
}

/**
 * Timelines are compared by where they were left and by who began them, never by number: two sites that promoted themselves both count the same next number. The same rule
 * as follow_judge.py (images/postgres), which judges a standby while it runs.
 * @param data what lies at the server that comes back.
 */
export function isOurHistory(data: LeaseData, history: History): Judged {
  const doubt = (id: string, en: string): Judged => ({ part: false, sure: false, why: text(id, en) });
  if (data.system !== history.system) return doubt("sistem basis data yang lain", "another database system");
  if (data.end === null)
    return doubt("WAL di sini tidak terbaca sampai akhir", "the WAL here could not be read to its end");
  const end = bytesOf(data.end);
  if (end === undefined) return doubt(`posisi akhir tidak terbaca: ${data.end}`, `its end cannot be read: ${data.end}`);
  // Every timeline that both passed through must have been left at the same place.
  for (const { timeline, until } of data.history) {
    const theirs = history.left.find((one) => one.timeline === timeline);
    if (theirs === undefined || bytesOf(until) !== theirs.until)
      return doubt(`riwayat berbeda pada linimasa ${timeline}`, `the histories differ on timeline ${timeline}`);
  }
  const twice = begunTwice(data, history);
  if (twice !== undefined)
    return doubt(
      `linimasa ${twice} dimulai di kedua situs, di tempat yang sama`,
      `timeline ${twice} was begun at both sites, at the same place`,
    );
  const left = history.left.find(({ timeline }) => timeline === data.newest);
  if (left === undefined) {
    if (data.newest !== history.timeline)
      return doubt(`linimasa ${data.newest} tidak ada pada primer`, `the primary has no timeline ${data.newest}`);
    // The primary's own: the history before it must be all of the primary's, else it is another timeline of the same number.
    return data.history.length === history.left.length
      ? { part: true }
      : doubt(
          `linimasa ${data.newest} bernomor sama, riwayatnya lain`,
          `timeline ${data.newest} has the same number, another history`,
        );
  }
  return end <= left.until
    ? { part: true }
    : {
        ...{ part: false, sure: true, at: left.until },
        why: text(
          `menulis ${end - left.until} bita sesudah berpisah di ${data.newest}`,
          `it wrote ${end - left.until} bytes after they parted on timeline ${data.newest}`,
        ),
      };
}

/** What the primary does not list it has from here, but for the one that it writes on: that one it began itself. */
function begunTwice({ newest, history: passed, begun }: LeaseData, primary: History): number | undefined {
  const ours = new Set([newest, ...passed.map(({ timeline }) => timeline)]);
  const own = begun.filter(({ timeline }) => ours.has(timeline)).toSorted((a, b) => a.timeline - b.timeline);
  return own.find(({ timeline, id }) => {
    const theirs = primary.begun.find((one) => one.timeline === timeline);
    return theirs === undefined ? timeline === primary.timeline : theirs.id !== id;
  })?.timeline;
}

/** Asked of Patroni: `GET /history` lists `[timeline, LSN, reason, …]` of each switch, `GET /patroni` system and timeline; what it began, of its guard. @throws Away, Refused. */
export async function primaryHistory(
  {
    guards,
    targets,
    tls,
  }: { readonly guards: Guards; readonly targets: readonly Target[]; readonly tls: SecureContextOptions },
  guard: Guard,
): Promise<History> {
  const { site, workload } = guard;
  const target = targets.find((one) => one.site === site && one.workload === workload);
  if (target === undefined) throw new RangeError(`targets: ${site}/${workload} is none`);
  const peer = { host: target.host, address: target.address ?? target.host, port: target.port };
  const ask = async (path: string): Promise<unknown> =>
    JSON.parse((await call(peer, tls, { method: "GET", path, timeoutSeconds: 5 })).text);
  const [said, switches] = [(await ask("/patroni")) as Record<string, unknown>, await ask("/history")];
  return historyFrom(said, switches, await guards.begun(guard));
}

/** @throws TypeError where an answer is of another shape. */
export function historyFrom(said: Record<string, unknown>, switches: unknown, begun: readonly LeaseBegan[]): History {
  const { database_system_identifier: system, timeline } = said;
  if (typeof system !== "string" || typeof timeline !== "number" || !Array.isArray(switches))
    throw new TypeError("patroni: expected system, timeline and a list of switches, received something else");
  return {
    ...{ system, timeline, begun },
    left: switches.map((one: unknown) => {
      const [number, until] = Array.isArray(one) ? one : [];
      if (!Number.isInteger(number) || !(typeof until === "number" || typeof until === "string"))
        throw new TypeError("patroni: expected [timeline, LSN, …], received something else");
      return { timeline: Number(number), until: BigInt(until) };
    }),
  };
}
