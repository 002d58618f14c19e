import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { type DutyChange, modelDigest } from "../../compliance/index.ts";
import { previewSecrets } from "../../custody/provisional.ts";
import { systemClock } from "../../io/clock.ts";
import { commitOf } from "../../io/commit.ts";
import { wrongUse } from "../../io/errors.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { placesOf } from "../../model/places.ts";
import type { Model, Text } from "../../model/types.ts";
import { dutyRefusals, refusalText } from "../../stacks/duties.ts";
import { stackInputs } from "../../stacks/load.ts";
import { stackProgram } from "../../stacks/program.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { openStack } from "../automation.ts";
import { askOpsOf } from "../backup/ask-ops.ts";
import { changesOf, changesText } from "../check/duty-changes.ts";
import { recordDrift } from "../check/record-drift.ts";
import { modelOf } from "../context.ts";
import { type ChangeSummary, previewStack } from "../deploy.ts";
import { engineOf } from "../engine.ts";
import { interruption } from "../interrupt.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { colour, table } from "../output/table.ts";
import { stopText } from "../stops.ts";

interface Preview {
  readonly stack: string;
  readonly changeSummary: ChangeSummary;
  /** Of the region: the same beside each of its stacks. */
  readonly duties: readonly DutyChange[];
}

/**
 * What `up` would change, by stack; with --refresh what changed behind Pulumi's back as well, which --record keeps as evidence. Changes nothing.
 * @throws LumbungError (2) where --record has nothing to keep
 */
export async function preview(options: Options): Promise<number> {
  if (options.record && !options.refresh)
    throw wrongUse({
      id: "--record menyimpan yang dilihat --refresh: berikan keduanya",
      en: "--record keeps what --refresh looks at: give both",
    });
  const model = await modelOf(options);
  const at = systemClock.now().toISOString();
  const parts = [BACKBONE, ...placesOf(model).map(({ id }) => id)].filter(
    (part) => !options.site || part === options.site,
  );
  const { signal, end } = interruption();
  try {
    const inputs = await stackInputs(model);
    const duties = await changesOf(options);
    const tell = (text: Text) => process.stderr.write(`  ! ${say(text)}\n`);
    const secretsOf = previewSecrets(model, { env: process.env, clock: systemClock, tell });
    const previews: Preview[] = [];
    for (const part of parts) {
      const name = `${model.region.id}-${part}`;
      let { secrets, witnessSecrets } = inputs(part);
      const stack = await openStack(model.region.id, part, () =>
        stackProgram({ ...inputs(part), secrets, witnessSecrets }),
      );
      // Opened before the program runs: within it an error would come out as Pulumi's.
      if (part === model.witness?.id) {
        const opened = await secretsOf.witness(() => resourcesOf(stack));
        witnessSecrets = async () => opened;
      } else if (part !== BACKBONE) {
        const opened = await secretsOf.site(part, () => resourcesOf(stack));
        secrets = async () => opened;
      }
      const { summary, output, replaced } = await step(name, () =>
        previewStack(stack, options.refresh ?? false, signal),
      );
      previews.push({ stack: name, changeSummary: summary, duties });
      if (options.json) continue;
      process.stdout.write(output);
      const site = model.sites.find(({ id }) => id === part);
      const stop = site && stopText(model, site, replaced);
      if (stop) process.stdout.write(`${say(stop)}\n\n`);
    }
    process.stdout.write(
      options.json
        ? `${JSON.stringify(previews, null, 2)}\n`
        : `${summaryTable(previews)}\n${changesText(duties)}${await refusalLine(model.region.id)}`,
    );
    if (options.record) process.stderr.write(`${say(await kept(model, previews, at))}\n`);
    return 0;
  } finally {
    end();
  }
}

/** What became of it. @param at before the first resource was looked at */
async function kept(model: Model, previews: readonly Preview[], at: string): Promise<Text> {
  const origin = {
    region: model.region.id,
    at,
    commit: (await commitOf(REPOSITORY)) ?? null,
    inventory: modelDigest(model),
  };
  const found = model.sites.flatMap((site) =>
    previews.filter(({ stack }) => stack === site.stack).map(({ changeSummary: summary }) => ({ site, summary })),
  );
  const records = (await recordDrift(found, origin, askOpsOf(model.region.id, engineOf))).join(", ");
  return { id: `disimpan sebagai bukti: ${records}`, en: `kept as evidence: ${records}` };
}

/** What `up` would refuse; empty where it would not. */
async function refusalLine(region: string): Promise<string> {
  const refusals = await dutyRefusals(region);
  if (refusals.length === 0) return "";
  const head = say({ id: "`up` akan menolak: ", en: "`up` will refuse: " });
  return `${colour("red", `${head}${say(refusalText(refusals))}`)}\n`;
}

/** How many resources the stack's state holds. */
async function resourcesOf(stack: Stack): Promise<number> {
  const { deployment } = await stack.exportStack();
  return deployment?.resources?.length ?? 0;
}

function summaryTable(previews: readonly Preview[]): string {
  const kinds = ["same", "create", "update", "replace", "delete"] as const;
  return table(
    [{ title: say({ id: "tumpukan", en: "stack" }) }, ...kinds.map((title) => ({ title, align: "right" as const }))],
    previews.map(({ stack, changeSummary }) => [stack, ...kinds.map((kind) => String(changeSummary[kind]))]),
  );
}
