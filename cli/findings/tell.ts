/**
 * The follow-up of a finding, told to `ops` of a site, which has it signed there; the signers copy each other's records, so it is at both
 * sites soon after. The first site that takes it is enough. Where none does nothing is changed, and what was typed is said back.
 */
import { LumbungError, outOfReach } from "../../io/errors.ts";
import type { Language } from "../../model/index.ts";
import type { SiteModel, Text } from "../../model/types.ts";
import type { ToldFinding } from "../../services/ops/findings/told.ts";
import type { Recorded } from "../../services/ops/told/records.ts";
import type { AskOps } from "../backup/ask-ops.ts";

export interface TakenBy extends Recorded {
  readonly site: string;
}

/** @param command what would say it again @throws LumbungError (3) where no site takes it, with why not, one by one */
export async function tellFinding(
  ask: AskOps,
  sites: readonly SiteModel[],
  told: ToldFinding,
  command: string,
): Promise<TakenBy> {
  const reasons: Text[] = [];
  for (const site of sites) {
    const taken = await toldTo(ask, site, told);
    if ("waits" in taken) return { site: site.id, ...taken };
    reasons.push(taken);
  }
  const list = (language: Language): string => reasons.map((one) => `\n  ${one[language]}`).join("");
  throw outOfReach(
    {
      id: `tindak lanjut ini TIDAK tercatat; tidak ada yang berubah:${list("id")}`,
      en: `this follow-up is NOT recorded; nothing has changed:${list("en")}`,
    },
    { id: `ulangi bila situs terjangkau: ${command}`, en: `say it again when a site can be reached: ${command}` },
  );
}

/** What became of it there, or why it was not taken. */
async function toldTo(ask: AskOps, site: SiteModel, told: ToldFinding): Promise<Recorded | Text> {
  const because = (why: string): Text => ({ id: `${site.id}: ${why}`, en: `${site.id}: ${why}` });
  try {
    const { code, text } = await ask(site, ["finding"], JSON.stringify(told));
    if (code !== 0) return because(text);
    const recorded = JSON.parse(text) as Recorded;
    return recorded.id === null && !recorded.waits ? because(recorded.why ?? "") : recorded;
  } catch (error) {
    if (error instanceof LumbungError && error.exitCode === 3) return error.text;
    throw error;
  }
}

/** As a shell reads it back. */
export const commandOf = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
