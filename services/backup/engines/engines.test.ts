import { describe, expect, test } from "vitest";
import type { Stanza } from "../config.ts";
import { copiesOf, infoWords, pgbackrestWords, whatToDo } from "./pgbackrest.ts";
import { backupWords, copiesIn, forgetWords, marksOf, progressIn, restoreWords, snapshotsWords } from "./restic.ts";

const stanza: Stanza = {
  target: "postgresql:utama",
  name: "utama",
  repositories: [
    { class: "base", number: 1 },
    { class: "monthly", number: 2 },
  ],
  servers: [],
};

describe("pgBackRest", () => {
  test("words of a backup: from the standby where the site is one, and never with expiry", () => {
    expect(pgbackrestWords("utama", { action: "incremental", standby: true })).toEqual([
      "pgbackrest",
      "--config=/run/backup/pgbackrest.conf",
      "--stanza=utama",
      "--repo=1",
      "--type=incr",
      "--backup-standby=y",
      "--no-expire-auto",
      "backup",
    ]);
    expect(pgbackrestWords("utama", { action: "full", class: "yearly", standby: false })).toEqual(
      expect.arrayContaining(["--repo=3", "--type=full", "--backup-standby=n"]),
    );
    expect(() => pgbackrestWords("utama", { action: "drill", standby: false })).toThrow(/none of pgBackRest's/);
  });

  test("copies of both repositories, oldest first, with what each rests on; a damaged one is none", () => {
    const backup = (label: string, stop: number, repo: number, more: object = {}) => ({
      ...{ label, type: "full", error: null, prior: null, reference: null, info: { size: 100 } },
      ...{ timestamp: { start: stop - 10, stop }, lsn: { start: "0/1", stop: "0/2A" } },
      ...{ archive: { start: "000000020000000000000001", stop: "000000020000000000000002" } },
      ...{ database: { "repo-key": repo }, ...more },
    });
    const answer = JSON.stringify([
      {
        name: "utama",
        status: { code: 0, message: "ok" },
        backup: [
          backup("C", 3000, 2),
          backup("A", 1000, 1),
          backup("B", 2000, 1, { type: "incr", prior: "A", reference: ["A"] }),
          backup("X", 2500, 1, { error: true }),
        ],
      },
    ]);
    expect(copiesOf(answer, stanza)).toEqual([
      expect.objectContaining({ id: "A", type: "full", class: "base", at: "1970-01-01T00:16:40.000Z", needs: [] }),
      expect.objectContaining({ id: "B", type: "incremental", needs: ["A"], stopPosition: "0/2A", timeline: 2 }),
      expect.objectContaining({ id: "C", class: "monthly" }),
    ]);
    expect(copiesOf("[]", stanza)).toEqual([]);
  });

  test("a repository that could not be read is none without copies", () => {
    const answer = [
      { name: "utama", backup: [], repo: [{ key: 2, status: { code: 99, message: "[CryptoError] a\nb" } }] },
    ];
    expect(() => copiesOf(JSON.stringify(answer), stanza)).toThrow("repository 2: [CryptoError] a; b");
    const none = [{ name: "utama", backup: [], repo: [{ key: 1, status: { code: 2, message: "no valid backups" } }] }];
    expect(copiesOf(JSON.stringify(none), stanza)).toEqual([]);
  });

  test("what to do is said for what an operator may meet", () => {
    expect(whatToDo("ERROR: [029]: invalid checksum 'x'")?.en).toMatch(/take a new full backup/);
    expect(whatToDo("ERROR: [051]: database version = 17, system-id 1 do not match")?.en).toMatch(/another cluster/);
    expect(whatToDo("all is well")).toBeUndefined();
    expect(infoWords("utama").at(-1)).toBe("info");
  });
});

describe("restic", () => {
  const snapshot = (id: string, time: string, tags: readonly string[]) => ({
    id,
    time,
    tags,
    paths: ["/s"],
    hostname: "dc",
  });

  test("a snapshot carries what it is of, its kind, and what it rests on", () => {
    const marks = { target: "mariadb:php", type: "incremental", needs: ["abc"], lsn: "123" } as const;
    const words = backupWords("dc", marks, "2026-11-25T01:02:03.456Z", "/staging");
    const tags = words.flatMap((word, index) => (words[index - 1] === "--tag" ? [word] : []));
    expect(marksOf({ tags })).toEqual(marks);
    expect(words).toEqual(expect.arrayContaining(["--time", "2026-11-25 01:02:03", "--host", "dc"]));
    expect(words.slice(-2)).toEqual(["--", "/staging"]);
  });

  test("archives of binary logs are no copies by themselves", () => {
    const answer = JSON.stringify([
      snapshot("b", "2026-11-25T02:00:00Z", ["mariadb:php", "type=archive"]),
      snapshot("c", "2026-11-25T03:00:00Z", ["files:ppid", "type=full"]),
      snapshot("a", "2026-11-25T01:00:00Z", ["mariadb:php", "type=full", "lsn=5"]),
    ]);
    expect(copiesIn(answer).map(({ id, target }) => `${id} ${target}`)).toEqual(["a mariadb:php", "c files:ppid"]);
    expect(copiesIn("")).toEqual([]);
    expect(() => copiesIn("{}")).toThrow(/expected a list/);
  });

  test("who only reads takes no lock", () => {
    expect(snapshotsWords(true)).toEqual(["restic", "--no-lock", "snapshots", "--json"]);
    expect(restoreWords("abc", "/staging/x", "/scratch")).toEqual(
      expect.arrayContaining(["--no-lock", "restore", "abc:/staging/x", "--target", "/scratch"]),
    );
    expect(forgetWords(["a", "b"])).toEqual(["restic", "--retry-lock", "15m", "forget", "--json", "a", "b"]);
  });

  test("progress is read where there is some", () => {
    expect(progressIn('{"message_type":"status","bytes_done":5}')).toMatchObject({ bytes_done: 5 });
    expect([progressIn("using parent"), progressIn("{cut")]).toEqual([undefined, undefined]);
  });
});
