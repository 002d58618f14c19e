/** It shows 5: with the DC's stack and containers gone, `pulumi up` on lab-drc works. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lumbungHome } from "../../io/home.ts";
import { run } from "../../io/shell.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";
import { pulumi } from "./support/shell.ts";

const home = join(lumbungHome(), REGION, "dc");
const away = `${home}.away`;

beforeAll(async () => {
  const containers = await engine.listContainers({ "id.lumbung.region": REGION, "id.lumbung.site": "dc" });
  await run(["docker", "rm", "--force", ...containers.map(({ Id }) => Id)]);
  await rename(home, away);
});

afterAll(async () => {
  await rename(away, home);
  await lumbungWell(["up", "--region", REGION]);
});

test("nothing of the DC is there: no container, no state, no secrets", async () => {
  expect(await engine.listContainers({ "id.lumbung.site": "dc" })).toEqual([]);
});

test("pulumi up on lab-drc works, and really changes something", async () => {
  await run(["docker", "rm", "--force", "lab-drc-web"]);
  const { code, stdout, stderr } = await pulumi("drc", [
    "up",
    "--refresh",
    "--yes",
    "--skip-preview",
    "--non-interactive",
  ]);
  expect(code, stderr + stdout).toBe(0);
  expect((await engine.inspectContainer("lab-drc-web"))?.State.Running).toBe(true);
});
