/**
 * Run in the container of backup-whole-stand.ts: founds an application's database and files, takes copies of them into repositories beside it,
 * and has the drill room do what it is ordered. Told on standard input, as JSON; prints the answer.
 *   {"do": "found", "application": "wordpress" | "mediawiki" | "pengaduan"}   prints the parts of an order
 *   {"do": "alter", "application": …, "sql": …}                              changes the source and copies its database again: prints that part
 *   {"do": "spoil", "file": …}                                               copies the files again, without one that their list names
 *   {"do": "drill", "order": RunOrder}                                       prints the report
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { parseConfig, paths } from "../../../services/backup/config.ts";
import { performInRoom } from "../../../services/backup/room/perform.ts";
import type { OrderPart, RunOrder } from "../../../services/backup/wire.ts";
import type { Work } from "../../../services/backup/work.ts";
import { alterPostgres, foundMediawiki, foundPengaduan } from "./backup-whole-postgres.ts";
import { workOf } from "./backup-whole-source.ts";
import { alterWordpress, foundWordpress, spoilUploads } from "./backup-whole-wordpress.ts";

export type Command =
  | { readonly do: "found"; readonly application: "wordpress" | "mediawiki" | "pengaduan" }
  | { readonly do: "alter"; readonly application: "wordpress" | "mediawiki" | "pengaduan"; readonly sql: string }
  | { readonly do: "spoil"; readonly file: string }
  | { readonly do: "drill"; readonly order: RunOrder };

async function perform(command: Command): Promise<unknown> {
  const work = workOf();
  switch (command.do) {
    case "found":
      return founders[command.application](work);
    case "alter":
      return command.application === "wordpress"
        ? alterWordpress(work, command.sql)
        : alterPostgres(command.application, command.sql);
    case "spoil":
      return spoilUploads(work, command.file);
    case "drill": {
      const config = parseConfig(readFileSync(`${paths.config}/backup.json`, "utf8"));
      const tls = { ca: "", cert: "", key: "", minVersion: "TLSv1.3" } as const;
      return performInRoom(workOf(command.order), { config, tls });
    }
  }
}

const founders: Readonly<Record<"wordpress" | "mediawiki" | "pengaduan", (work: Work) => Promise<OrderPart[]>>> = {
  wordpress: foundWordpress,
  mediawiki: foundMediawiki,
  pengaduan: foundPengaduan,
};

console.log(JSON.stringify(await perform(JSON.parse(await text(process.stdin)) as Command)));
