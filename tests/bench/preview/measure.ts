/** Previews by turns: our program, then as many bare resources, each in a process of its own; one unmeasured round first. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InventoryFile } from "../../../io/inventory.ts";
import { median } from "../statistics.ts";
import { askPreview } from "./ask.ts";
import type { PreviewAnswer } from "./job.ts";
import { settleRegion } from "./region.ts";

const ROUNDS = 3;

export interface PreviewTimes {
  readonly opds: number;
  readonly applications: number;
  readonly resources: Readonly<Record<string, number>>;
  /** In order of the rounds. */
  readonly ours: readonly PreviewAnswer[];
  readonly bare: readonly PreviewAnswer[];
}

/** The regions by name. All are measured in every round, so that what else the machine does meets all of them. */
export async function measurePreviews(
  regions: Readonly<Record<string, readonly InventoryFile[]>>,
  note: (text: string) => void,
): Promise<Readonly<Record<string, PreviewTimes>>> {
  const folder = await mkdtemp(join(tmpdir(), "lumbung-bench-"));
  try {
    const runs: [string, (note: (text: string) => void) => Promise<void>, PreviewTimes][] = [];
    for (const [name, files] of Object.entries(regions)) {
      note(`${name}: secrets`);
      runs.push([name, ...(await prepare(join(folder, name), files, note))]);
    }
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [name, once] of runs) await once((text) => note(`${name}: round ${round} of ${ROUNDS}: ${text}`));
    }
    return Object.fromEntries(runs.map(([name, , times]) => [name, times]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Settles a region and warms up (the compiled modules on disk, the tools in the page cache); gives what measures one round. */
async function prepare(
  folder: string,
  files: readonly InventoryFile[],
  note: (text: string) => void,
): Promise<[(note: (text: string) => void) => Promise<void>, PreviewTimes]> {
  const { env, region, part, opds, applications } = await settleRegion(folder, files);
  const homes = { ours: join(folder, "ours"), bare: join(folder, "bare") };
  for (const home of Object.values(homes)) await mkdir(home);
  const askOurs = () => askPreview({ home: homes.ours, program: { kind: "region", region, part } }, env);
  note("a first preview, unmeasured");
  const { resources } = await askOurs();
  if (Object.keys(resources).length === 0)
    throw new Error(`preview of ${region}-${part}: expected resources, received none`);
  const askBare = () => askPreview({ home: homes.bare, program: { kind: "bare", resources } }, env);
  await askBare();
  const [ours, bare]: [PreviewAnswer[], PreviewAnswer[]] = [[], []];
  const once = async (say: (text: string) => void) => {
    say("bare");
    bare.push(await askBare());
    say("ours");
    ours.push(await askOurs());
  };
  return [once, { opds, applications, resources, ours, bare }];
}

/** From the start of the program's process until the preview's end; opening the stack is not in it. */
export function totalSeconds({ startSeconds, loadSeconds, previewSeconds }: PreviewAnswer): number {
  return startSeconds + loadSeconds + previewSeconds;
}

/** The median of each part, in seconds: where the time goes. */
export function partsOf(answers: readonly PreviewAnswer[]): Record<string, number> {
  const part = (of: (answer: PreviewAnswer) => number) => median(answers.map(of));
  return {
    startSeconds: part((answer) => answer.startSeconds),
    loadSeconds: part((answer) => answer.loadSeconds),
    previewSeconds: part((answer) => answer.previewSeconds),
    processorSeconds: part((answer) => answer.processorSeconds),
  };
}
