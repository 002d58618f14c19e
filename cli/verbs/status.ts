import { modelOf } from "../context.ts";
import type { Options } from "../options.ts";
import { allWell } from "../status/assemble.ts";
import { statusNow } from "../status/now.ts";
import { renderStatus } from "../status/render.ts";

/** Exit code 0: all is well; 1: something is not. */
export async function status(options: Options): Promise<number> {
  const model = await modelOf(options);
  const result = await statusNow(model);
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : renderStatus(result));
  return allWell(result) ? 0 : 1;
}
