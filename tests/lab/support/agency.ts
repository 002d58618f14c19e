/** An inventory like the lab's, with one agency more. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { REPOSITORY } from "../../../io/repository.ts";
import type { Model } from "../../../model/types.ts";
import { REGION } from "./region.ts";

export const AGENCY_HOST = "disuji.lumbungkab.go.id";

/** Puts it into the folder. Returns the environment in which the command line uses it. */
export async function inventoryWithAgency(model: Model, folder: string): Promise<Record<string, string>> {
  await cp(join(REPOSITORY, "inventory", REGION), join(folder, REGION), { recursive: true });
  const opds = join(folder, REGION, "opd.yaml");
  const opd = parseDocument(await readFile(opds, "utf8"));
  const first = parse(await readFile(opds, "utf8")).opd[1];
  const numbers = model.opds.map(({ number }) => number);
  opd.addIn(["opd"], {
    ...first,
    id: "disuji",
    number: Math.max(...numbers) + 1,
    name: "Dinas Pengujian",
    shortName: "Disuji",
    aliases: [],
  });
  await writeFile(opds, String(opd));
  const zones = join(folder, REGION, "zones.yaml");
  const zone = parseDocument(await readFile(zones, "utf8"));
  zone.addIn(["subdomains"], {
    host: AGENCY_HOST,
    owner: "disuji",
    opd: "disuji",
    decree: { number: "800/99/DISKOMINFO/2026", date: "2026-01-02" },
    expires: "2031-01-01",
  });
  await writeFile(zones, String(zone));
  // A mandatory duty: an agency without a device on record is refused.
  const assets = join(folder, REGION, "assets.yaml");
  const asset = parseDocument(await readFile(assets, "utf8"));
  const like = parse(await readFile(assets, "utf8")).assets.find(({ opd }: { opd: string }) => opd === first.id);
  asset.addIn(["assets"], { ...like, id: "rt-disuji", name: "Perute Disuji", opd: "disuji" });
  await writeFile(assets, String(asset));
  return { LUMBUNG_INVENTORY: folder };
}
