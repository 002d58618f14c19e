import { describe, expect, it } from "vitest";
import { readInventory } from "../../io/inventory.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { deriveModel, parseInventory } from "../index.ts";
import type { Model, SiteModel } from "../types.ts";
import { copiesOf, copyDoors } from "./copies.ts";

async function lab(): Promise<Model> {
  const parsed = parseInventory(await readInventory(REPOSITORY, "lab"));
  if (!parsed.ok) throw new Error("the lab's inventory is invalid");
  return deriveModel(parsed.inventory);
}

describe("copies of the lab", () => {
  it("are its buckets but for those that each site keeps for itself, uploads and repositories, each with its RPO", async () => {
    const model = await lab();
    const copies = copiesOf(model);
    const buckets = model.objects?.buckets ?? [];
    const own = buckets.filter(({ copied }) => copied === false).map(({ id }) => `objects:${id}`);
    expect(own.length).toBeGreaterThan(0);
    for (const id of own) expect(copies.map((one) => one.id)).not.toContain(id);
    expect(copies.filter(({ id }) => id.startsWith("objects:"))).toHaveLength(buckets.length - own.length);
    expect(copies.map(({ id }) => id)).toEqual(expect.arrayContaining(["files:ppid", "files:pengetahuan", "code"]));
    for (const { rpoSeconds } of copies) expect(rpoSeconds).toBeGreaterThan(0);
  });

  it("have a door each at both sites; an application's at the other site is come to through that site's gateway", async () => {
    const model = await lab();
    const [dc, drc] = model.sites as unknown as readonly [SiteModel, SiteModel];
    const workloads = [...new Set(copiesOf(model).map(({ workload }) => workload))].sort();
    for (const [site, isOwn] of [
      [dc, true],
      [drc, false],
    ] as const) {
      const doors = copyDoors(model, site, isOwn);
      expect(doors.map(({ workload }) => workload).sort()).toEqual(workloads);
      for (const { kind, address, passed, host } of doors) {
        expect(passed).toBe(!isOwn && kind === "application");
        const gateway = site.workloads.find((one) => one.kind === "gateway")?.backboneAddress;
        if (passed) expect(address).toBe(gateway);
        else expect(address).not.toBe(gateway);
        expect(host).toContain(`.${site.id}.`);
      }
    }
  });

  it("are none in a region of one site", async () => {
    const model = await lab();
    expect(copiesOf({ ...model, sites: model.sites.slice(0, 1) })).toEqual([]);
  });
});
