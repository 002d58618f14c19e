/** Memory of assessing 1,000 OPD, 5,000 applications and 50,000 records of evidence that both sites hold, in a process of its own (issue 7: at most 512 MiB). */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PublicEvidenceKey } from "../../../evidence/keys.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import type { Line } from "../../../services/signer/shapes.ts";
import { runProgram } from "../../lab/support/lumbung.ts";
import type { Bench } from "../bench.ts";
import { figureOf } from "../figure.ts";
import { median } from "../statistics.ts";
import { type AssessAnswer, FILES } from "./job.ts";
import { load, madeFiles, madeRecords, manySeen, SIZE } from "./made.ts";

const LIMIT_BYTES = 512 * 2 ** 20;
const ROUNDS = 3;
const CHILD = join(REPOSITORY, "tests", "bench", "assess", "child.ts");

export const assessMemoryBench: Bench = {
  makes: ["assess.memory"],
  measure: async (note) => {
    const folder = await mkdtemp(join(tmpdir(), "lumbung-bench-assess-"));
    try {
      note("inventory and signed records");
      const records = await settle(folder);
      const answers: AssessAnswer[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        note(`round ${round} of ${ROUNDS}`);
        answers.push(await ask(folder, records));
      }
      const most = answers.map(({ mostBytes }) => mostBytes);
      return [
        figureOf({
          name: "assess.memory",
          value: median(most),
          unit: "bytes",
          floor: LIMIT_BYTES,
          against: "512 MiB resident at most, with the load of inventory and evidence",
          bound: 1,
          detail: { ...SIZE, records, most, duties: answers[0]?.duties },
        }),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Writes what the process reads. @returns number of records. */
async function settle(folder: string): Promise<number> {
  const files = madeFiles();
  await mkdir(join(folder, FILES.inventory));
  for (const { name, text } of files) await writeFile(join(folder, FILES.inventory, name), text);
  const region = load(files);
  const out = createWriteStream(join(folder, FILES.records));
  const keys = new Map<string, PublicEvidenceKey>();
  let count = 0;
  for (const { id, bytes, by } of madeRecords(region.model.region.id, manySeen(region))) {
    keys.set(by.site, by.publicKey);
    count += 1;
    const line: Line = { id, content: Buffer.from(bytes).toString("base64") };
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  await writeFile(join(folder, FILES.keys), JSON.stringify([...keys.values()]));
  return count;
}

/** @throws where it failed, or counted less than all: what it took then would mean nothing. */
async function ask(folder: string, records: number): Promise<AssessAnswer> {
  const { code, stdout, stderr } = await runProgram(process.execPath, ["--import", "tsx", CHILD, folder], {});
  if (code !== 0) throw new Error(`assess: exit code ${code}\n${stderr}\n${stdout}`);
  const answer = JSON.parse(stdout) as AssessAnswer;
  if (answer.verified.some((count) => count !== records))
    throw new Error(`assess: expected ${records} verified, received ${answer.verified.join(", ")}`);
  return answer;
}
