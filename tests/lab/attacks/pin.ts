/** Writes corpus.json anew: `npx tsx tests/lab/attacks/pin.ts`, after another version of the core rules or another finding. */
import { writeFile } from "node:fs/promises";
import { fetchedCorpus } from "./fetched.ts";
import { pinning, readPinned, sortedWith } from "./pinned.ts";

const pinned = await readPinned();
const next = pinning(pinned, sortedWith(pinned, await fetchedCorpus()));
await writeFile(new URL("corpus.json", import.meta.url), `${JSON.stringify(next, null, 2)}\n`);
process.stdout.write(`${next.sent.length} of ${next.total} cases are sent\n`);
