/** Restores that people ordered, with a drill room and a signer that answer over TLS, and a volume that outlives the process. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redact } from "../../../custody/redact.ts";
import type { SiteSecrets } from "../../../custody/types.ts";
import { canonicalJson } from "../../../evidence/canonical.ts";
import { systemClock } from "../../../io/clock.ts";
import { createLogger } from "../../../io/log.ts";
import type { DrillReport, RunOrder, RunState } from "../../backup/wire.ts";
import { type Answer, ask, type Method } from "../../signer/ask.ts";
import { type FakeSite, fakeSite, leaf, siteSecrets } from "../jobs/testing/site.ts";
import { type OpsService, startOps } from "../service.ts";
import { openRestores, type Restores } from "./restores.ts";
import { restoreStatement } from "./statement.ts";
import { parseTold, type ToldRestore } from "./told.ts";

const ID = "restore-1764382000000";
const begun: ToldRestore = {
  id: ID,
  stage: "begun",
  target: "files:ppid",
  copy: { id: "abc123", at: "2026-03-01T00:00:00Z" },
  imported: null,
  until: null,
  requestedBy: { name: "contoh", host: "meja" },
  startedAt: "2026-03-02T00:00:00.000Z",
  to: "/srv/restored",
  overLive: "dc",
  result: null,
  why: null,
};
const ended: ToldRestore = { ...begun, stage: "ended", result: "succeeded" };
const report: DrillReport = {
  report: "drill",
  copy: { id: "abc123", target: "files:ppid", type: "full", at: "2026-03-01T00:00:00Z", bytes: 10, needs: [] },
  proven: "exactly",
  passed: true,
  restoredTo: "2026-03-01T00:00:00Z",
  seconds: { find: 0, fetch: 1, restore: 0, replay: 0, prove: 1 },
  bytes: 10,
  rtoSeconds: 1,
  compared: [{ name: "files", same: true, expected: "b", received: "b", rows: 3 }],
  checks: [],
  left: [],
};
const NOW = new Date("2026-03-02T00:05:00.000Z");

let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
let warnings: string[];
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  secrets = await siteSecrets();
});
beforeEach(async () => {
  warnings = [];
  site = await fakeSite(secrets);
  folder = await mkdtemp(join(tmpdir(), "ops-restores-"));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  site.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(patienceSeconds?: number): Promise<Restores> {
  const { config, tls } = site.files;
  const { drill, signer, inventory, commit = "" } = config.jobs;
  const restores = await openRestores({
    folder,
    named: () => ({ region: "lab", site: "dc", commit, inventory }),
    tls: () => tls,
    signer: () => signer,
    drillRoom: () => drill,
    now: () => NOW,
    warn: (message) => void warnings.push(message),
    ...(patienceSeconds === undefined ? {} : { patienceSeconds }),
  });
  opened.push(restores);
  return restores;
}

/** As the drill room knows a restore that ended. */
function ranInRoom(state: Partial<RunState>): void {
  const order = { id: ID, target: "files:ppid", action: "restore" } satisfies Partial<RunOrder>;
  site.room.runs.set(ID, { ...order, state: "succeeded", startedAt: "2026-03-02T00:00:01.000Z", report, ...state });
}
const waiting = () => readdir(join(folder, "restores", "waiting"));

describe("a record", () => {
  test("of a beginning says who asked, what copy, to where, and that nobody saw an end", async () => {
    expect(await (await open()).record(begun)).toEqual({ id: "dc-x/1", waits: false, why: null });
    const [statement] = site.signer.signed;
    expect(statement).toMatchObject({ kind: "restore", observedAt: NOW.toISOString(), commit: "5f5b72f" });
    expect(statement?.observed).toEqual({
      ...{ region: "lab", site: "dc", requestedBy: begun.requestedBy, to: "/srv/restored", overLive: "dc" },
      imported: null,
      run: {
        ...{ id: ID, target: "files:ppid", action: "restore", backup: "abc123", copyAt: begun.copy.at },
        ...{ until: null, startedAt: begun.startedAt },
      },
      ...{ result: "begun", why: null, endedAt: null, seen: false, report: null },
    });
    expect(statement?.subject[0]?.name).toBe("dc/files:ppid/abc123");
    const digest = createHash("sha256").update(canonicalJson(statement?.observed)).digest("hex");
    expect(statement?.subject[0]?.digest.sha256).toBe(digest);
    expect(site.room.fake.calls).toEqual([]);
  });

  test("of an end holds what the drill room itself says was compared", async () => {
    ranInRoom({});
    await (await open()).record(ended);
    expect(site.signer.signed[0]?.observed).toMatchObject({
      ...{ result: "succeeded", seen: true, endedAt: NOW.toISOString() },
      report: { proven: "exactly", compared: [{ name: "files", same: true }] },
    });
    expect(await waiting()).toEqual([]);
  });

  test("of an end that the room calls failed is failed, whatever was told", async () => {
    const why = { id: "berbeda", en: "differs" };
    ranInRoom({ state: "failed", why });
    await (await open()).record(ended);
    expect(site.signer.signed[0]?.observed).toMatchObject({ result: "failed", why, seen: true });
  });

  test("of an end over live data that failed after the room was done keeps why", async () => {
    ranInRoom({});
    const why = { id: "pg_restore gagal", en: "pg_restore failed" };
    await (await open()).record({ ...ended, result: "failed", why });
    expect(site.signer.signed[0]?.observed).toMatchObject({ result: "failed", why, report: { passed: true } });
  });

  test("of an end that no room knows of says so: told, not seen", async () => {
    await (await open()).record(ended);
    site.room.fake.away = true;
    await (await open()).record(ended);
    for (const { observed } of site.signer.signed)
      expect(observed).toMatchObject({ result: "succeeded", seen: false, report: null });
    expect(warnings).toEqual([expect.stringContaining("404"), expect.stringContaining("closed the connection")]);
  });

  test("is small enough for the signer, whatever was compared: what differs is told first", () => {
    const compared = Array.from({ length: 5000 }, (_, number) => ({
      ...{ name: `files/${number}`.padEnd(200, "x"), same: number % 10 !== 0, expected: "b".repeat(64) },
      received: "c".repeat(64),
    }));
    const state: RunState = {
      ...{ id: ID, target: "files:ppid", action: "restore", state: "failed", startedAt: begun.startedAt },
      report: { ...report, compared },
    };
    const named = { region: "lab", site: "dc", commit: "5f5b72f", inventory: "a".repeat(64) };
    const statement = restoreStatement(ended, state, named, NOW);
    expect(JSON.stringify(statement).length).toBeLessThan(240 * 1024);
    expect(statement.observed).toMatchObject({ report: { compared: 5000, differing: 500 } });
  });
});

describe("where the signer", () => {
  test("is away, the record waits on the volume, and the next process has it signed", async () => {
    site.signer.fake.away = true;
    const first = await open();
    expect(await first.record(begun)).toEqual({
      id: null,
      waits: true,
      why: expect.stringContaining("closed the connection"),
    });
    expect(first.remark()).toContain("1 statements of restores wait for the signer");
    await first.close();
    site.signer.fake.away = false;
    const next = await open();
    expect(await waiting()).toEqual([`0000000001-${ID}-begun.json`]);
    await next.send();
    expect(site.signer.signed.map(({ kind }) => kind)).toEqual(["restore"]);
    expect([await waiting(), next.remark()]).toEqual([[], undefined]);
  });

  test("is silent, whoever tells is not kept waiting for it", async () => {
    const { signer } = site.files.config.jobs;
    // Takes the connection and says nothing.
    const { createServer } = await import("node:net");
    const silent = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    Object.assign(signer, { port });
    const restores = await open(0.1);
    const from = performance.now();
    expect(await restores.record(begun)).toEqual({ id: null, waits: true, why: "the signer has not answered yet" });
    expect(performance.now() - from).toBeLessThan(3000);
    expect(await waiting()).toHaveLength(1);
    silent.close();
  }, 15_000);

  test("refuses it for good, that is told and nothing behind it waits", async () => {
    site.signer.refuses = true;
    const restores = await open();
    expect(await restores.record(begun)).toEqual({ id: null, waits: false, why: "refused" });
    expect(await waiting()).toEqual([]);
    site.signer.refuses = false;
    expect(await restores.record(ended)).toEqual({ id: "dc-x/1", waits: false, why: null });
  });
});

describe("what is told", () => {
  test("is taken as it is", () => {
    expect(parseTold(JSON.stringify(begun))).toEqual(begun);
    expect(parseTold(JSON.stringify(ended))).toEqual(ended);
  });
  test("every mistake is named with its path", () => {
    const wrong = { ...begun, id: "../x", copy: {}, result: "succeeded", requestedBy: null, startedAt: "soon", to: "" };
    expect(parseTold(JSON.stringify(wrong))).toEqual([
      'id: expected letters, digits and hyphens, 56 at most, received "../x"',
      "copy.id: expected a text, received nothing",
      "copy.at: expected a text, received nothing",
      "requestedBy.name: expected a text, received nothing",
      "requestedBy.host: expected a text, received nothing",
      'startedAt: expected a time in ISO 8601, received "soon"',
      'to: expected a text, received ""',
      'result: expected null where it has begun, succeeded or failed where it has ended, received "succeeded"',
    ]);
    expect(parseTold("{")).toEqual(["expected JSON, received something else"]);
    expect(parseTold(JSON.stringify({ ...ended, result: null }))).toHaveLength(1);
  });
});

describe("ops", () => {
  let service: OpsService;
  beforeEach(async () => {
    const log = createLogger({ name: "ops", redact, destination: { write: () => {} } });
    service = await startOps(site.files, { clock: systemClock, log, address: "127.0.0.1", data: folder });
    opened.push(service);
  });

  const tell = (body: string, tls = site.files.tls, method: Method = "POST"): Promise<Answer> => {
    const { name } = site.files.config;
    return ask(
      { address: "127.0.0.1", port: service.port, name, tls, timeoutSeconds: 60 },
      method,
      "/restores",
      Buffer.from(body),
    );
  };

  test("takes it from its own container alone, and says what became of it", async () => {
    expect(await tell(JSON.stringify(begun))).toEqual({
      status: 201,
      text: '{"id":"dc-x/1","waits":false,"why":null}',
    });
    const { chain: cert, key } = await leaf(secrets, "operator");
    expect(await tell(JSON.stringify(begun), { ...site.files.tls, cert, key })).toMatchObject({ status: 403 });
    expect(site.signer.signed).toHaveLength(1);
  });

  test("refuses what is wrong, too large, or not told", async () => {
    expect(await tell("{}")).toMatchObject({ status: 400, text: expect.stringContaining("stage: expected") });
    expect(await tell("x".repeat(70_000))).toMatchObject({ status: 413 });
    expect(await tell("", site.files.tls, "PUT")).toMatchObject({ status: 405 });
    expect(site.signer.signed).toEqual([]);
  });
});
