/** Whole applications among what is drilled: their turn, what may not run beside them, what the drill room is ordered, what is told and signed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SiteSecrets } from "../../../custody/types.ts";
import type { BackupReport, Copy, DrillReport, RunOrder } from "../../backup/wire.ts";
import { type JobsFiles, type JobsOptions, type JobsService, startJobs } from "./service.ts";
import { backup } from "./testing/backup.ts";
import { type FakeSite, fakeSite, siteSecrets } from "./testing/site.ts";
import { World } from "./testing/world.ts";
import { ANY, type Job } from "./types.ts";

const MARCH = "2026-02-28T17:00:00Z";
const APPLICATION = { id: "application:ppid", application: "ppid", database: "postgresql:utama", files: "files:ppid" };

const job = (target: string, action: Job["action"], seconds: number): Job => ({
  ...{ id: `${target}/${action}`, target, action, engine: "restic", class: "base" },
  schedule: { kind: "every", seconds, atSeconds: 0 },
});
const DRILL: Job = { ...job(ANY, "drill", 3600), id: "drill" };

describe("in the rotation", () => {
  it("takes its turn with all others", async () => {
    const jobs = [job("postgresql:utama", "full", 86_400), job("files:ppid", "full", 86_400), DRILL];
    const world = new World({ from: MARCH, jobs, applications: [APPLICATION] });
    await world.minutes(60 * 7);
    const drills = world.starts
      .filter(({ action }) => action === "drill")
      .map(({ target, choice }) => `${target} ${choice}`);
    expect(drills.slice(0, 6)).toEqual([
      "postgresql:utama newest",
      "files:ppid newest",
      "application:ppid newest",
      "postgresql:utama oldest",
      "files:ppid oldest",
      "application:ppid oldest",
    ]);
  });

  it("holds what it is restored from: nothing but an archive's check runs on that meanwhile, and it waits for what does", async () => {
    const jobs = [
      job("postgresql:utama", "full", 7200),
      job("files:ppid", "expire", 7200),
      job("postgresql:utama", "archive-check", 300),
      job("zones", "full", 7200),
      DRILL,
    ];
    const long = new World({
      ...{ from: MARCH, jobs, applications: [APPLICATION] },
      copiesOf: (target) => (target === APPLICATION.id ? ["a"] : []),
      secondsOf: ({ action }) => (action === "drill" ? 5 * 3600 : 30),
    });
    // The first backups are under way at the first tick: the drill begins after them.
    await long.minutes(60);
    expect(long.scheduler.underWay.map(({ target }) => target)).toEqual([APPLICATION.id]);
    const [begun] = long.starts.filter(({ action }) => action === "drill");
    const before = long.starts.length;
    await long.minutes(4 * 60);
    const beside = new Set(long.starts.slice(before).map(({ job: name }) => name));
    expect(Date.parse(begun?.at ?? "")).toBeGreaterThan(Date.parse(MARCH));
    expect(beside).toEqual(new Set(["postgresql:utama/archive-check", "zones/full"]));
    await long.minutes(60);
    expect(long.starts.slice(before).map(({ job: name }) => name)).toEqual(
      expect.arrayContaining(["postgresql:utama/full", "files:ppid/expire"]),
    );
  });

  it("is refused while one of its parts is busy, and so are they while it is", async () => {
    const files = job("files:ppid", "full", 86_400);
    const world = new World({ from: MARCH, jobs: [], applications: [APPLICATION], secondsOf: () => 600 });
    expect(await world.scheduler.request(files, "files:ppid")).toHaveProperty("id");
    expect(await world.scheduler.request(DRILL, APPLICATION.id)).toMatchObject({
      en: expect.stringContaining("one run at a time"),
    });
    expect(await world.scheduler.request(DRILL, "zones")).toHaveProperty("id");
    const other = new World({ from: MARCH, jobs: [], applications: [APPLICATION], secondsOf: () => 600 });
    expect(await other.scheduler.request(DRILL, APPLICATION.id)).toHaveProperty("id");
    for (const part of ["files:ppid", "postgresql:utama"])
      expect(await other.scheduler.request(files, part), part).toMatchObject({
        en: expect.stringContaining("one run at a time"),
      });
  });
});

const NOW = Date.parse("2026-03-02T04:00:00Z");
let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
let service: JobsService;

beforeAll(async () => {
  secrets = await siteSecrets();
});

describe("at a site", () => {
  beforeEach(async () => {
    site = await fakeSite(secrets);
    folder = await mkdtemp(join(tmpdir(), "ops-applications-"));
    site.repository.copies = { copies: [...DATABASE, ...FILES], unknown: {} };
    const { config, tls } = site.files;
    const files: JobsFiles = {
      tls,
      config: { ...config, jobs: { ...config.jobs, backups: { ...backup, applications: [APPLICATION] } } },
    };
    service = await startJobs(files, {
      ...{ folder, siteState: () => "active", ticks: "0 0 29 2 *" },
      clock: { now: () => new Date(NOW), monotonicMs: () => 0 },
      log: { info: () => {}, warn: () => {} } as unknown as JobsOptions["log"],
      pause: (_, signal) => new Promise((resolve) => setTimeout(resolve, 2)).then(() => signal.throwIfAborted()),
    });
    await until("copies are listed", () => service.jobs().copiesAt !== null);
  });
  afterEach(async () => {
    await service.close();
    site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const DRILLED = { target: APPLICATION.id, action: "drill" };

  it("the drill room is ordered its database's copy with its proof, and the files that go with the checkpoint", async () => {
    // The checkpoint was made half an hour after the copy, and two hours before the newest copy of the files.
    await backUp("2026-03-02T01:30:00Z");
    expect(await service.begin(DRILLED)).toHaveProperty("id");
    await until("ordered", () => site.room.orders.length === 1);
    expect(site.room.orders[0]).toMatchObject({
      ...{ target: APPLICATION.id, action: "drill", engine: "application", class: "base", choice: "newest" },
      copy: { id: "d2" },
      parts: [
        {
          target: "postgresql:utama",
          engine: "pgbackrest",
          copy: { id: "d2" },
          proof: { proof: "tables", at: "2026-03-02T01:30:00Z" },
          apartSeconds: 0,
        },
        { target: "files:ppid", engine: "restic", copy: { id: "f2" }, apartSeconds: -5400 },
      ],
    });
    expect(site.room.orders[0]?.parts?.[1]).not.toHaveProperty("proof");
  });

  it("of a copy without a checkpoint, the files that go with the copy itself; where all are later, the first after it", async () => {
    expect(await service.begin({ ...DRILLED, choice: "oldest" })).toHaveProperty("id");
    await until("ordered", () => site.room.orders.length === 1);
    expect(site.room.orders[0]?.parts?.map(({ copy, apartSeconds }) => [copy.id, apartSeconds])).toEqual([
      ["d1", 0],
      ["f1", 3600],
    ]);
  });

  it("what it found is listed as an application's, signed with all its parts, and says nothing of coverage", async () => {
    site.room.ends = (order) => ({ report: reportOf(order) });
    const begun = await service.begin(DRILLED);
    if (!("id" in begun)) throw new Error(JSON.stringify(begun));
    await until("signed", () => site.signer.signed.length === 1);
    expect(site.signer.signed[0]).toMatchObject({
      kind: "drill",
      subject: [{ name: "dc/application:ppid/d2" }],
      observed: {
        report: {
          parts: [{ target: "postgresql:utama" }, { target: "files:ppid", copy: { id: "f2" } }],
          checks: [{ name: "page", ok: true, detail: PAGE }],
        },
      },
    });
    expect(service.drills().items).toMatchObject([
      { id: begun.id, target: APPLICATION.id, kind: "application", backup: "d2", passed: true },
    ]);
    expect(service.coverage().items.map(({ target }) => target)).not.toContain(APPLICATION.id);
    expect(service.coverage().items.map(({ state }) => state)).not.toContain("ok");
    expect((await service.drill(begun.id))?.report?.parts).toHaveLength(2);
  });

  it("is refused to a moment, and where one of its parts has no copy", async () => {
    expect(await service.begin({ ...DRILLED, until: "2026-03-01T00:00:00Z" })).toMatchObject({
      problems: [{ en: expect.stringContaining("only databases") }],
    });
    site.repository.copies = { copies: DATABASE, unknown: {} };
    // Each end of a run asks for the copies again.
    await backUp("2026-03-02T01:30:00Z");
    await until("copies are listed anew", async () => "problems" in (await service.begin({ ...DRILLED, copy: "d1" })));
    expect(await service.begin(DRILLED)).toMatchObject({
      problems: [{ en: "application:ppid: there is no copy" }],
    });
  });
});

const copyOf = (target: string, id: string, at: string, more: Partial<Copy> = {}): Copy => ({
  ...{ id, target, type: "full", at, bytes: 1, needs: [] },
  ...more,
});
const DATABASE = [
  copyOf("postgresql:utama", "d1", "2026-02-28T23:00:00Z", { class: "base" }),
  copyOf("postgresql:utama", "d2", "2026-03-02T01:00:00Z", { class: "base" }),
];
const FILES = [
  copyOf("files:ppid", "f1", "2026-03-01T00:00:00Z"),
  copyOf("files:ppid", "f2", "2026-03-02T00:00:00Z"),
  copyOf("files:ppid", "f3", "2026-03-02T03:30:00Z"),
];
const PAGE = "https://ppid.example/: 200, 5 bytes, shows the title";

const reportOf = ({ copy, choice, parts = [] }: RunOrder): DrillReport => ({
  ...{ report: "drill", copy: copy ?? copyOf("", "", ""), ...(choice ? { choice } : {}) },
  ...{ proven: "exactly", passed: true, restoredTo: "2026-03-02T01:30:00Z", bytes: 1, rtoSeconds: 1 },
  seconds: { find: 0, fetch: 1, restore: 1, replay: 1, prove: 1 },
  compared: [],
  checks: [{ name: "page", ok: true, detail: PAGE }],
  left: [],
  parts: parts.map(({ target, copy: one, apartSeconds }) => ({ target, copy: one, apartSeconds })),
});

/** A backup of the database whose checkpoint stands at a moment. */
async function backUp(at: string): Promise<void> {
  const [, copy] = DATABASE;
  if (!copy) throw new Error("no copy");
  const proof = { proof: "tables", engine: "postgresql", at, position: "0/1", timeline: 1, tables: [] } as const;
  const report: BackupReport = { report: "backup", copy, proof };
  site.repository.ends = () => ({ report });
  expect(await service.begin({ target: "postgresql:utama", action: "full" })).toHaveProperty("id");
  await until("backed up", () => service.jobs().last[0]?.state === "succeeded");
  await until("signed", () => site.signer.signed.length > 0);
  site.signer.signed.length = 0;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within 10 s: ${what}`);
}
