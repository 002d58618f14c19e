/** Jobs with a repository host, a drill room and a signer that answer over TLS, and a volume that processes die on. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SiteSecrets } from "../../../custody/types.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { BackupReport, Copy, DrillReport, RunOrder } from "../../backup/wire.ts";
import type { SiteState } from "../status.ts";
import { parseJournal } from "./journal.ts";
import { type JobsOptions, type JobsService, startJobs } from "./service.ts";
import { TOOL } from "./statements.ts";
import { type FakeSite, fakeSite, siteSecrets } from "./testing/site.ts";

let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
let state: SiteState;
let warnings: string[];
/** Seconds that were waited, by which the clock moved. */
let waited: number;
const services: JobsService[] = [];
const NOW = Date.parse("2026-03-01T04:00:00Z");

beforeAll(async () => {
  secrets = await siteSecrets();
});
beforeEach(async () => {
  [state, warnings, waited] = ["active", [], 0];
  site = await fakeSite(secrets);
  folder = await mkdtemp(join(tmpdir(), "ops-jobs-"));
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  site.close();
  await rm(folder, { recursive: true, force: true });
});

const clock = { now: () => new Date(NOW + waited * 1000), monotonicMs: () => waited * 1000 };
/** A second of its own passes in a few milliseconds of ours. */
const pause = async (seconds: number, signal: AbortSignal): Promise<void> => {
  waited += seconds;
  await new Promise((resolve) => setTimeout(resolve, 2));
  signal.throwIfAborted();
};

async function start(at = folder): Promise<JobsService> {
  const log = { info: () => {}, warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
  const service = await startJobs(site.files, {
    ...{ clock, log: log as unknown as JobsOptions["log"], folder: at, siteState: () => state, pause },
    // Never by itself: on the 29th of February alone.
    ticks: "0 0 29 2 *",
  });
  services.push(service);
  return service;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within 10 s: ${what}; ${warnings.join("\n")}`);
}

const journal = async (at = folder) => parseJournal(await readFile(join(at, "journal.jsonl"), "utf8")).events;
const ends = async (at = folder) => (await journal(at)).filter(({ event }) => event === "ended");
const hasEnded = (service: JobsService) => () => service.jobs().underWay.length === 0;

async function begin(service: JobsService, asked: Parameters<JobsService["begin"]>[0]): Promise<string> {
  const begun = await service.begin(asked);
  if (!("id" in begun)) throw new Error(JSON.stringify(begun));
  return begun.id;
}

const FULL = { target: "postgresql:utama", action: "full" };
const copy: Copy = {
  id: "20260301-040000F",
  target: "postgresql:utama",
  type: "full",
  class: "base",
  at: "2026-03-01T03:59:00Z",
  bytes: 1e9,
  needs: [],
};
const backupReport: BackupReport = {
  report: "backup",
  copy,
  proof: {
    proof: "tables",
    engine: "postgresql",
    at: copy.at,
    position: "0/1",
    tables: [{ name: "pengaduan.public.laporan", rows: 3, sha256: "b".repeat(64) }],
  },
};
const drillReport = (order: RunOrder, passed: boolean): DrillReport => ({
  report: "drill",
  copy: order.copy ?? copy,
  ...(order.choice ? { choice: order.choice } : {}),
  proven: "exactly",
  passed,
  restoredTo: copy.at,
  seconds: { find: 1, fetch: 2, restore: 3, replay: 4, prove: 5 },
  bytes: 1e9,
  rtoSeconds: 12,
  compared: [
    { name: "pengaduan.public.laporan", same: passed, expected: "b", received: passed ? "b" : "c", rows: 3 },
    { name: "pengaduan.public.lampiran", same: true, expected: "d", received: "d" },
  ],
  checks: [{ name: "pg_amcheck", ok: true, detail: "" }],
  left: [],
});

describe("a backup", () => {
  it("is ordered with what the site is, seen to its end, and signed with all it told", async () => {
    const service = await start();
    const id = await begin(service, FULL);
    await until("ordered", () => site.repository.orders.length === 1);
    expect(site.repository.orders[0]).toEqual({
      ...{ id, target: "postgresql:utama", action: "full", engine: "pgbackrest", class: "base", standby: false },
    });
    site.repository.runs.set(id, {
      ...{ id, target: "postgresql:utama", action: "full", state: "running", startedAt: copy.at },
      phase: { id: "menyalin", en: "copying" },
      doneBytes: 5,
      totalBytes: 10,
    });
    await until("progress", () => service.jobs().underWay[0]?.doneBytes === 5);
    expect(service.jobs().underWay[0]).toMatchObject({
      id,
      state: "running",
      totalBytes: 10,
      phase: { en: "copying" },
    });
    expect(await service.begin(FULL)).toMatchObject({
      kind: "later",
      why: { en: expect.stringContaining("one run at a time") },
    });
    site.repository.end(id, { report: backupReport });
    await until("ended", hasEnded(service));
    await until("signed", () => site.signer.signed.length === 1);
    expect(site.signer.signed[0]).toMatchObject({
      kind: "backup",
      subject: [{ name: "dc/postgresql:utama/20260301-040000F" }],
      commit: "5f5b72f",
      inventory: "a".repeat(64),
      observedAt: "2026-03-01T05:00:00.000Z",
      tool: { name: "lumbung-ops" },
      observed: {
        region: "lab",
        site: "dc",
        result: "succeeded",
        run: { id },
        report: { proof: { tables: [{ rows: 3 }] } },
      },
    });
    await until("noted", () => service.jobs().evidence.waiting === 0);
    expect((await service.run(id))?.evidence?.id).toBe("dc-x/1");
    expect(await service.run(id)).toMatchObject({ state: "succeeded", report: { report: "backup" } });
    expect(service.jobs()).toMatchObject({ evidence: { waiting: 0, refused: 0 }, last: [{ id, state: "succeeded" }] });
    expect(await ends()).toMatchObject([{ id, result: "succeeded" }]);
    expect(await service.run("nobody")).toBeUndefined();
  });

  it("is not begun while the site's state is not known, which is waited for a minute, and is told; the standby is told of", async () => {
    state = "unknown";
    const service = await start();
    await begin(service, FULL);
    await until("failed", hasEnded(service));
    expect(site.repository.orders).toEqual([]);
    expect(waited).toBeGreaterThanOrEqual(60);
    expect(service.jobs().last[0]).toMatchObject({
      state: "failed",
      why: { en: expect.stringContaining("the state of this site is unknown, not active or standby") },
    });
    state = "standby";
    await begin(service, FULL);
    await until("ordered", () => site.repository.orders.length === 1);
    expect(site.repository.orders[0]).toMatchObject({ standby: true });
    await until("signed", () => site.signer.signed.length === 1);
    expect(site.signer.signed[0]).toMatchObject({ observed: { result: "failed", seen: false, report: null } });
  });

  it("whose host is out of reach is asked for again for a minute, and then has failed", async () => {
    site.repository.fake.away = true;
    const service = await start();
    await begin(service, FULL);
    await until("waits", () => waited > 5);
    site.repository.fake.away = false;
    await until("ordered", () => site.repository.orders.length === 1);
    site.repository.fake.away = true;
    const from = waited;
    await until("failed", hasEnded(service));
    expect(waited - from).toBeGreaterThanOrEqual(58);
    expect(service.jobs().last[0]?.why?.en).toMatch(/^backup\.dc\.lab\.internal: /);
  });

  it("fails with its host, and with the host's own words where that says no", async () => {
    const service = await start();
    const id = await begin(service, FULL);
    await until("ordered", () => site.repository.orders.length === 1);
    site.repository.runs.clear();
    await until("failed", hasEnded(service));
    expect(service.jobs().last[0]?.why?.en).toContain("backup.dc.lab.internal ended while it ran");
    expect(site.repository.removed).toEqual([]);
    const other = {
      id: "stranger",
      target: "postgresql:utama",
      action: "full",
      state: "running",
      startedAt: copy.at,
    } as const;
    site.repository.runs.set("stranger", other);
    await begin(service, FULL);
    await until("failed again", hasEnded(service));
    expect(service.jobs().last[0]).toMatchObject({
      state: "failed",
      why: { en: expect.stringContaining("busy with stranger") },
    });
    expect(service.jobs().last[1]?.id).toBe(id);
  });
});

describe("a drill", () => {
  beforeEach(() => {
    site.repository.ends = () => ({ report: backupReport });
    site.repository.copies = { copies: [copy], unknown: {} };
  });

  /** A service whose site has one copy, with its proof. */
  async function withCopy(): Promise<JobsService> {
    const service = await start();
    await begin(service, FULL);
    await until("backed up", hasEnded(service));
    await until("listed", () => service.jobs().copiesAt !== null);
    return service;
  }

  it("goes to the drill room with its copy and what was proven then; what it found is told, signed and counts", async () => {
    site.room.ends = (order) => ({ report: drillReport(order, true) });
    const service = await withCopy();
    expect(service.coverage().items.find(({ target }) => target === copy.target)?.state).toBe("unknown");
    const id = await begin(service, { target: copy.target, action: "drill", choice: "oldest" });
    await until("drilled", hasEnded(service));
    expect(site.room.orders).toEqual([
      {
        ...{ id, target: copy.target, action: "drill", engine: "pgbackrest", class: "base", standby: false },
        ...{ choice: "oldest", copy, proof: backupReport.proof },
      },
    ]);
    await until("signed", () => site.signer.signed.length === 2);
    expect(site.signer.signed[1]).toMatchObject({ kind: "drill", observed: { report: { compared: [{}, {}] } } });
    await until("noted", () => service.drills().items[0]?.evidence === "dc-x/2");
    expect(service.drills().items).toMatchObject([
      {
        ...{ id, target: copy.target, kind: "postgresql", backup: copy.id, passed: true, proven: "exactly" },
        ...{ restoreSeconds: 10, proofSeconds: 5, rto: 12, compared: 2, differing: 0, evidence: "dc-x/2" },
      },
    ]);
    expect(service.drills().items[0]?.rpo).toBeGreaterThanOrEqual(60);
    expect(await service.drill(id)).toMatchObject({
      id,
      passed: true,
      evidence: { id: "dc-x/2" },
      report: { bytes: 1e9 },
    });
    expect(service.coverage()).toMatchObject({
      covered: 1,
      declared: 3,
      elsewhere: [{ target: "application:server/simrs" }],
    });
    expect(service.coverage().facts).toContainEqual(expect.objectContaining({ target: copy.target, restorable: true }));
  });

  it("that did not restore is evidence too, and the copy does not count", async () => {
    const why = { id: "isi berbeda", en: "content differs" };
    site.room.ends = (order) => ({ state: "failed", why, report: drillReport(order, false) });
    const service = await withCopy();
    await begin(service, { target: copy.target, action: "drill" });
    await until("signed", () => site.signer.signed.length === 2);
    expect(site.signer.signed[1]).toMatchObject({ kind: "drill", observed: { result: "failed", why } });
    await until("ended", hasEnded(service));
    expect(service.drills().items).toMatchObject([{ passed: false, differing: 1, why }]);
    expect(service.coverage().items.find(({ target }) => target === copy.target)).toMatchObject({
      state: "missing",
      reason: { en: "the copy did not restore" },
    });
  });

  it("that was lost sight of is cleaned, says nothing of the copy, and needs no state of the site", async () => {
    const service = await withCopy();
    state = "unknown";
    const id = await begin(service, { target: copy.target, action: "drill" });
    await until("ordered", () => site.room.orders.length === 1);
    site.room.runs.clear();
    await until("failed", hasEnded(service));
    expect(site.room.removed).toEqual([id]);
    expect(service.drills().items).toMatchObject([{ passed: false, restoreSeconds: null, rpo: null }]);
    expect(service.coverage().items.find(({ target }) => target === copy.target)?.state).toBe("unknown");
  });

  it("is refused where it is asked for wrongly, or not now", async () => {
    const service = await withCopy();
    const asked = { target: copy.target, action: "drill" } as const;
    const said = async (what: Parameters<JobsService["begin"]>[0]) => JSON.stringify(await service.begin(what));
    expect(await said({ ...asked, copy: "nobody" })).toContain("copy: expected one of 20260301-040000F");
    expect(await said({ ...asked, target: "files:ppid" })).toContain("files:ppid: there is no copy");
    expect(await said({ ...asked, target: "files:ppid", until: copy.at })).toContain("only databases can be restored");
    expect(await said({ ...asked, until: "2026-02-01T00:00:00Z" })).toContain("a moment after the oldest copy");
    expect(await said({ ...asked, until: "2027-02-01T00:00:00Z" })).toContain("a moment that has come");
    expect(await said({ ...asked, target: "application:server/simrs" })).toContain("target: expected postgresql:utama");
    expect(await said({ ...FULL, until: copy.at })).toContain("as it is for drills alone");
    expect(await said({ target: "zones", action: "incremental" })).toContain("zones/full, zones/extend-locks");
    const early = { ...asked, until: "2026-03-01T03:59:30Z" };
    expect(await begin(service, early)).toBeTruthy();
    await until("ordered", () => site.room.orders.length === 1);
    expect(site.room.orders[0]).toMatchObject({ until: early.until, copy: { id: copy.id } });
    expect(site.room.orders[0]).not.toHaveProperty("choice");
  });
});

describe("an archive check", () => {
  it("tells how far the archive reaches, and is signed only when its result changes", async () => {
    site.repository.copies = { copies: [copy], unknown: {} };
    const service = await start();
    await until("listed", () => service.jobs().copiesAt !== null);
    const check = async (how: Parameters<FakeSite["repository"]["end"]>[1]) => {
      site.repository.ends = () => how;
      await begin(service, { target: copy.target, action: "archive-check" });
      await until("ended", hasEnded(service));
    };
    const good = (archivedTo: string) => ({ report: { report: "care", archivedTo, figures: {} } as const });
    const why = { id: "tidak tiba", en: "does not arrive" };
    await check(good("2026-03-01T03:59:30Z"));
    await check(good("2026-03-01T04:00:00Z"));
    await check({ state: "failed", why });
    await check({ state: "failed", why });
    await check(good("2026-03-01T03:00:00Z"));
    await until("signed", () => site.signer.signed.length === 3);
    expect(site.signer.signed.map(({ observed }) => (observed as { result: string }).result)).toEqual([
      "succeeded",
      "failed",
      "succeeded",
    ]);
    const newest = () => service.coverage().facts.find(({ target }) => target === copy.target)?.newest;
    // An archive that reaches less far than the copy takes nothing from it.
    expect(newest()).toBe(copy.at);
    await check(good("2026-03-01T04:00:10Z"));
    expect(newest()).toBe("2026-03-01T04:00:10Z");
    await service.close();
    const next = await start();
    await until("listed", () => next.jobs().copiesAt !== null);
    expect(next.coverage().facts.find(({ target }) => target === copy.target)?.newest).toBe("2026-03-01T04:00:10Z");
  });
});

describe("killed", () => {
  const later = () => join(folder, "..", `${folder.split("/").at(-1)}-later`);
  afterEach(() => rm(later(), { recursive: true, force: true }));

  it("between order and end: the next process finds the run, records its real end and its evidence, once", async () => {
    const service = await start();
    const id = await begin(service, FULL);
    await until("ordered", () => site.repository.orders.length === 1);
    // What is on disk is all that is left of the first.
    await cp(folder, later(), { recursive: true });
    await service.close();
    expect(await ends()).toEqual([]);
    site.repository.end(id, { report: backupReport });

    const next = await start(later());
    await next.tick();
    await until("ended", async () => (await ends(later())).length === 1);
    expect(await ends(later())).toMatchObject([{ id, result: "succeeded" }]);
    await until("signed", () => site.signer.signed.length === 1);
    expect(site.signer.signed[0]).toMatchObject({
      observed: { run: { id }, result: "succeeded", report: { copy: { id: copy.id } } },
    });
    await until("noted", async () => (await next.run(id))?.evidence !== null);
    await next.close();

    const third = await start(later());
    await third.tick();
    expect(await third.run(id)).toMatchObject({ state: "succeeded", evidence: { id: "dc-x/1" } });
    expect((await ends(later())).filter((one) => one.event === "ended" && one.id === id)).toHaveLength(1);
    expect(site.signer.signed.filter(({ observed }) => JSON.stringify(observed).includes(id))).toHaveLength(1);
    expect(site.repository.orders.filter((order) => order.id === id)).toHaveLength(1);
  });

  it("while it goes on elsewhere: the next one follows it, with its progress", async () => {
    const service = await start();
    const id = await begin(service, FULL);
    await until("ordered", () => site.repository.orders.length === 1);
    await service.close();
    const next = await start();
    await next.tick();
    expect(next.jobs().underWay.map((run) => run.id)).toContain(id);
    const why = { id: "penuh", en: "full" };
    site.repository.end(id, { state: "failed", why });
    // On disk first; what it says follows.
    await until("ended", async () => (await next.run(id))?.state !== "running");
    expect(await next.run(id)).toMatchObject({ state: "failed", why });
    expect(await ends()).toContainEqual(expect.objectContaining({ event: "ended", id, result: "failed" }));
  });

  it("with its host: the run was cut off, and its slot is run again", async () => {
    const service = await start();
    await service.tick();
    await until("ordered", () => site.repository.orders.some(({ action }) => action === "full"));
    const [first] = site.repository.orders.filter(({ target }) => target === "postgresql:utama");
    await service.close();
    site.repository.runs.clear();
    const next = await start();
    await next.tick();
    const cut = (await ends()).find((one) => one.event === "ended" && one.id === first?.id);
    expect(cut).toMatchObject({ result: "interrupted" });
    await until(
      "again",
      () => site.repository.orders.filter(({ target }) => target === "postgresql:utama").length === 2,
    );
    const slots = (await journal()).flatMap((one) =>
      one.event === "started" && one.target === "postgresql:utama" ? [`${one.job} ${one.slot}`] : [],
    );
    expect(new Set(slots).size).toBe(1);
  });

  it("between its statement and its ledger: both are made again, and it is signed once", async () => {
    site.signer.fake.away = true;
    site.repository.ends = () => ({ report: backupReport });
    const service = await start();
    const id = await begin(service, FULL);
    await until("ended", hasEnded(service));
    await service.close();
    for (const name of ["journal.jsonl", "ledger.jsonl"]) {
      const lines = (await readFile(join(folder, name), "utf8")).split("\n");
      await writeFile(join(folder, name), lines.filter((line) => !line.includes('"event":"ended"')).join("\n"));
    }
    expect(await readdir(join(folder, "evidence", "waiting"))).toEqual([`0000000001-${id}.json`]);

    site.signer.fake.away = false;
    const next = await start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    // What no ledger knows of waits until it does.
    expect(site.signer.signed).toEqual([]);
    await next.tick();
    await until("signed", () => site.signer.signed.length > 0);
    await until("ended", async () => (await ends()).some((one) => one.event === "ended" && one.id === id));
    expect(site.signer.signed.filter(({ observed }) => JSON.stringify(observed).includes(id))).toHaveLength(1);
  });

  it("a cut line of the journal takes nothing else along", async () => {
    site.repository.ends = () => ({ report: backupReport });
    const service = await start();
    const id = await begin(service, FULL);
    await until("ended", hasEnded(service));
    await service.close();
    for (const name of ["journal.jsonl", "ledger.jsonl"]) {
      const text = await readFile(join(folder, name), "utf8");
      await writeFile(join(folder, name), `${text}{"event":"started","id":"ha`);
    }
    const next = await start();
    expect(await next.run(id)).toMatchObject({ state: "succeeded" });
    await begin(next, FULL);
    await until("ended", hasEnded(next));
    expect(await ends()).toHaveLength(2);
    expect(warnings.filter((line) => line.includes("cannot be read"))).toEqual([]);
  });
});

describe("evidence", () => {
  it("waits while the signer is away, and is signed in order and once, also by the next process", async () => {
    site.signer.fake.away = true;
    site.repository.ends = () => ({ report: backupReport });
    const service = await start();
    const ids: string[] = [];
    for (const target of ["postgresql:utama", "files:ppid", "zones"]) {
      ids.push(await begin(service, { target, action: "full" }));
      await until("ended", hasEnded(service));
    }
    await until("fault", () => service.jobs().evidence.why !== null);
    expect(service.jobs().evidence).toMatchObject({ waiting: 3, refused: 0 });
    expect(service.remark()).toMatch(/^3 statements wait for the signer \(signer\.dc\.lab\.internal: /);
    await service.close();

    const next = await start();
    expect(next.jobs().evidence.waiting).toBe(3);
    site.signer.fake.away = false;
    next.reload(site.files);
    await until("signed", () => next.jobs().evidence.waiting === 0);
    const signed = site.signer.signed.map(({ observed }) => (observed as { run: { id: string } }).run.id);
    expect(signed).toEqual(ids);
    await next.close();
    const third = await start();
    third.reload(site.files);
    expect(third.jobs().evidence.waiting).toBe(0);
    expect(site.signer.signed).toHaveLength(3);
  });

  it("that the signer will never take is set aside, is told of, and holds up nothing", async () => {
    site.signer.refuses = true;
    site.repository.ends = () => ({ report: backupReport });
    const service = await start();
    await begin(service, FULL);
    await until("refused", () => service.jobs().evidence.refused === 1);
    site.signer.refuses = false;
    await until("ended", hasEnded(service));
    await begin(service, FULL);
    await until("signed", () => site.signer.signed.length === 1 && service.jobs().evidence.waiting === 0);
    expect(service.jobs().evidence).toMatchObject({ waiting: 0, refused: 1 });
    expect(await readdir(join(folder, "evidence", "refused"))).toHaveLength(1);
    expect(service.remark()).toContain("the signer refused 1 statements");
  });

  it("of many tables names the file that has them all", async () => {
    const tables = Array.from({ length: 3000 }, (_, index) => ({
      name: `db.public.t${index}`,
      rows: 1,
      sha256: "c".repeat(64),
    }));
    site.repository.ends = () => ({
      report: { ...backupReport, proof: { ...(backupReport.proof as object), tables } as never },
    });
    const service = await start();
    const id = await begin(service, FULL);
    await until("signed", () => site.signer.signed.length === 1);
    const [statement] = site.signer.signed;
    expect(JSON.stringify(statement).length).toBeLessThan(10_000);
    const { createHash } = await import("node:crypto");
    const file = await readFile(join(folder, "reports", `${id}.json`));
    expect(statement?.subject[1]).toEqual({
      name: `${id}.json`,
      digest: { sha256: createHash("sha256").update(file).digest("hex") },
    });
    expect(JSON.parse(file.toString("utf8"))).toMatchObject({
      report: { proof: { tables: expect.arrayContaining([tables[2999]]) } },
    });
  });

  it("names the programme by the version of this one", () => {
    expect(TOOL.version).toBe(packageJson.version);
  });
});

describe("coverage", () => {
  it("is unknown until copies were listed, and again when the host has not listed them for long", async () => {
    site.repository.fake.away = true;
    const service = await start();
    const states = () => new Set(service.coverage().items.map((item) => item.state));
    expect(states()).toEqual(new Set(["unknown"]));
    expect(service.remark()).toContain("copies are not listed");
    site.repository.fake.away = false;
    site.repository.copies = { copies: [copy], unknown: { zones: "repository is locked" } };
    service.reload(site.files);
    await until("listed", () => service.jobs().copiesAt !== null);
    const told = new Map(service.coverage().items.map((item) => [item.target, item]));
    expect(told.get("files:ppid")).toMatchObject({ state: "missing" });
    expect(told.get("zones")).toMatchObject({
      state: "unknown",
      reason: { en: "its copies cannot be listed: repository is locked" },
    });
    waited += 901;
    expect(states()).toEqual(new Set(["unknown"]));
  });
});
