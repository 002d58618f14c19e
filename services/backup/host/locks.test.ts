import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rememberLocks, wantedUntil } from "./locks.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-11-25T00:00:00Z");
const locking = {
  prefix: "pgbackrest/yearly/backup/utama/",
  needed: [{ id: "A", classes: ["yearly" as const], until: "2031-12-31T17:00:00.000Z" }],
  belongsTo: (key: string) => key.slice("pgbackrest/yearly/backup/utama/".length).split("/")[0],
};

test("everything in force is held for as long as the bucket says, from now", () => {
  expect(wantedUntil("pgbackrest/yearly/backup/utama/backup.info", locking, now, 35)).toBe(now + 35 * DAY);
});

test("a backup in a class of its own is held until the class lets it go", () => {
  expect(wantedUntil("pgbackrest/yearly/backup/utama/A/pg_data/base", locking, now, 35)).toBe(
    Date.parse("2031-12-31T17:00:00Z"),
  );
});

test("a class that ends sooner makes no lock shorter", () => {
  const soon = { ...locking, needed: [{ id: "A", classes: [], until: "2026-11-26T00:00:00.000Z" }] };
  expect(wantedUntil("pgbackrest/yearly/backup/utama/A/x", soon, now, 35)).toBe(now + 35 * DAY);
});

test("targets that share a repository remember its locks at once, and neither fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "locks-"));
  try {
    const locks = new Map([["restic/data/aa\tnull", now]]);
    await Promise.all(Array.from({ length: 20 }, () => rememberLocks("restic/", locks, folder)));
    expect(await readdir(folder)).toEqual(["restic-"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
