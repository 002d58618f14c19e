import { type Assessment, assess, type FollowUp, followUps, rolesOf } from "../../compliance/index.ts";
import { systemClock } from "../../io/clock.ts";
import { wrongUse } from "../../io/errors.ts";
import type { Inventory } from "../../model/index.ts";
import { didYouMean } from "../../model/suggest.ts";
import { text } from "../../model/text.ts";
import type { ToldFinding } from "../../services/ops/findings/told.ts";
import { type AskOps, askOpsOf } from "../backup/ask-ops.ts";
import { sitesOf } from "../backup/sites.ts";
import { gather } from "../check/gather.ts";
import { whoAsks } from "../copies/restore-record.ts";
import { engineOf } from "../engine.ts";
import { findingsText, findingText } from "../findings/render.ts";
import { commandOf, type TakenBy, tellFinding } from "../findings/tell.ts";
import { followUpOf } from "../findings/words.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { allWrong, type Wrong, wrong } from "../wrong.ts";

/**
 * What is amiss, and what became of it: `list` (open ones; `--all`: closed ones too), `show <finding>`, `update <finding>`, which has a
 * word of follow-up signed at the sites. `ask`: how a site is asked; default: in its container.
 * Exit codes: 0 done; 2 wrong use, with all that is wrong; 3 no site took the word: then nothing has changed.
 */
export async function finding(options: Options, ask?: AskOps): Promise<number> {
  const [what, id, ...rest] = options.words;
  if (rest.length === 0) {
    if ((what === "list" || what === undefined) && id === undefined) return list(options);
    if (what === "show" && id !== undefined) return show(options, id);
    if (what === "update") return update(options, id, ask);
  }
  throw wrongUse(
    {
      id: `"finding ${options.words.join(" ")}" tidak dikenal`,
      en: `"finding ${options.words.join(" ")}" is not known`,
    },
    {
      id: "finding list [--all], finding show <temuan>, finding update <temuan> --status <kata> --note <catatan> --by <peran>",
      en: "finding list [--all], finding show <finding>, finding update <finding> --status <word> --note <note> --by <role>",
    },
  );
}

async function list(options: Options): Promise<number> {
  const { region, at, findings, evidence } = assess(await gather(options));
  const items = findings.filter(({ closedAt }) => options.all === true || closedAt === null);
  if (options.json) process.stdout.write(`${JSON.stringify({ region: region.id, at, items }, null, 2)}\n`);
  else process.stdout.write(findingsText(items));
  if (evidence.reason) process.stderr.write(`! ${say(evidence.reason)}\n`);
  return 0;
}

async function show(options: Options, id: string): Promise<number> {
  const assessment = assess(await gather(options));
  const found = assessment.findings.find((one) => one.id === id);
  if (found === undefined) throw allWrong("finding show", [noFinding(id, assessment)]);
  process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : findingText(found));
  return 0;
}

async function update(options: Options, id: string | undefined, given?: AskOps): Promise<number> {
  const input = await gather(options);
  const { told, problems } = updateOf(options, id, {
    assessment: assess(input),
    inventory: input.inventory,
    now: systemClock.now(),
  });
  if (told === undefined) throw allWrong("finding update", problems);
  const { finding: about, word, note, by } = told;
  const again = ["lumbung", "finding", "update", about, "--region", input.model.region.id];
  const command = commandOf([...again, "--status", word, "--by", by, "--note", note]);
  const ask = given ?? askOpsOf(input.model.region.id, engineOf);
  const taken = await tellFinding(ask, sitesOf(options, input.model), told, command);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ finding: about, word, by, at: told.at, site: taken.site, evidence: taken.id, waits: taken.waits })}\n`
      : takenText(told, taken),
  );
  return 0;
}

interface Known {
  readonly assessment: Pick<Assessment, "findings" | "evidence">;
  readonly inventory: Pick<Inventory, "roles">;
  readonly now: Date;
}

/** What is told to the sites, or all that is wrong with it. Exported for its test. */
export function updateOf(
  { status, note, by }: Pick<Options, "status" | "note" | "by">,
  id: string | undefined,
  { assessment, inventory, now }: Known,
): { readonly told?: ToldFinding; readonly problems: readonly Wrong[] } {
  const roles = rolesOf(inventory);
  const word = followUpOf(status ?? "");
  const problems = [
    ...(assessment.findings.some((one) => one.id === id) ? [] : [noFinding(id, assessment)]),
    ...(word ? [] : [wrong("--status", NO_WORD, WORDS, status)]),
    ...(note?.trim() ? [] : [wrong("--note", NO_NOTE, text("apa yang dilakukan", "what was done"), note)]),
    ...(by !== undefined && roles.has(by)
      ? []
      : [wrong("--by", NOBODY, text("peran di roles.yaml", "a role of roles.yaml"), by, didYouMean(by, roles))]),
  ];
  if (problems.length > 0 || id === undefined || word === undefined || note === undefined || by === undefined)
    return { problems };
  const told = { finding: id, word, by, note: note.trim(), at: now.toISOString(), requestedBy: whoAsks() };
  return { told: { id: `finding-${now.getTime()}`, ...told }, problems };
}

function noFinding(id: string | undefined, { findings, evidence }: Known["assessment"]): Wrong {
  const known = findings.map((one) => one.id);
  const hint = didYouMean(id, known) ?? evidence.reason ?? undefined;
  return wrong(
    "<finding>",
    NO_FINDING,
    text("id dari `finding list --all`", "an id of `finding list --all`"),
    id,
    hint,
  );
}

function takenText({ finding: about, word }: ToldFinding, { site, id, why }: TakenBy): string {
  const said = `${about}: ${say(followUps[word as FollowUp])}`;
  if (id === null)
    return `${said}; ${say({ id: `belum ditandatangani, menunggu di ops ${site}: ${why}`, en: `not signed yet, waits at ops of ${site}: ${why}` })}\n`;
  return `${said}; ${say({ id: `tercatat dan ditandatangani di ${site}, disalin ke situs lain`, en: `recorded and signed at ${site}, copied to the other site` })}: ${id}\n`;
}

const NO_FINDING = text("temuan ini tidak ada", "there is no such finding");
const NO_WORD = text("bukan kata tindak lanjut", "no word of follow-up");
const WORDS = text(
  Object.values(followUps)
    .map(({ id }) => id)
    .join(", "),
  Object.values(followUps)
    .map(({ id }) => id)
    .join(", "),
);
const NO_NOTE = text("tanpa catatan", "without a note");
const NOBODY = text("dikatakan oleh bukan siapa-siapa", "said by nobody");
