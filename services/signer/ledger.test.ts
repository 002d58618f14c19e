import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../evidence/dsse.ts";
import { MadeChain, newSite, observation, REGION, ringOf } from "../../evidence/testing/made.ts";
import { verify } from "../../evidence/verify.ts";
import { stoppedClock } from "../../io/clock.ts";
import { type EvidenceFolder, evidenceFolder, type PutStep } from "../../io/evidence-folder.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { TOOL } from "./tool.ts";

const [dc, drc, next] = [newSite("dc"), newSite("drc"), newSite("dc")];
const keys = ringOf(dc, drc, next);
const clock = stoppedClock(new Date("2026-03-01T00:00:00Z"));
let root: string;
let folder: EvidenceFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ledger-"));
  folder = evidenceFolder({ root, region: REGION });
});
afterEach(() => rm(root, { recursive: true }));

const open = (own = dc, at = clock, lookBack?: number): Promise<Ledger> =>
  openLedger({
    folder,
    region: REGION,
    site: "dc",
    key: own.key,
    keys,
    clock: at,
    ...(lookBack === undefined ? {} : { lookBack }),
  });
const check = () => verify(folder.list(), { region: REGION, keys });
const fileOf = (writer: string, number: number): string =>
  join(root, REGION, writer, `${String(number).padStart(10, "0")}.json`);

async function grown(length: number): Promise<Ledger> {
  const ledger = await open();
  for (let number = 2; number <= length; number += 1) await ledger.append(observation(`number ${number}`));
  return ledger;
}

test("the first chain says that it is founded, and goes on after a restart", async () => {
  const first = await grown(3);
  expect(first.begun).toEqual({ reason: "founded" });
  const again = await open();
  expect([again.writer, again.begun, again.last().statement.sequence]).toEqual([first.writer, undefined, 3]);
  await again.append(observation("four"));
  expect(await check()).toMatchObject({ records: 4, verified: 4, broken: [] });
});

test("many statements at once get numbers of their own, in the order in which they came", async () => {
  const ledger = await open();
  const made = await Promise.all(Array.from({ length: 40 }, (_, index) => ledger.append(observation(`${index}`))));
  expect(made.map(({ statement }) => statement.sequence)).toEqual(Array.from({ length: 40 }, (_, index) => index + 2));
  expect(await check()).toMatchObject({ records: 41, verified: 41, broken: [] });
});

describe("a damaged chain is left as it is, and a new one begun that says so", () => {
  const damages: readonly (readonly [string, (writer: string) => Promise<unknown>, number, string])[] = [
    ["altered", (writer) => appendFile(fileOf(writer, 4), " "), 3, "0000000004: unreadable"],
    ["emptied", (writer) => writeFile(fileOf(writer, 5), ""), 4, "0000000005: unreadable"],
    ["removed", (writer) => rm(fileOf(writer, 3)), 2, "0000000003: missing"],
    ["swapped", (writer) => rename(fileOf(writer, 4), fileOf(writer, 5)), 3, "0000000004: missing"],
  ];
  test.each(damages)("%s", async (_, damage, good, problem) => {
    const { writer } = await grown(5);
    await damage(writer);
    const before = await readFile(fileOf(writer, 2));
    const ledger = await open();
    expect(ledger.writer).not.toBe(writer);
    expect(ledger.begun).toMatchObject({ reason: "damaged", before: { writer, sequence: good } });
    expect(ledger.begun?.before?.problem).toContain(problem);
    expect(ledger.last().statement).toMatchObject({ kind: "chain-start", sequence: 1, previous: null });
    expect(JSON.stringify(ledger.last().statement.observed)).toContain(problem);
    expect(await readFile(fileOf(writer, 2))).toEqual(before);
    const later = await open();
    expect([later.writer, later.begun]).toEqual([ledger.writer, undefined]);
  });
  test("a record that was made anew with the key is found by the next one's link", async () => {
    const { writer } = await grown(5);
    const other = new MadeChain(dc, writer).grow(5);
    await writeFile(fileOf(writer, 4), other.records[3]?.bytes ?? "");
    expect((await open()).begun?.before?.problem).toContain("0000000004: replaced");
  });
});

test("a rotated key begins a new chain that names where the former ended", async () => {
  const former = await grown(3);
  const ledger = await open(next);
  expect(ledger.begun).toEqual({
    reason: "key-rotated",
    before: { writer: former.writer, sequence: 3, digest: former.last().head.digest },
  });
  await ledger.append(observation("more"));
  expect(await check()).toMatchObject({ records: 5, verified: 5, broken: [] });
  await rm(fileOf(former.writer, 3));
  expect((await check()).broken.map(({ id, code }) => `${id} ${code}`)).toEqual([
    `${former.writer}/0000000003 cut-tail`,
  ]);
});

test("a clock that was set back does not put the new chain before the former", async () => {
  const former = await grown(2);
  const ledger = await open(next, stoppedClock(new Date("2020-01-01T00:00:00Z")));
  expect(ledger.writer.slice(-19) > former.writer.slice(-19)).toBe(true);
  expect((await open(next, stoppedClock(new Date("2020-01-01T00:00:00Z")))).writer).toBe(ledger.writer);
});

test("a long chain is opened by its end", async () => {
  const { writer } = await grown(30);
  const ledger = await open(dc, clock, 5);
  expect([ledger.writer, ledger.last().statement.sequence]).toEqual([writer, 30]);
});

test("a disk that fails promises nothing, and when it works again the chain goes on without a gap or a fork", async () => {
  let failing: PutStep | undefined;
  folder = evidenceFolder({
    root,
    region: REGION,
    step: (step) => {
      if (step === failing) throw new Error(`failed when ${step}`);
    },
  });
  const ledger = await open();
  for (const step of ["begun", "written", "flushed", "linked", "kept"] as const) {
    failing = step;
    await expect(ledger.append(observation(step))).rejects.toThrow(`failed when ${step}`);
    failing = undefined;
    await ledger.append(observation(`after ${step}`));
  }
  const { records, broken } = await check();
  // Two of the five were on disk when it failed, though nobody was told.
  expect([records, broken]).toEqual([1 + 5 + 2, []]);
});

describe("kill -9 at each step of a put", () => {
  const program = fileURLToPath(new URL("testing/child.ts", import.meta.url));
  function run(step: string, put: number, statements: number): { killed: boolean; acknowledged: string[] } {
    const told = {
      root,
      key: dc.key.export({ type: "pkcs8", format: "pem" }),
      keys: [dc.publicKey],
      step,
      put,
      statements,
    };
    const result = spawnSync(process.execPath, ["--import", "tsx", program], {
      env: { ...process.env, TOLD: JSON.stringify(told) },
      encoding: "utf8",
    });
    if (result.signal === null && result.status !== 0) throw new Error(result.stderr);
    return {
      killed: result.signal === "SIGKILL",
      acknowledged: result.stdout.split("\n").filter((line) => line.includes(" ")),
    };
  }
  test.each(["begun", "written", "flushed", "linked", "kept"])(
    "%s: nothing acknowledged is lost, nothing forks",
    async (step) => {
      const acknowledged: string[] = [];
      // In the first record of the chain, in its middle, and once more after that.
      for (const put of [1, 3, 2]) {
        const { killed, acknowledged: more } = run(step, put, 4);
        expect(killed).toBe(true);
        acknowledged.push(...more);
      }
      const last = run("never", 0, 2);
      expect(last.killed).toBe(false);
      acknowledged.push(...last.acknowledged);
      const writers = await folder.writers();
      const numbers = await Promise.all(writers.map((writer) => folder.numbers(writer)));
      expect(numbers.filter((some) => some.length > 0)).toHaveLength(1);
      const { broken } = await verify(folder.list(), { region: REGION, keys });
      expect(broken).toEqual([]);
      expect(new Set(acknowledged.map((line) => line.split(" ")[0])).size).toBe(acknowledged.length);
      for (const line of acknowledged) {
        const [id = "", digest] = line.split(" ");
        expect(sha256((await folder.get(id)) ?? "")).toBe(digest);
      }
      for (const writer of writers)
        expect((await readdir(join(root, REGION, writer))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    },
  );
});

test("the tool's version is the programme's", async () => {
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect(TOOL.version).toBe(version);
});
