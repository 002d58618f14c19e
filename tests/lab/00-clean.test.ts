/** Whatever an earlier run left, whole or half-way, the tests begin with no lab: no container, volume, network, secret or state. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lumbungHome } from "../../io/home.ts";
import { engine, REGION } from "./support/region.ts";

const label = { "id.lumbung.region": REGION };

test("there is no lab", async () => {
  for (const { Id } of await engine.listContainers(label)) await engine.removeContainer(Id);
  for (const { Name } of await engine.listVolumes(label)) await engine.removeVolume(Name);
  for (const { Id } of await engine.listNetworks(label)) await engine.removeNetwork(Id);
  await rm(join(lumbungHome(), REGION), { recursive: true, force: true });
  expect(await engine.listContainers(label)).toEqual([]);
  expect(await engine.listVolumes(label)).toEqual([]);
  expect(await engine.listNetworks(label)).toEqual([]);
});
