/** The long tests, which may take hours: a batch is a command that proves something by its exit code. Later work adds a line. */
export interface Batch {
  readonly name: string;
  readonly about: string;
  readonly words: readonly [string, ...string[]];
}

export const BATCHES: readonly Batch[] = [
  {
    name: "gate",
    about: "everything that `npm test` runs",
    words: [process.execPath, "--import", "tsx", "scripts/gate.ts"],
  },
  {
    name: "faults-backups",
    about: "what breaks backups, with 20 kills (LUMBUNG_KILLS, LUMBUNG_SEED) and a store that is away for long",
    words: [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.faults.config.ts"],
  },
];
