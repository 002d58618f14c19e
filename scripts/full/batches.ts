/** The long tests, which may take hours: a batch is a command that proves something by its exit code. Later work adds a line. */
export interface Batch {
  readonly name: string;
  readonly about: string;
  readonly words: readonly [string, ...string[]];
  /** Added to the environment: `LUMBUNG_FULL=1` has what the gate skips tried as well. */
  readonly env?: Readonly<Record<string, string>>;
}

function vitest(config: string, ...files: readonly string[]): readonly [string, ...string[]] {
  return [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--config", config, ...files];
}

/** The lab raised, these files of its story, and the lab taken down. */
function story(...files: readonly string[]): Pick<Batch, "words" | "env"> {
  const parts = ["10-status", ...files, "90-down"].map((name) => `tests/lab/${name}.`);
  return { words: vitest("vitest.long.config.ts", ...parts), env: { LUMBUNG_FULL: "1" } };
}

function withEnv(
  batch: Pick<Batch, "words" | "env">,
  env: Readonly<Record<string, string>>,
): Pick<Batch, "words" | "env"> {
  return { ...batch, env: { ...batch.env, ...env } };
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
    words: vitest("vitest.faults.config.ts", "tests/faults/backups/"),
  },
  {
    name: "faults-epoch",
    about: "the epoch store of three members: stopped, paused, cut and restored from older copies at seeded moments",
    words: vitest("vitest.faults.config.ts", "tests/faults/epoch/"),
  },
  {
    name: "faults-guards",
    about:
      "two sites under real guards: killed, frozen, without a majority, switched over and failed over by their orders",
    words: vitest("vitest.faults.config.ts", "tests/faults/guards/"),
    env: { LUMBUNG_FULL: "1" },
  },
  {
    name: "faults-sync",
    about:
      "a PostgreSQL server that is declared sync: the active site is killed while clients write, and nothing that was acknowledged is missing",
    words: vitest("vitest.faults.config.ts", "tests/faults/sync/"),
  },
  {
    name: "faults-cuts",
    about:
      "networks cut between two living sites, 50 times (LUMBUNG_CUTS, LUMBUNG_SEED), guards that heed no deadline, an older majority, and what wakes up",
    words: vitest("vitest.faults.config.ts", "tests/faults/cuts/"),
  },
  {
    name: "faults-pairs",
    about:
      "bad luck alone and in pairs while both sites live, 40 rounds (LUMBUNG_PAIRS, LUMBUNG_SEED; LUMBUNG_ROUND for one of them): killed, stopped, switched off, cut, poor, full and lagging, and guards that heed no deadline",
    words: vitest("vitest.faults.config.ts", "tests/faults/pairs/"),
  },
  {
    name: "applications",
    about: "drills of whole applications in containers of their own: what is missing, altered or blank is found",
    words: vitest("vitest.long.config.ts", "tests/lab/images-backup-whole"),
  },
  {
    name: "images",
    about: "object store and backups in containers of their own: every refusal, every restore",
    words: vitest("vitest.long.config.ts", "tests/lab/images-objects.", "tests/lab/images-backup."),
  },
  {
    name: "backups",
    about:
      "every target drilled at each site, and full coverage; each copy of the recovery site's restored with the data centre gone; then a copy to take away, the lab wiped, and everything brought back from it",
    ...story("48-backups", "50-recovery-alone", "80-export"),
  },
  { name: "rotation", about: "every secret rotated, the root and a zone's keys too", ...story("47-rotation") },
  {
    name: "changes",
    about:
      "a data volume removed by hand, agencies merged, an auditor taken out, images changed and changed back under load, power lost in every way, `up` cut short",
    ...story("40-drift", "61-changes", "62-auditor", "65-upgrade", "66-power", "70-bad-luck"),
  },
  {
    name: "switchovers",
    about:
      "there and back ten times under the ledger, the data centre lost and given back its role, ops killed in each step",
    ...withEnv(story("76-switchover", "77-failover", "78-runbook-kills"), { LUMBUNG_SWITCHOVERS: "10" }),
  },
  {
    name: "busy",
    about: "the data centre lost in the middle of a backup, a drill, a change of schema and `up`",
    ...story("78-failover-busy"),
  },
  {
    name: "mutants",
    about:
      "running sites broken duty by duty: probes see it, the duty turns red and no other, and it is as before once mended",
    ...story("79-mutants"),
  },
];
