import { spawnSync } from "node:child_process";

export interface Said {
  readonly code: number;
  /** What it wrote to both of its outputs. */
  readonly said: string;
}

/** Runs a program to its end, at most five minutes. */
export function run(program: string, words: readonly string[], input = ""): Said {
  const done = spawnSync(program, words, { input, encoding: "utf8", timeout: 300_000, maxBuffer: 64 * 1024 * 1024 });
  return { code: done.status ?? -1, said: `${done.stdout}${done.stderr}`.trim() };
}
