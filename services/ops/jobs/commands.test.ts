import { expect, it } from "vitest";
import { pgbackrestWords, resticWords } from "./commands.ts";
import { jobsOf } from "./from-policies.ts";
import { backup } from "./testing/backup.ts";
import type { Job } from "./types.ts";

const jobs = new Map(jobsOf(backup, "dc").map((job) => [job.id, job]));
const job = (id: string): Job => {
  const found = jobs.get(id);
  if (!found) throw new Error(id);
  return found;
};
const pg = (id: string, standby = false) => pgbackrestWords(job(id), { standby }).join(" ");
const context = {
  site: "dc",
  paths: ["/srv/uploads"],
  retention: { daily: 14, weekly: 8, monthly: 0, yearly: 2 },
  slice: 3,
  slices: 7,
};
const restic = (id: string) => resticWords(job(id), context).join(" ");

it("says each of pgBackRest's jobs in words", () => {
  const base = "pgbackrest --config=/run/backup/pgbackrest.conf --stanza=utama";
  expect(pg("postgresql:utama/full")).toBe(`${base} --repo=1 --type=full --backup-standby=n --no-expire-auto backup`);
  expect(pg("postgresql:utama/differential", true)).toBe(
    `${base} --repo=1 --type=diff --backup-standby=y --no-expire-auto backup`,
  );
  expect(pg("postgresql:utama/incremental")).toContain("--repo=1 --type=incr");
  expect(pg("postgresql:utama/full/monthly")).toContain("--repo=2 --type=full");
  expect(pg("postgresql:utama/full/yearly")).toContain("--repo=3 --type=full");
  expect(pg("postgresql:utama/archive-check")).toBe(`${base} check`);
  expect(pg("postgresql:utama/expire")).toBe(`${base} expire`);
  expect(pg("postgresql:utama/read-data")).toBe(`${base} --repo=1 verify`);
});

it("says each of restic's jobs in words", () => {
  const base = "restic --retry-lock 15m --quiet";
  expect(restic("files:ppid/full")).toBe(`${base} backup --json --host dc --tag files:ppid -- /srv/uploads`);
  expect(restic("files:ppid/expire")).toBe(
    `${base} forget --host dc --tag files:ppid --group-by host,tags --keep-daily 14 --keep-weekly 8 --keep-yearly 2`,
  );
  expect(restic("restic/read-data")).toBe(`${base} check --read-data-subset=3/7`);
});

it("never prunes, which is another identity's, and takes nothing for what it is not", () => {
  for (const id of jobs.keys()) {
    const words = [pgbackrestWords, resticWords].flatMap((wordsOf) => {
      try {
        return wordsOf === pgbackrestWords
          ? pgbackrestWords(job(id), { standby: false })
          : resticWords(job(id), context);
      } catch {
        return [];
      }
    });
    expect(words.join(" ")).not.toMatch(/prune|cipher|password|secret/);
  }
  expect(() => pg("files:ppid/full")).toThrow("expected a job of postgresql:<server>, received files:ppid/full");
  expect(() => pg("postgresql:utama/extend-locks")).toThrow("none of pgBackRest's");
  expect(() => restic("drill")).toThrow("none of restic's");
});
