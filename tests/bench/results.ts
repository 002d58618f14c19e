/** `results.json`: the `bench` shape of design.md section 6. Running some benches keeps the figures of the others. */
import { readIfThere, writeAtomically } from "../../io/files.ts";
import type { Figure } from "./figure.ts";

/** Under what a figure was measured: figures of one file may come from several runs. */
export interface Circumstances {
  readonly machine: string;
  /** With `-dirty` where the tree differed from it. */
  readonly commit: string;
  /** ISO 8601 with offset */
  readonly at: string;
  /** Load averages over one minute before and after. Above the number of processors, something else was running. */
  readonly load: readonly [before: number, after: number];
}

export type RecordedFigure = Figure & Circumstances;

export interface Results {
  /** Of the latest run. */
  readonly machine: string;
  readonly commit: string;
  readonly at: string;
  /** In order of name. */
  readonly figures: readonly RecordedFigure[];
}

/** The results with new figures in place of the old ones of the same name; machine, commit and time are those of the new ones. */
export function mergeResults(
  before: Results | undefined,
  figures: readonly Figure[],
  circumstances: Circumstances,
): Results {
  const { machine, commit, at } = circumstances;
  const all = new Map((before?.figures ?? []).map((figure) => [figure.name, figure]));
  for (const figure of figures) all.set(figure.name, { ...figure, ...circumstances });
  return { machine, commit, at, figures: [...all.values()].sort((a, b) => byName(a.name, b.name)) };
}

/** `preview.50` before `preview.200`: numbers count as numbers. */
export function byName(left: string, right: string): number {
  return new Intl.Collator("en", { numeric: true }).compare(left, right);
}

/** @throws where the file is there and is not of this shape. */
export async function readResults(path: string): Promise<Results | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  if (typeof value === "object" && value !== null && "figures" in value && Array.isArray(value.figures))
    return value as Results;
  throw new Error(
    `${path}: expected { machine, commit, at, figures: [...] }, received something else; remove it and run again`,
  );
}

/** Readers see the old file or the new one. */
export async function writeResults(path: string, results: Results): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(results, null, 2)}\n`);
}
