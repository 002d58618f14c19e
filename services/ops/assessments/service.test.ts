/** Assessments on schedule, with a signer that answers over TLS; and the process that makes them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SiteSecrets } from "../../../custody/types.ts";
import type { Question } from "../../assess/material.ts";
import { type FakeSite, fakeSite, siteSecrets } from "../jobs/testing/site.ts";
import { type Ask, askProcess } from "./ask.ts";
import { type AssessmentsFiles, type AssessmentsService, startAssessments } from "./service.ts";

const plan = { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 };
const kept = (commit: string, inventory: string) => ({
  ...{ region: { id: "lab" }, at: "2026-07-01T00:00:00.000Z", commit, inventory, duties: [], findings: [] },
  assessment: { digest: "e".repeat(64), gzip: null },
});

let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
let files: AssessmentsFiles;
let service: AssessmentsService;
let asked: Question[];
let answer: () => Promise<object>;
let now: Date;
let ready: boolean;

beforeAll(async () => {
  secrets = await siteSecrets();
});
beforeEach(async () => {
  site = await fakeSite(secrets);
  folder = await mkdtemp(join(tmpdir(), "ops-assessments-"));
  const { signer, commit = "", inventory } = site.files.config.jobs;
  const assessments = { plan, heapMiB: 80, timezone: "Asia/Jakarta", signer, commit } as const;
  files = { ...site.files, config: { ...site.files.config, assessments } };
  [asked, now, ready] = [[], new Date("2026-07-01T00:00:00Z"), true];
  answer = async () => ({ kept: kept(commit, inventory) });
  service = await start();
});
afterEach(async () => {
  await service.close();
  site.close();
  await rm(folder, { recursive: true, force: true });
});

function start(): Promise<AssessmentsService> {
  const ask: Ask = async (question) => {
    asked.push(JSON.parse(question) as Question);
    return JSON.stringify(await answer());
  };
  const clock = { now: () => now, monotonicMs: () => now.getTime() };
  const log = { info: () => {}, warn: () => {} };
  const timers = { setInterval: (() => 0) as never, clearInterval: () => {} };
  return startAssessments(() => files, { clock: clock as never, log, folder, ready: () => ready, ask, timers });
}

test("is made when it is due, signed, and not again until the next one is", async () => {
  await service.tick();
  expect(asked).toEqual([
    { kind: "report", due: "2026-06-30T22:00:00.000Z", from: "2025-12-31T22:00:00.000Z", commit: "5f5b72f" },
  ]);
  expect(site.signer.signed).toMatchObject([{ kind: "check", subject: [{}, { name: "assessment.json" }] }]);
  await service.tick();
  now = new Date("2026-07-31T21:59:00Z");
  await service.tick();
  expect(asked).toHaveLength(1);
  now = new Date("2026-07-31T22:00:00Z");
  await service.tick();
  expect(asked[1]).toMatchObject({ kind: "monthly", due: "2026-07-31T22:00:00.000Z" });
  expect(site.signer.signed).toHaveLength(2);
  expect(service.remark()).toBeUndefined();
});

test("waits for the site to be active and well, and signs nothing where it is there already", async () => {
  ready = false;
  await service.tick();
  expect(asked).toEqual([]);
  ready = true;
  answer = async () => ({ found: "drc-x/7" });
  await service.tick();
  await service.tick();
  expect(asked).toHaveLength(1);
  expect(site.signer.signed).toEqual([]);
});

test("one that fails is told, and tried again an hour later", async () => {
  const well = answer;
  answer = async () => {
    throw new Error("heap out of memory");
  };
  await service.tick();
  expect(service.remark()).toBe("the assessment that is due was not made: heap out of memory");
  await service.tick();
  expect(asked).toHaveLength(1);
  answer = well;
  now = new Date("2026-07-01T01:00:00Z");
  await service.tick();
  expect([asked.length, site.signer.signed.length, service.remark()]).toEqual([2, 1, undefined]);
});

test("one that waits for the signer is not made a second time, over a restart as well, and is signed when it is back", async () => {
  site.signer.fake.away = true;
  await service.tick();
  await service.close();
  service = await start();
  await service.tick();
  expect(asked).toHaveLength(1);
  expect(service.remark()).toMatch(/^1 statements of assessments wait for the signer/);
  site.signer.fake.away = false;
  answer = async () => ({ found: "dc-x/1" });
  await service.tick();
  expect(site.signer.signed).toHaveLength(1);
  expect(service.remark()).toBeUndefined();
});

test("what the signer refuses is told", async () => {
  site.signer.refuses = true;
  await service.tick();
  expect(service.remark()).toBe("the assessment that is due was not made: the signer refuses it: refused");
});

describe("the process", () => {
  const program = async (source: string) => {
    await writeFile(join(folder, "program.mjs"), source);
    return askProcess(() => [join(folder, "program.mjs")]);
  };
  const never = new AbortController().signal;
  test("is told the question and heard to the end", async () => {
    const ask = await program("process.stdin.pipe(process.stdout);");
    expect(await ask(JSON.stringify("x".repeat(300_000)), never)).toHaveLength(300_002);
  });
  test("says why it failed", async () => {
    const ask = await program('throw new Error("the signer does not answer");');
    await expect(ask("{}", never)).rejects.toThrow("Error: the signer does not answer");
    await expect((await program("process.exitCode = 3;"))("{}", never)).rejects.toThrow("exit code 3");
  });
  test("ends when ops ends", async () => {
    const ending = new AbortController();
    const said = (await program("setInterval(() => {}, 1000);"))("{}", ending.signal);
    ending.abort();
    await expect(said).rejects.toThrow("aborted");
  });
});
