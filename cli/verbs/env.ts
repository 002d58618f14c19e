import { BACKBONE } from "../../stacks/stack-name.ts";
import { partEnvironment } from "../automation.ts";
import { modelOf, siteOption } from "../context.ts";
import type { Options } from "../options.ts";

/** Prints `export` lines for a shell, so that `pulumi preview`, `up`, `refresh` work as any Pulumi user expects. */
export async function env(options: Options): Promise<number> {
  const model = await modelOf(options);
  const part = options.site === BACKBONE ? BACKBONE : siteOption(options, model).id;
  const variables = { ...(await partEnvironment(model.region.id, part)), PULUMI_STACK: `${model.region.id}-${part}` };
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  }
  return 0;
}
