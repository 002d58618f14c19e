/** Repositories that are not as they were written. */
import { describe, expect, it } from "vitest";
import type { BackupReport } from "../../../services/backup/wire.ts";
import { bundlesOf, flip, keysBelow, putBack, remove, truncate, versionsOf, whileAltered } from "./objects.ts";
import { DATABASE, expectFailed, TARGET, type Trial } from "./trial.ts";

/** As written, with a flipped bit, and as put back: under the mark of its deletion all of them are there. */
const GONE_VERSIONS = 3;

export function damage(trial: Trial): void {
  const { stand } = trial;

  describe("a repository that is not as it was written", () => {
    let full: BackupReport;

    it("one flipped bit of a stored bundle: the drill fails and names the backup, reading finds it, the locked version mends it", async () => {
      full = await trial.backup("dc");
      const [bundle = ""] = bundlesOf(trial, "dc", full.copy.id);
      await whileAltered(trial, "dc", bundle, flip, async () => {
        expectFailed(await trial.work("dc", "read-data"), /verify base/, /new full backup.*locked version/);
        await trial.failsToRestore("dc", full, new RegExp(full.copy.id), /damaged in the store/, /new full backup/);
      });
      expect(await trial.work("dc", "read-data")).toMatchObject({ state: "succeeded" });
    }, 600_000);

    it("one object deleted and one cut short: both are told, and the very same copy restores when their locked versions are in force again", async () => {
      const [gone = "", short = gone] = bundlesOf(trial, "dc", full.copy.id);
      expect(short).not.toBe(gone);
      await whileAltered(trial, "dc", gone, remove, async () => {
        expect(await versionsOf(trial, "dc", gone)).toHaveLength(GONE_VERSIONS);
        await trial.failsToRestore("dc", full, new RegExp(full.copy.id), /missing file/, /locked version/);
        expectFailed(await trial.work("dc", "read-data"), /verify base/, /locked version/);
      });
      await whileAltered(trial, "dc", short, truncate, async () => {
        await trial.failsToRestore("dc", full, new RegExp(full.copy.id), /damaged in the store/, /locked version/);
        expectFailed(await trial.work("dc", "read-data"), /locked version/);
      });
      expect(await trial.work("dc", "read-data")).toMatchObject({ state: "succeeded" });
      await trial.restoresExactly("dc", full);
    }, 600_000);

    /**
     * What it takes for a copy to be "of another software" is a format that this pgBackRest does not know. `repo-get` and `repo-put` open and
     * seal with the repository's key, so the list of backups says another format, and is else what it was.
     */
    it("a repository in a format that this pgBackRest does not know is refused, and left as it is", async () => {
      const files = ["backup.info", "backup.info.copy"];
      const alter = (file: string) => `
pg() { pgbackrest --config=$conf --stanza=utama --repo=1 --log-level-console=error "$@"; }
pg repo-get backup/utama/${file} | sed 's/^backrest-format=.*/backrest-format=999/' >/tmp/info
grep -q '^backrest-format=999$' /tmp/info && pg repo-put backup/utama/${file} </tmp/info; rm /tmp/info`;
      for (const file of files) trial.atStore("dc", alter(file));
      try {
        await trial.failsToRestore("dc", full, /expected format \d+ but found 999/, /another version of pgBackRest/);
        expectFailed(
          await trial.work("dc", "full", { class: "base" }),
          /expected format \d+ but found 999/,
          /another version of pgBackRest/,
        );
        expect(stand.copies("dc").unknown).toMatchObject({ [TARGET]: expect.stringContaining("found 999") });
      } finally {
        for (const file of files) await putBack(trial, "dc", `pgbackrest/base/backup/utama/${file}`, 1);
      }
      await trial.restoresExactly("dc", full);
    }, 600_000);

    it("a segment of the log missing in the middle: no drill gets past the gap, and says so; the next full backup is good again", async () => {
      const segment = stand.sql("dc", "postgres", "select pg_walfile_name(pg_current_wal_lsn())");
      for (const from of [20_001, 21_001]) {
        trial.fill(from, from + 999);
        stand.sql("dc", "postgres", "select pg_switch_wal()");
      }
      await trial.archived("dc");
      const behind = await trial.backup("dc", "incremental");
      // A log that one repository lacks is taken from another.
      for (const name of ["base", "monthly"])
        for (const key of keysBelow(trial, "dc", "archive", "", name))
          if (key.includes(`/${segment}-`)) remove(trial, "dc", key);
      await trial.failsToRestore(
        "dc",
        { ...full, ...(behind.proof ? { proof: behind.proof } : {}) },
        new RegExp(full.copy.id),
        /archive does not reach the target/,
        /new full backup/,
      );
      await trial.archived("dc");
      const next = await trial.backup("dc");
      await trial.restoresExactly("dc", next);
      expect(stand.sql("dc", DATABASE, "select count(*) from a")).toBe("22000");
    }, 600_000);
  });
}
