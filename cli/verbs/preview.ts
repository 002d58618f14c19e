import { stackInputs } from "../../stacks/load.ts";
import { stackProgram } from "../../stacks/program.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { openStack } from "../automation.ts";
import { modelOf } from "../context.ts";
import { type ChangeSummary, previewStack } from "../deploy.ts";
import { interruption } from "../interrupt.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { table } from "../output/table.ts";
import { stopText } from "../stops.ts";

interface Preview {
  readonly stack: string;
  readonly changeSummary: ChangeSummary;
  readonly duties: readonly [];
}

/** What `up` would change, by stack; with --refresh what changed behind Pulumi's back as well. Changes nothing. */
export async function preview(options: Options): Promise<number> {
  const model = await modelOf(options);
  const parts = [BACKBONE, ...model.sites.map((site) => site.id)].filter(
    (part) => !options.site || part === options.site,
  );
  const { signal, end } = interruption();
  try {
    const inputs = await stackInputs(model);
    const previews: Preview[] = [];
    for (const part of parts) {
      const name = `${model.region.id}-${part}`;
      // Asked for first: within the program its error would come out as Pulumi's.
      if (part !== BACKBONE) await inputs(part).secrets();
      const stack = await openStack(model.region.id, part, () => stackProgram(inputs(part)));
      const { summary, output, replaced } = await step(name, () =>
        previewStack(stack, options.refresh ?? false, signal),
      );
      previews.push({ stack: name, changeSummary: summary, duties: [] });
      if (options.json) continue;
      process.stdout.write(output);
      const site = model.sites.find(({ id }) => id === part);
      const stop = site && stopText(model, site, replaced);
      if (stop) process.stdout.write(`${say(stop)}\n\n`);
    }
    process.stdout.write(options.json ? `${JSON.stringify(previews, null, 2)}\n` : `${summaryTable(previews)}\n`);
    return 0;
  } finally {
    end();
  }
}

function summaryTable(previews: readonly Preview[]): string {
  const kinds = ["same", "create", "update", "replace", "delete"] as const;
  return table(
    [{ title: say({ id: "tumpukan", en: "stack" }) }, ...kinds.map((title) => ({ title, align: "right" as const }))],
    previews.map(({ stack, changeSummary }) => [stack, ...kinds.map((kind) => String(changeSummary[kind]))]),
  );
}
