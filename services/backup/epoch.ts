/**
 * Writes what asks the site's store in one epoch, for the image's `epoch`: below a folder in memory, and never in the configuration, so that a new epoch needs
 * nobody who delivers one. Usage: epoch.mjs EPOCH FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type StoreSecrets, storeFiles } from "../../model/store-keys.ts";
import { paths } from "./config.ts";

const [epoch, folder] = process.argv.slice(2);
if (epoch === undefined || folder === undefined) throw new Error("usage: epoch.mjs EPOCH FOLDER");
const read = (name: string): string => readFileSync(join(paths.config, "store", name), "utf8");
mkdirSync(folder, { recursive: true, mode: 0o700 });
const files = storeFiles(JSON.parse(read("secrets.json")) as StoreSecrets, read("pgbackrest.conf"), Number(epoch));
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
