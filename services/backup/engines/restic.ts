/** restic's words, and what it answers: one repository for a site. Password and credentials are files that the settings name. */
import { readFileSync } from "node:fs";
import { paths } from "../config.ts";
import { must, type ProcessOptions, type Said } from "../process.ts";
import type { Copy } from "../wire.ts";

/** How long a lock that another run holds is waited for. */
const LOCK_WAIT = "15m";

const base = (readOnly: boolean): readonly string[] =>
  readOnly ? ["restic", "--no-lock"] : ["restic", "--retry-lock", LOCK_WAIT];

/** What a snapshot is marked with: what it is of, what kind it is, and what it rests on. */
export interface Marks {
  readonly target: string;
  /** `archive`: binary logs, which are no copy by themselves. */
  readonly type: Copy["type"] | "archive";
  readonly needs?: readonly string[];
  /** Of a physical copy of MariaDB: where in the log an incremental one on it begins, and of which data folder it is. */
  readonly lsn?: string;
  readonly lineage?: string;
}

/** @param at state of the data, ISO 8601 in UTC: it becomes the snapshot's time. */
export function backupWords(
  site: string,
  { target, type, needs = [], lsn, lineage }: Marks,
  at: string,
  folder: string,
): string[] {
  const tags = [
    target,
    `type=${type}`,
    ...needs.map((id) => `needs=${id}`),
    ...(lsn ? [`lsn=${lsn}`] : []),
    ...(lineage ? [`lineage=${lineage}`] : []),
  ];
  return [
    ...base(false),
    ...["backup", "--json", "--host", site, "--time", at.slice(0, 19).replace("T", " "), "--no-scan"],
    ...tags.flatMap((tag) => ["--tag", tag]),
    ...["--", folder],
  ];
}

export const forgetWords = (ids: readonly string[]): string[] => [...base(false), "forget", "--json", ...ids];

export const pruneWords = (): string[] => [...base(false), "prune", "--max-unused", "10%"];

export const checkWords = (slice: number, slices: number): string[] => [
  ...base(false),
  "check",
  `--read-data-subset=${slice}/${slices}`,
];

export const snapshotsWords = (readOnly: boolean, target?: string): string[] => [
  ...base(readOnly),
  "snapshots",
  "--json",
  ...(target === undefined ? [] : ["--tag", target]),
];

/** Of one folder of a snapshot, whose path begins where it was backed up. */
export const restoreWords = (id: string, from: string, to: string): string[] => [
  ...base(true),
  ...["restore", `${id}:${from}`, "--target", to, "--json"],
];

export const initWords = (): string[] => [...base(false), "init"];

/** One that two runs began at once ends at once. */
export const unlockWords = (): string[] => ["restic", "unlock"];

/** Settings of `restic.env`, which components/backup renders: `KEY=value` lines, none of them secret. */
export function resticEnvironment(): Readonly<Record<string, string>> {
  const lines = readFileSync(`${paths.config}/restic.env`, "utf8").split("\n");
  return Object.fromEntries(lines.filter((line) => line !== "").map((line) => splitOnce(line)));
}

const splitOnce = (line: string): [string, string] => [
  line.slice(0, line.indexOf("=")),
  line.slice(line.indexOf("=") + 1),
];

/** What it packs lies on the volume until it is stored: `/tmp` is memory, and holds no single pack. How far it is, it tells once a second, not 60 times. */
const OWN_SETTINGS = { TMPDIR: paths.cache, RESTIC_PROGRESS_FPS: "1" } as const;

/** Runs restic. @throws ProcessError. */
export const restic = (words: readonly string[], options: ProcessOptions = {}): Promise<Said> =>
  must(words, { ...options, env: { ...OWN_SETTINGS, ...resticEnvironment(), ...options.env } });

export interface Snapshot {
  readonly id: string;
  readonly time: string;
  readonly paths: readonly string[];
  readonly tags?: readonly string[];
  readonly hostname: string;
  readonly summary?: { readonly total_bytes_processed?: number };
}

/** Snapshots that are copies by themselves, oldest first. @throws where restic's answer is none. */
export function copiesIn(answer: string): Copy[] {
  return snapshotsIn(answer).flatMap((snapshot): Copy[] => {
    const { target, type, needs = [] } = marksOf(snapshot);
    if (type === "archive" || target === "") return [];
    const bytes = snapshot.summary?.total_bytes_processed ?? 0;
    return [{ id: snapshot.id, target, type, at: new Date(snapshot.time).toISOString(), bytes, needs }];
  });
}

export function snapshotsIn(answer: string): Snapshot[] {
  const value: unknown = JSON.parse(answer.trim() === "" ? "[]" : answer);
  if (!Array.isArray(value)) throw new Error("restic snapshots: expected a list");
  return (value as Snapshot[]).sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

export function marksOf({ tags = [] }: Pick<Snapshot, "tags">): Marks {
  const valuesOf = (name: string): string[] =>
    tags.flatMap((tag) => (tag.startsWith(`${name}=`) ? [tag.slice(name.length + 1)] : []));
  const target = tags.find((tag) => !tag.includes("=")) ?? "";
  const [lsn] = valuesOf("lsn");
  const [lineage] = valuesOf("lineage");
  return {
    target,
    type: (valuesOf("type")[0] ?? "full") as Marks["type"],
    needs: valuesOf("needs"),
    ...(lsn ? { lsn } : {}),
    ...(lineage ? { lineage } : {}),
  };
}

/** What `restic backup --json` says at its end, and how far it is before. */
export interface Progress {
  readonly message_type?: string;
  readonly snapshot_id?: string;
  readonly total_bytes_processed?: number;
  readonly bytes_done?: number;
  readonly total_bytes?: number;
  readonly bytes_restored?: number;
}

export function progressIn(line: string): Progress | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Progress;
  } catch {
    return undefined;
  }
}
