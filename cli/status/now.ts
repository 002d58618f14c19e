/** How the region is now. */
import { systemClock } from "../../io/clock.ts";
import type { Model } from "../../model/types.ts";
import { readToolchain } from "../../scripts/toolchain.ts";
import { engineOf } from "../engine.ts";
import { assembleStatus } from "./assemble.ts";
import { observe } from "./observe.ts";
import type { Status } from "./types.ts";

export async function statusNow(model: Model): Promise<Status> {
  const toolchain = await readToolchain();
  return assembleStatus(model, await observe(model, { engine: engineOf, now: systemClock.now, toolchain }));
}
