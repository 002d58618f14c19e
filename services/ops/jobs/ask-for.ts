/** A run that a person asks for out of turn: what was asked, and which job, target and copy that is. Pure. */
import type { Text } from "../../../model/types.ts";
import type { Copy, RunOrder } from "../../backup/wire.ts";
import { chosen } from "./rotation.ts";
import { type DrillChoice, drillChoices, type Job, type RunDetail } from "./types.ts";

/** `POST /runs`, and standard input of `node ops.mjs run`. */
export interface Asked {
  readonly target: string;
  readonly action: string;
  readonly class?: string;
  /** Id of the copy that a drill restores. Default: what `choice` or `until` says. */
  readonly copy?: string;
  /** Default `newest`. */
  readonly choice?: DrillChoice;
  /** Of a drill of a database: restore to this moment (ISO 8601 with offset), from the newest copy before it. */
  readonly until?: string;
}

export interface Known {
  readonly jobs: readonly Job[];
  /** Of backups, and whole applications. */
  readonly targets: readonly { readonly id: string; readonly engine: RunOrder["engine"] }[];
  /** Oldest first, of an application those of its database; undefined: nobody has listed them yet. */
  readonly copiesOf: (target: string) => readonly Copy[] | undefined;
  readonly now: Date;
}

export type Resolved =
  | { readonly kind: "run"; readonly job: Job; readonly target: string; readonly detail: RunDetail }
  /** The question is wrong. */
  | { readonly kind: "wrong"; readonly problems: readonly Text[] }
  /** The question may be right; not now. */
  | { readonly kind: "later"; readonly why: Text };

const FIELDS = ["target", "action", "class", "copy", "choice", "until"];

/** What was asked in a text, or all that is wrong with it. */
export function parseAsked(text: string): Asked | readonly Text[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [same("expected JSON, received something else")];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [same("expected an object")];
  const asked = value as Readonly<Record<string, unknown>>;
  const problems = [
    ...Object.keys(asked).flatMap((name) =>
      FIELDS.includes(name) ? [] : [expected(name, `one of ${FIELDS.join(", ")}`, "it")],
    ),
    ...FIELDS.flatMap((name) => {
      const needed = name === "target" || name === "action";
      if (asked[name] === undefined && !needed) return [];
      return typeof asked[name] === "string" && asked[name] !== "" ? [] : [expected(name, "a text", asked[name])];
    }),
  ];
  const { choice, until } = asked;
  if (choice !== undefined && !drillChoices.some((one) => one === choice))
    problems.push(expected("choice", drillChoices.join(", "), choice));
  if (until !== undefined && !isMoment(until))
    problems.push(expected("until", "a time in ISO 8601 with offset", until));
  return problems.length > 0 ? problems : (value as Asked);
}

function isMoment(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

export function resolve(asked: Asked, known: Known): Resolved {
  return asked.action === "drill" ? drill(asked, known) : other(asked, known.jobs);
}

function other(asked: Asked, jobs: readonly Job[]): Resolved {
  const { target, action } = asked;
  const unfit = (["copy", "choice", "until"] as const).filter((name) => asked[name] !== undefined);
  if (unfit.length > 0)
    return wrong(unfit.map((name) => expected(name, "nothing, as it is for drills alone", asked[name])));
  const there = jobs.filter((job) => job.target === target);
  const job = there.find((one) => one.action === action && (one.class ?? "base") === (asked.class ?? "base"));
  if (job) return { kind: "run", job, target, detail: {} };
  const names = (there.length > 0 ? there : jobs).map(({ id }) => id).join(", ");
  return wrong([expected(there.length > 0 ? "action" : "target", `one of the jobs ${names}`, `${target} ${action}`)]);
}

function drill(asked: Asked, { jobs, targets, copiesOf, now }: Known): Resolved {
  const { target, until } = asked;
  const job = jobs.find(({ action }) => action === "drill");
  if (!job) return wrong([{ id: "situs ini tidak punya ruang latihan", en: "this site has no drill room" }]);
  const own = targets.filter(({ engine }) => engine !== "foreign");
  const engine = own.find(({ id }) => id === target)?.engine;
  if (engine === undefined) return wrong([expected("target", own.map(({ id }) => id).join(", "), target)]);
  if (asked.class !== undefined) return wrong([expected("class", "nothing, as a drill is of a copy", asked.class)]);
  if (until !== undefined && (engine === "restic" || engine === "application"))
    return wrong([expected("until", "nothing, as only databases can be restored to a moment", until)]);
  if (until !== undefined && Date.parse(until) > now.getTime())
    return wrong([expected("until", "a moment that has come", until)]);
  const copies = copiesOf(target);
  if (copies === undefined) return { kind: "later", why: NOT_LISTED };
  const backup = copyFor(asked, copies, now);
  if (backup === undefined) return wrong([noCopy(asked, copies)]);
  const choice = asked.copy === undefined && until === undefined ? (asked.choice ?? "newest") : undefined;
  const detail = { backup, ...(choice ? { choice } : {}), ...(until === undefined ? {} : { until }) };
  return { kind: "run", job, target, detail };
}

function copyFor(
  { target, copy, choice = "newest", until }: Asked,
  copies: readonly Copy[],
  now: Date,
): string | undefined {
  if (copy !== undefined) return copies.find(({ id }) => id === copy)?.id;
  if (until !== undefined) return copies.findLast(({ at }) => Date.parse(at) <= Date.parse(until))?.id;
  return chosen(
    copies.map(({ id }) => id),
    choice,
    `${target} ${now.getTime()}`,
  );
}

function noCopy({ target, copy, until }: Asked, copies: readonly Copy[]): Text {
  if (copies.length === 0) return { id: `${target}: belum ada cadangan`, en: `${target}: there is no copy` };
  if (copy !== undefined) return expected("copy", `one of ${copies.map(({ id }) => id).join(", ")}`, copy);
  return expected("until", `a moment after the oldest copy, of ${copies[0]?.at}`, until);
}

const wrong = (problems: readonly Text[]): Resolved => ({ kind: "wrong", problems });
const same = (text: string): Text => ({ id: text, en: text });
const NOT_LISTED: Text = {
  id: "cadangan belum terdaftar: tuan rumah repositori belum menjawab",
  en: "copies are not listed yet: the repository host has not answered",
};

function expected(path: string, what: string, received: unknown): Text {
  const came = JSON.stringify(received) ?? "nothing";
  return {
    id: `${path}: diharapkan ${what}, diterima ${came === "nothing" ? "tidak ada" : came}`,
    en: `${path}: expected ${what}, received ${came}`,
  };
}
