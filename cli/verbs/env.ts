import { BACKBONE } from "../../stacks/stack-name.ts";
import { openStack, partEnvironment } from "../automation.ts";
import { modelOf, siteOption } from "../context.ts";
import type { Options } from "../options.ts";

/** Prints `export` lines for a shell, so that `pulumi preview`, `up`, `refresh` work as any Pulumi user expects. */
export async function env(options: Options): Promise<number> {
  const model = await modelOf(options);
  const other = [BACKBONE, model.witness?.id].find((id) => id !== undefined && id === options.site);
  const part = other ?? siteOption(options, model).id;
  // Pulumi from a shell selects a stack and does not make it.
  await openStack(model.region.id, part, async () => {});
  const variables = { ...(await partEnvironment(model.region.id, part)), PULUMI_STACK: `${model.region.id}-${part}` };
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  }
  return 0;
}
