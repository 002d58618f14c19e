/** Previews by turns: our program, then as many bare resources, each in a process of its own; one unmeasured pair first. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { InventoryFile } from "../../../io/inventory.ts";
import { median } from "../statistics.ts";
import { askPreview } from "./ask.ts";
import type { PreviewAnswer } from "./job.ts";
import { type BenchRegion, settleRegion } from "./region.ts";

const ROUNDS = 3;

export interface PreviewTimes {
  readonly opds: number;
  readonly applications: number;
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
    const all: [string, Pair, PreviewTimes & { ours: PreviewAnswer[]; bare: PreviewAnswer[] }][] = [];
    for (const [name, files] of Object.entries(regions)) {
      note(`${name}: inventory and secrets`);
      const region = await settleRegion(join(folder, name), files);
      const { opds, applications } = region;
      all.push([name, await pairOf(join(folder, name), region), { opds, applications, ours: [], bare: [] }]);
    }
    note("a first pair, unmeasured: compiled modules on disk, tools in the page cache");
    await all[0]?.[1](() => {});
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [name, pair, times] of all) {
        const { ours, bare } = await pair((what) => note(`${name}: round ${round} of ${ROUNDS}: ${what}`));
        times.ours.push(ours);
        times.bare.push(bare);
      }
    }
    return Object.fromEntries(all.map(([name, , times]) => [name, times]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One preview of ours, and one of as many bare resources. */
type Pair = (note: (what: string) => void) => Promise<{ ours: PreviewAnswer; bare: PreviewAnswer }>;

async function pairOf(folder: string, { env, region, part }: BenchRegion): Promise<Pair> {
  const homes = { ours: join(folder, "ours"), bare: join(folder, "bare") };
  for (const home of Object.values(homes)) await mkdir(home);
  return async (note) => {
    note("ours");
    const ours = await askPreview({ home: homes.ours, program: { kind: "region", region, part } }, env);
    const { resources } = ours;
    if (Object.keys(resources).length === 0)
      throw new Error(`preview of ${region}-${part}: expected resources, received none`);
    note("bare");
    const bare = await askPreview({ home: homes.bare, program: { kind: "bare", resources } }, env);
    if (!isDeepStrictEqual(bare.resources, resources))
      throw new Error(
        `bare preview: expected ${JSON.stringify(resources)}, received ${JSON.stringify(bare.resources)}`,
      );
    return { ours, bare };
  };
}

/** From the start of the program's process until the preview's end; opening the stack is not in it. */
export function totalSeconds({ startSeconds, previewSeconds }: PreviewAnswer): number {
  return startSeconds + previewSeconds;
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
