#!/usr/bin/env node
// The command line's entry: TypeScript is run as it is, so the only thing to do here is to hand it over.
import { existsSync } from "node:fs";

if (!existsSync(new URL("../node_modules/tsx/package.json", import.meta.url))) {
  process.stderr.write(
    "lumbung: paket belum terpasang; jalankan `npm start` (packages are not installed yet; run `npm start`)\n",
  );
  process.exit(3);
}
const { register } = await import("tsx/esm/api");
register();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
