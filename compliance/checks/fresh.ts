/** Evidence that is fresh enough, or why there is none: the one place that judges age. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { AHEAD_SECONDS, fieldsOf, type Seen } from "../seen.ts";
import { failing, ok, type Thing, unknown, type WayOptions } from "./check.ts";

/** The newest of these that counts. @param lists each newest first */
function freshest(facts: Facts, lists: readonly (readonly Seen[])[], { freshSeconds }: WayOptions): Seen | Text {
  const [past] = lists
    .flatMap((list) => list.find(({ observedAt }) => secondsSince(facts, observedAt) >= -AHEAD_SECONDS) ?? [])
    .sort((a, b) => Date.parse(b.observedAt) - Date.parse(a.observedAt));
  if (past === undefined) {
    if (lists.some((list) => list.length > 0))
      return text("buktinya bertanggal di masa depan", "its evidence is dated in the future");
    return facts.unreachable ? UNREACHABLE : NONE;
  }
  const age = secondsSince(facts, past.observedAt);
  return age <= freshSeconds ? past : tooOld(age, freshSeconds);
}

export const NONE = text("tidak ada bukti", "there is no evidence");
export const UNREACHABLE = text(
  "tempat penyimpanan bukti tidak terjangkau, sehingga tidak ada bukti yang terbaca",
  "the stores of evidence are out of reach, so none could be read",
);

const UNTOLD = text("terlihat, tetapi keadaannya tidak dapat dipastikan", "looked at, but how it is could not be told");

const tooOld = (age: number, limit: number): Text =>
  text(
    `bukti terbaru berumur ${hours(age)} jam, paling lama ${hours(limit)}`,
    `the newest evidence is ${hours(age)} hours old, at most ${hours(limit)} count`,
  );

const hours = (seconds: number): string => String(Math.round(seconds / 360) / 10);

function secondsSince({ now }: Facts, at: string): number {
  const time = Date.parse(at);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : (now.getTime() - time) / 1000;
}

/** Last moment at which evidence of then is fresh. */
export function freshUntil(observedAt: string, { freshSeconds }: WayOptions): string {
  return new Date(Date.parse(observedAt) + freshSeconds * 1000).toISOString();
}

/** What is wrong with what was observed, or why that tells nothing of the thing; undefined: nothing is wrong. */
export type Judged = Text | { readonly unknown: Text } | undefined;

/**
 * A thing as its freshest evidence shows it. @param lists each newest first
 */
export function thingOf(
  facts: Facts,
  name: string,
  lists: readonly (readonly Seen[])[],
  options: WayOptions,
  problem: (observed: Readonly<Record<string, unknown>>, seen: Seen) => Judged,
): Thing {
  const found = freshest(facts, lists, options);
  if (!("digest" in found)) return unknown(name, found);
  const evidence = { id: found.id, digest: found.digest };
  const observed = fieldsOf(found.observed);
  if (observed.health === "unknown") return unknown(name, UNTOLD);
  const why = problem(observed, found);
  if (why !== undefined && "unknown" in why) return unknown(name, why.unknown);
  return why === undefined
    ? ok(name, { evidence, until: freshUntil(found.observedAt, options) })
    : failing(name, why, { evidence });
}

/** As `thingOf`, of what probes of any of these sites saw under this name. Default: of every site. */
export function probed(
  facts: Facts,
  name: string,
  options: WayOptions,
  problem: (observed: Readonly<Record<string, unknown>>) => Judged,
  sites: readonly string[] = facts.model.sites.map(({ id }) => id),
): Thing {
  const lists = sites.map((site) => facts.seen.of("probe", `${site}/${name}`));
  return thingOf(facts, sites.length === 1 ? `${sites[0]}/${name}` : name, lists, options, problem);
}

/** What the newest probe of that name that counts observed at a site; empty where there is none. */
export function lastSeen(
  facts: Facts,
  site: string,
  name: string,
  options: WayOptions,
): Readonly<Record<string, unknown>> {
  const found = freshest(facts, [facts.seen.of("probe", `${site}/${name}`)], options);
  return "digest" in found ? fieldsOf(found.observed) : {};
}

/** A workload of one site is well. */
export function healthy(facts: Facts, site: string, workload: string, options: WayOptions): Thing {
  return probed(facts, workload, options, notWell, [site]);
}

/** What is wrong with a workload that was seen. */
export function notWell({ health, detail }: Readonly<Record<string, unknown>>): Text | undefined {
  if (health === "ok") return undefined;
  const more = typeof detail === "string" && detail !== "" ? `: ${detail}` : "";
  return text(`tidak sehat${more}`, `not well${more}`);
}

/** A probe that answered yes. */
export const yes =
  (field: string, why: Text) =>
  (observed: Readonly<Record<string, unknown>>): Text | undefined =>
    observed[field] === true ? undefined : why;
