/** Zones as the site's own name server has them, transferred with the region's key for that (RFC 5936, RFC 8945). */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths, type Reached } from "../config.ts";
import { must } from "../process.ts";
import { WorkFault } from "../work.ts";
import type { Bringing, Of } from "./types.ts";

export async function bringZones({ source, folder, work }: Bringing<Of<"zones">>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const zone of source.zones) {
    const { stdout } = await must(transferWords(source.from, zone), { signal: work.signal });
    const records = recordsIn(stdout);
    const soa = records.filter((line) => /\sIN\s+SOA\s/.test(line)).length;
    // A transfer begins and ends with the SOA record; one that was cut off or refused does not.
    if (soa < 2)
      throw new WorkFault({
        id: `zona ${zone}: pemindahan tidak utuh (${soa} rekaman SOA): periksa \`lumbung status\``,
        en: `zone ${zone}: the transfer is not whole (${soa} SOA records): see \`lumbung status\``,
      });
    await writeFile(join(folder, `${zone}.zone`), `${records.join("\n")}\n`);
  }
  const names = source.zones.map((zone) => `${zone}.zone`);
  for (const name of await readdir(folder)) if (!names.includes(name)) await rm(join(folder, name));
}

export const transferWords = ({ address, port }: Reached, zone: string): readonly string[] => [
  ...["kdig", `@${address}`, "-p", String(port), "-k", `${paths.config}/transfer.key`, "+noall", "+answer"],
  ...["+timeout=10", "+tcp", zone, "AXFR"],
];

/** Without comments and empty lines. */
export function recordsIn(answer: string): string[] {
  return answer.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
}
