import { wrongUse } from "../../io/errors.ts";
import { modelOf, regionOf } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";

/** `inventory check`: every problem at once, or a summary of what the inventory declares. */
export async function inventory(options: Options): Promise<number> {
  if (options.words[0] !== "check") {
    throw wrongUse({ id: "maksudnya `lumbung inventory check`?", en: "do you mean `lumbung inventory check`?" });
  }
  const model = await modelOf(options);
  const counts = [
    [say({ id: "situs", en: "sites" }), model.sites.length],
    ["OPD", model.opds.length],
    [say({ id: "aplikasi", en: "applications" }), model.applications.length],
    [say({ id: "  yang berjalan di sini", en: "  that run here" }), model.applications.filter((a) => a.run).length],
    [say({ id: "peladen basis data", en: "database servers" }), model.databaseServers.length],
    [say({ id: "nama yang dilayani", en: "names served" }), model.hosts.length],
    [say({ id: "rekaman zona", en: "zone records" }), model.zones.reduce((sum, zone) => sum + zone.records.length, 0)],
  ] as const;
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ region: model.region.id, ok: true, warnings: model.warnings }, null, 2)}\n`,
    );
    return 0;
  }
  process.stdout.write(
    `${table(
      [
        { title: say({ id: `wilayah ${regionOf(options)}`, en: `region ${regionOf(options)}` }) },
        { title: "", align: "right" },
      ],
      counts.map(([what, count]) => [what, String(count)]),
    )}\n`,
  );
  for (const warning of model.warnings) {
    process.stdout.write(`${colour("yellow", "!")} ${warning.path}: ${say(warning.message)}\n`);
  }
  process.stdout.write(`${colour("green", "✓")} ${say({ id: "inventaris benar", en: "the inventory is valid" })}\n`);
  return 0;
}
