import { expect, it } from "vitest";
import { Findings } from "../drill/course.ts";
import { partOf } from "../room/application.ts";
import type { DrillReport, RunOrder } from "../wire.ts";
import type { Work } from "../work.ts";
import { addFiles } from "./whole.ts";

const copy = {
  id: "d",
  target: "mariadb:php",
  type: "full",
  at: "2026-03-01T00:00:00Z",
  bytes: 10,
  needs: [],
} as const;
const proof = { proof: "files", at: copy.at, sha256: "a", entries: 1, bytes: 1 } as const;
const order: RunOrder = {
  ...{ id: "r", target: "application:ppid", action: "drill", engine: "application", standby: false, choice: "oldest" },
  ...{ copy, proof, class: "base" },
  parts: [{ target: "mariadb:php", engine: "mariadb-backup", copy, apartSeconds: 0 }],
};
const work: Work = {
  order,
  signal: new AbortController().signal,
  now: () => new Date(0),
  seconds: () => 0,
  awaited: () => false,
  phase: () => {},
};

const report = (proven: DrillReport["proven"]): DrillReport => ({
  ...{ report: "drill", copy, proven, passed: true, restoredTo: copy.at, bytes: 7, rtoSeconds: 3, left: [] },
  seconds: { find: 0, fetch: 3, restore: 0, replay: 0, prove: 2 },
  compared: [{ name: "manifest.json", same: true, expected: "a", received: "a" }],
  checks: [{ name: "git fsck", ok: false, detail: "x" }],
});

it("adds up what was found of the database and of the files, each under its own name", () => {
  const findings = new Findings(work, copy);
  Object.assign(findings, {
    proven: "exactly",
    bytes: 100,
    rtoSeconds: 10,
    compared: [{ name: "ppid.wp_posts", same: true, expected: "b", received: "b" }],
  });
  addFiles(findings, "files:ppid", report("exactly"));
  expect(findings).toMatchObject({ proven: "exactly", bytes: 107, rtoSeconds: 13, seconds: { fetch: 3, prove: 2 } });
  expect(findings.compared.map(({ name }) => name)).toEqual(["ppid.wp_posts", "files:ppid: manifest.json"]);
  expect(findings.checks).toEqual([{ name: "files:ppid: git fsck", ok: false, detail: "x" }]);
});

it("proves no more than the less proven of both", () => {
  for (const [database, files, both] of [
    ["exactly", "sentinel", "sentinel"],
    ["nothing", "exactly", "nothing"],
    ["sentinel", "exactly", "sentinel"],
  ] as const) {
    const findings = new Findings(work, copy);
    findings.proven = database;
    addFiles(findings, "files:ppid", report(files));
    expect(findings.proven).toBe(both);
  }
});

it("a part is ordered as if by itself, with nothing of the other's", () => {
  const files = { ...copy, id: "f", target: "files:ppid" };
  const { order: own } = partOf(work, { target: "files:ppid", engine: "restic", copy: files, apartSeconds: -5 });
  expect(own).toEqual({
    ...{
      id: "r",
      target: "files:ppid",
      action: "drill",
      engine: "restic",
      standby: false,
      choice: "oldest",
      copy: files,
    },
  });
  const base = { ...files, class: "monthly" } as const;
  expect(partOf(work, { target: "p", engine: "pgbackrest", copy: base, proof, apartSeconds: 0 }).order).toMatchObject({
    class: "monthly",
    proof,
  });
});
