/**
 * `assess`: one assessment of the duties at a site, in a process of its own that `ops` starts on schedule; it takes memory for some seconds and gives it
 * back. Standard input holds a `Question`, standard output an `Answer`, both in JSON. It signs nothing and keeps nothing.
 */

import { readFile, realpath } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { keyRing } from "../../evidence/keys.ts";
import { readOpsFiles } from "../ops/files.ts";
import { peerSigner } from "../signer/ask.ts";
import { assessNow } from "./assess-now.ts";
import type { Material, Question } from "./material.ts";
import { readRecords } from "./read-records.ts";

/** The site's own work comes first. */
const LOWEST = 19;

async function main(): Promise<void> {
  setPriority(LOWEST);
  const folder = await realpath(process.env.LUMBUNG_CONFIG ?? "/config/current");
  const question = JSON.parse(await text(process.stdin)) as Question;
  const { config, tls } = await readOpsFiles(folder);
  if (config.assessments === undefined) throw new Error("assess: expected a configuration with assessments");
  const material = JSON.parse(await readFile(join(folder, "assess.json"), "utf8")) as Material;
  const { address, port, host: name } = config.assessments.signer;
  const now = new Date();
  const { region, site } = config;
  const evidence = await readRecords(peerSigner({ address, port, name, tls, timeoutSeconds: 60 }), {
    ...{ region, site, now, keys: keyRing(material.keys) },
  });
  process.stdout.write(JSON.stringify(assessNow(material, evidence, question, now)));
}

await main();
