import { systemClock } from "../../io/clock.ts";
import { readToolchain } from "../../scripts/toolchain.ts";
import { modelOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";
import { allWell, assembleStatus } from "../status/assemble.ts";
import { observe } from "../status/observe.ts";
import { renderStatus } from "../status/render.ts";

/** Exit code 0: all is well; 1: something is not. */
export async function status(options: Options): Promise<number> {
  const model = await modelOf(options);
  const observations = await observe(model, {
    engine: engineOf,
    now: systemClock.now,
    toolchain: await readToolchain(),
  });
  const result = assembleStatus(model, observations);
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : renderStatus(result));
  return allWell(result) ? 0 : 1;
}
