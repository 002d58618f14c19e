/**
 * The signed record of a restore: its beginning and its end are told to `ops` of the site that restores, which has them signed there. Where that
 * is not possible the restore goes on and says so: in an outage, restoring matters more.
 */
import { hostname, userInfo } from "node:os";
import { LumbungError } from "../../io/errors.ts";
import type { SiteModel, Text } from "../../model/types.ts";
import type { ToldRestore } from "../../services/ops/restores/told.ts";
import type { Recorded } from "../../services/ops/told/records.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { say } from "../output/language.ts";

/** What is known before anything is done. */
export type RestorePlan = Omit<ToldRestore, "stage" | "requestedBy" | "result" | "why">;

/** Names of the signed records; null: there is none (yet), which was said on standard error. */
export interface RestoreEvidence {
  readonly begun: string | null;
  readonly ended: string | null;
}

export interface Recording {
  readonly ask: AskOps;
  /** Site that restores. */
  readonly site: SiteModel;
  /** Default: what the operating system says. */
  readonly requestedBy?: ToldRestore["requestedBy"];
}

/** What a restore came to. */
export interface Restored {
  readonly ok: boolean;
  readonly why?: Text | undefined;
}

/** Does the work between two records. @throws what it throws, once that is recorded. */
export async function recorded<T extends Restored>(
  plan: RestorePlan,
  recording: Recording,
  work: () => Promise<T>,
): Promise<T & { readonly evidence: RestoreEvidence }> {
  const { requestedBy = whoAsks() } = recording;
  const tell = (outcome: Pick<ToldRestore, "stage" | "result" | "why">): Promise<string | null> =>
    toldTo(recording, { ...plan, requestedBy, ...outcome });
  const begun = await tell({ stage: "begun", result: null, why: null });
  const done = await work().catch(async (error: unknown) => {
    await tell({ stage: "ended", result: "failed", why: whyOf(error) });
    throw error;
  });
  const result = done.ok ? "succeeded" : "failed";
  const ended = await tell({ stage: "ended", result, why: done.why ?? null });
  return { ...done, evidence: { begun, ended } };
}

/** As the operating system calls them: that proves nothing. A user without a name, as in a container, is told by number. */
export function whoAsks(): ToldRestore["requestedBy"] {
  try {
    return { name: userInfo().username, host: hostname() };
  } catch {
    // Node throws a SystemError where the password database has no such user.
    return { name: `uid ${process.getuid?.() ?? "?"}`, host: hostname() };
  }
}

/** @returns the record's name, or null where it was not signed: then it says why. */
async function toldTo({ ask, site }: Recording, told: ToldRestore): Promise<string | null> {
  try {
    const { code, text } = await ask(site, ["restore"], JSON.stringify(told));
    if (code !== 0) return notRecorded(site, { id: text, en: text });
    const { id, waits, why } = JSON.parse(text) as Recorded;
    if (id === null && !waits) return notRecorded(site, { id: why ?? "", en: why ?? "" });
    if (id === null) warn(WAITS(site, why ?? ""));
    return id;
  } catch (error) {
    if (!(error instanceof LumbungError) || error.exitCode !== 3) throw error;
    return notRecorded(site, error.text);
  }
}

function notRecorded({ id: site }: SiteModel, why: Text): null {
  warn({
    id: `pemulihan ini TIDAK tercatat sebagai bukti di ${site}: ${why.id}; pemulihan diteruskan`,
    en: `this restore is NOT recorded as evidence at ${site}: ${why.en}; the restore goes on`,
  });
  return null;
}

const WAITS = ({ id: site }: SiteModel, why: string): Text => ({
  id: `catatan pemulihan belum ditandatangani, dan menunggu di ops ${site}: ${why}`,
  en: `the record of this restore is not signed yet, and waits at ops of ${site}: ${why}`,
});

function whyOf(error: unknown): Text {
  if (error instanceof LumbungError) return error.text;
  const plain = error instanceof Error ? error.message : String(error);
  return { id: plain, en: plain };
}

function warn(text: Text): void {
  process.stderr.write(`! ${say(text)}\n`);
}
