/** At the end of the lab's story: what all of it took, and that `lumbung down` leaves no container, volume, network or process behind. */
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { memoryBench } from "../bench/memory.ts";
import { quantity } from "../bench/report.ts";
import { eventually } from "./support/eventually.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";

const label = { "id.lumbung.region": REGION };

/** Command lines of the processes that belong to the region: what publishes its addresses, plugins, engines. */
async function processes(): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines
    .map((line) => line.replaceAll("\0", " "))
    .filter((line) => /127\.0\.(10|20|30)\.1|pulumi-resource-|pulumi-language-/.test(line));
}

test("the whole lab, in use for a while, fits into 3 GiB", async () => {
  const [memory] = await memoryBench.measure(() => {});
  process.stdout.write(`memory of all containers: ${quantity(memory?.value ?? Number.NaN, "bytes")}\n`);
  expect(memory).toMatchObject({ name: "lab.memory", ok: true });
});

test("down leaves nothing behind", async () => {
  await lumbungWell(["down", "--region", REGION, "--confirm", REGION]);
  expect(await engine.listContainers(label)).toEqual([]);
  expect(await engine.listVolumes(label)).toEqual([]);
  expect(await engine.listNetworks(label)).toEqual([]);
  // A plugin notices by itself that its engine has ended, and ends.
  const left = await eventually("the end of every process", 30, async () => {
    const running = await processes();
    return running.length === 0 ? running : undefined;
  });
  expect(left).toEqual([]);
});
