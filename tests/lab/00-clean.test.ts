/** Whatever an earlier run left half-way, the tests begin with no lab. */
import { expect, test } from "vitest";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";

test("down removes what is there, whole or broken", async () => {
  await lumbungWell(["down", "--region", REGION, "--confirm", REGION]);
  expect(await engine.listContainers({ "id.lumbung.region": REGION })).toEqual([]);
});
