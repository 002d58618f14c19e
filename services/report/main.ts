/**
 * `report`: the audit report's page of one signed assessment, in a process of its own that `ops` starts when an auditor asks; it takes memory for some
 * seconds and gives it back. Standard input holds a `Question`, standard output an `Answer`, both in JSON. It asks nobody and keeps nothing.
 */
import { setPriority } from "node:os";
import { text } from "node:stream/consumers";
import { pageOf, type Question } from "./page.ts";

/** The site's own work comes first. */
const LOWEST = 19;

setPriority(LOWEST);
process.stdout.write(JSON.stringify(pageOf(JSON.parse(await text(process.stdin)) as Question)));
