/** What steps are made with. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Step } from "../engine/plan.ts";
import type { Facts, Held, StepContext, StepProgram } from "../engine/program.ts";
import { wordsOf } from "../engine/runner.ts";
import type { DeclaredServer, ServerSeen } from "../facts.ts";
import type { LeaseSeen, Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";

/** A step's words and seconds; what is left out: no point of no return, must not be skipped. */
export type Words = Pick<Step, "title" | "byHand" | "expectedSeconds"> &
  Partial<Pick<Step, "pointOfNoReturn" | "maySkip">>;

export function piece(id: string, words: (course: Course) => Words, program: Piece["program"]): Piece {
  return { id, program, step: (course) => ({ pointOfNoReturn: false, maySkip: false, ...words(course) }) };
}

export const HOLDS: Held = { holds: true };

export function holding(facts: Facts): Held {
  return { holds: true, facts };
}

export function lacking(id: string, en: string): Held {
  return { holds: false, why: text(id, en) };
}

/** Holds where nothing is lacking; else every reason, in one line. */
export function unless(reasons: readonly Text[], facts: Facts = {}): Held {
  if (reasons.length === 0) return holding(facts);
  const all = (lang: keyof Text): string => reasons.map((one) => one[lang]).join("; ");
  return { holds: false, why: text(all("id"), all("en")) };
}

export const always = async (): Promise<Held> => HOLDS;
export const nothing = async (): Promise<void> => {};

/** Looks until it holds, for so many seconds at most; the last look counts. What throws meanwhile may pass. */
export async function until(ports: Ports, seconds: number, look: () => Promise<Held>): Promise<Held> {
  const end = ports.clock.now().getTime() + seconds * 1000;
  for (;;) {
    const seen = await look().catch((cause: unknown): Held => ({ holds: false, why: wordsOf(cause) }));
    if (seen.holds || ports.clock.now().getTime() >= end) return seen;
    await ports.pause(POLL_SECONDS);
  }
}

/** Users wait for some of these: writes are stopped meanwhile. */
const POLL_SECONDS = 0.25;

/** What each server's look lacks, named. */
export async function eachServer(
  { declared }: Course,
  look: (server: DeclaredServer) => Promise<Text | undefined>,
): Promise<Text[]> {
  const found: Text[] = [];
  for (const server of declared.servers) {
    const lacks = await look(server);
    if (lacks) found.push(text(`${server.id}: ${lacks.id}`, `${server.id}: ${lacks.en}`));
  }
  return found;
}

/** What is lacking until a server at a site has this role. */
export function notYet(
  { role, following }: ServerSeen,
  wanted: "primary" | "standby" | "not primary",
): Text | undefined {
  const now = text(`sekarang ${role}`, `it is ${role} now`);
  switch (wanted) {
    case "primary":
      return role === "primary"
        ? undefined
        : text(`belum menerima tulisan, ${now.id}`, `takes no writes yet, ${now.en}`);
    case "standby":
      return role === "standby" && following
        ? undefined
        : text(`belum mengikuti situs lain, ${now.id}`, `does not follow the other site yet, ${now.en}`);
    case "not primary":
      return role === "primary" || role === "unknown"
        ? text(`belum pasti tertutup, ${now.id}`, `not surely closed, ${now.en}`)
        : undefined;
  }
}

/** Whether nobody but `site` can take writes by a lease. The store itself asks again when the epoch is raised. */
export function othersClosed(seen: LeaseSeen, site: string, now: Date): boolean {
  if (seen.holder === site) return true;
  return seen.holder === null && seen.closedBy !== null && Date.parse(seen.closedBy) <= now.getTime();
}

/** What is lacking where another epoch than those came meanwhile: then nothing of this plan may go on. */
export function otherEpoch(
  seen: LeaseSeen,
  allowed: readonly { readonly epoch: number; readonly site?: string }[],
): Held {
  const fits = allowed.some(({ epoch, site }) => seen.epoch === epoch && (site === undefined || seen.site === site));
  if (fits) return HOLDS;
  const list = allowed.map(({ epoch, site }) => (site === undefined ? `${epoch}` : `${epoch} (${site})`)).join(", ");
  return lacking(
    `epoch: diharapkan ${list}, diterima ${seen.epoch} (${seen.site}): keadaan wilayah sudah lain, buat rencana baru`,
    `epoch: expected ${list}, received ${seen.epoch} (${seen.site}): the region has changed, make a new plan`,
  );
}

/** For preconditions of what may only be done by the site that has the new epoch. */
export async function inNewEpoch({ epoch, to }: Course, { lease }: Ports): Promise<Held> {
  return otherEpoch(await lease.seen(), [{ epoch: epoch + 1, site: to }]);
}

/** A fact that a step before must have left, as text; undefined where that step was skipped. */
export function factOf({ facts }: StepContext, step: string, name: string): string | undefined {
  const value = facts[step]?.[name];
  return typeof value === "string" ? value : undefined;
}

export type Program = StepProgram;
