/** `lumbung backup` and `lumbung drill` against sites whose `ops` say what they are told to. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { LumbungError, outOfReach } from "../../io/errors.ts";
import type { BackupModel, Model, SiteModel, Text } from "../../model/types.ts";
import type { Asked } from "../../services/ops/jobs/ask-for.ts";
import type { DrillItem, DrillRecord } from "../../services/ops/jobs/drills.ts";
import { jobsOf } from "../../services/ops/jobs/from-policies.ts";
import type { JobsView, RunDetailView } from "../../services/ops/jobs/views.ts";
import { modelOf } from "../context.ts";
import type { Options } from "../options.ts";
import { chooseLanguage } from "../output/language.ts";
import { backup } from "../verbs/backup.ts";
import { drill } from "../verbs/drill.ts";
import { VERBS } from "../verbs.ts";
import { type AskOps, askOpsOf } from "./ask-ops.ts";
import { coverageExit } from "./coverage.ts";
import { drillPage } from "./drill-page.ts";
import { decimal, duration, localTime, momentOf, percent, size } from "./figures.ts";
import { Rate } from "./rate.ts";

let model: Model;
let backups: BackupModel;
let own: string[];

beforeAll(async () => {
  model = await modelOf({ region: "lab", words: [] });
  if (!model.backup) throw new Error("the lab declares backups");
  backups = model.backup;
  own = [...new Set(backups.targets.filter(({ engine }) => engine !== "foreign").map(({ id }) => id))];
});
beforeEach(() => {
  site = {};
  asked = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  chooseLanguage("id");
});

interface Told {
  /** Default: a fresh copy of all, which was restored. */
  readonly facts?: readonly object[];
  readonly drills?: readonly Partial<DrillItem>[];
  readonly away?: boolean;
  /** How exposed it sees the region. Default: not at all. */
  readonly exposure?: Text;
  /** How a run ends. Default: well. */
  readonly ends?: (asked: Asked) => Partial<RunDetailView>;
  /** Why a run is refused, with the exit code of the mode. */
  readonly refuses?: (asked: Asked) => { readonly code: number; readonly text: string } | undefined;
  readonly record?: DrillRecord;
}

let site: Record<string, Told>;
let asked: { readonly site: string; readonly asked: Asked }[];

const ask: AskOps = async ({ id }: SiteModel, [word, name], stdin) => {
  const told = site[id] ?? {};
  if (told.away) throw outOfReach({ id: `situs ${id} diam`, en: `site ${id} is silent` });
  const json = (value: unknown) => ({ code: 0, text: JSON.stringify(value) });
  const page = (value: object) => json({ ...value, exposure: told.exposure ?? null });
  const now = new Date().toISOString();
  switch (word) {
    case "coverage": {
      const fresh = own.map((target) => ({ target, site: id, newest: now, oldest: now, restorable: true }));
      return page({ site: id, items: [], facts: told.facts ?? fresh });
    }
    case "jobs": {
      const jobs = jobsOf(backups, id).map((job) => ({ ...job, class: job.class ?? null, next: now, last: null }));
      const evidence = { waiting: 2, why: "signer: refuses connections", refused: 0 };
      return page({
        region: "lab",
        site: id,
        at: now,
        jobs,
        underWay: [],
        last: [],
        evidence,
        copiesAt: now,
      } satisfies Omit<JobsView, "jobs"> & { jobs: unknown });
    }
    case "drills":
      return page({ region: "lab", site: id, items: told.drills ?? [] });
    case "drill":
      return told.record?.id === name ? json(told.record) : { code: 1, text: `there is no /drills/${name}` };
    case "run": {
      const what = JSON.parse(stdin ?? "") as Asked;
      const refusal = told.refuses?.(what);
      if (refusal) return refusal;
      asked.push({ site: id, asked: what });
      return json({ id: `run-${asked.length}` });
    }
    case "watch": {
      const one = asked[Number(name?.split("-")[1]) - 1];
      if (!one) return { code: 1, text: `there is no /runs/${name}` };
      const base = {
        id: name,
        site: id,
        job: "x",
        ...one.asked,
        state: "succeeded",
        startedAt: now,
        endedAt: now,
        why: null,
      };
      return json({ ...base, phase: null, doneBytes: null, totalBytes: null, ...told.ends?.(one.asked) });
    }
    default:
      return { code: 2, text: "" };
  }
};

async function run(verb: typeof backup, words: readonly string[], options: Partial<Options> = {}) {
  const [out, err] = [[] as string[], [] as string[]];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0),
  ];
  try {
    return { code: await verb({ region: "lab", ...options, words }, ask), out: out.join(""), err: err.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const wrong = (verb: typeof backup, words: readonly string[], options: Partial<Options> = {}) =>
  verb({ region: "lab", ...options, words }, ask).then(
    () => undefined,
    (error: unknown) => (error instanceof LumbungError ? `${error.exitCode}: ${error.text.en}` : error),
  );

describe("backup coverage", () => {
  test("is of both sites together, in the design's shape; others' things are told apart with their number", async () => {
    const { code, out } = await run(backup, ["coverage"], { json: true });
    const told = JSON.parse(out);
    expect(told).toMatchObject({ region: "lab", elsewhere: expect.any(Array), without: expect.any(Array) });
    expect(Object.keys(told.items[0]).sort()).toEqual(
      ["kind", "newestAge", "oldest", "reason", "rpo", "site", "state", "target"].sort(),
    );
    expect(told.covered).toBe(2 * own.length);
    expect(told.share).toBe(told.covered / told.declared);
    expect(
      told.items.some(
        ({ target }: { target: string }) => !own.includes(target) && target === told.elsewhere[0]?.target,
      ),
    ).toBe(false);
    expect(code).toBe(told.covered === told.declared ? 0 : 1);
    const text = (await run(backup, ["coverage"])).out;
    expect(text).toContain(
      `${told.covered} dari ${told.declared} sasaran · ${told.elsewhere.length} dijalankan pihak lain`,
    );
    expect((await run(backup, ["coverage"], { site: "dc", json: true })).out).not.toContain('"site": "drc"');
  });

  test("a site that is out of reach is all unknown, and never covered", async () => {
    site = { drc: { away: true } };
    const { code, out, err } = await run(backup, ["coverage"], { json: true });
    const told = JSON.parse(out);
    expect(told.covered).toBe(own.length);
    const states = new Set(
      told.items
        .filter((item: { site: string; target: string }) => item.site === "drc" && own.includes(item.target))
        .map(({ state }: { state: string }) => state),
    );
    expect(states).toEqual(new Set(["unknown"]));
    expect(err).toContain("situs drc diam");
    expect([1, 3]).toContain(code);
  });

  test("exit codes: what is heard and does not count is no; only silence is a retry", () => {
    const item = (of: string, state: "ok" | "late" | "unknown") => ({ site: of, state }) as never;
    const exit = (items: never[], silent: number, heard = ["dc"]) =>
      coverageExit({ items, declared: items.length } as never, new Set(heard), silent);
    expect(exit([item("dc", "ok"), item("drc", "ok")], 0, ["dc", "drc"])).toBe(0);
    expect(exit([item("dc", "late"), item("drc", "ok")], 0, ["dc", "drc"])).toBe(1);
    expect(exit([item("dc", "unknown")], 0)).toBe(1);
    expect(exit([item("dc", "ok"), item("drc", "unknown")], 1)).toBe(3);
    expect(exit([item("dc", "late"), item("drc", "unknown")], 1)).toBe(1);
    expect(exit([], 0)).toBe(1);
  });
});

describe("backup run and list", () => {
  test("takes the smallest that each policy has, of every target at every site", async () => {
    const { code, out } = await run(backup, ["run"]);
    expect(code).toBe(0);
    expect(asked).toHaveLength(2 * own.length);
    const actions = new Map(asked.map((one) => [one.asked.target, one.asked.action]));
    const order = ["full", "differential", "incremental"];
    for (const target of own) {
      const there = jobsOf(backups, "dc").filter((job) => job.target === target && job.class === "base");
      const smallest = order.filter((action) => there.some((job) => job.action === action)).at(-1);
      expect([target, actions.get(target)]).toEqual([target, smallest]);
    }
    expect(out).toContain("berhasil");
  });

  test("takes what was asked for, or the next larger", async () => {
    await run(backup, ["run"], { type: "full", target: "postgresql:utama", site: "drc" });
    await run(backup, ["run"], { type: "differential", target: "postgresql:utama", site: "dc" });
    const differential = jobsOf(backups, "dc").some(({ id }) => id === "postgresql:utama/differential");
    expect(asked.map((one) => [one.site, one.asked.target, one.asked.action])).toEqual([
      ["drc", "postgresql:utama", "full"],
      ["dc", "postgresql:utama", differential ? "differential" : "full"],
    ]);
  });

  test("exit code 1 where one failed or was not begun, 3 where a site was not heard, with what the others came to", async () => {
    const why = { id: "penuh", en: "full" };
    site = { dc: { ends: () => ({ state: "failed", why }) } };
    const failed = await run(backup, ["run"], { target: "zones", json: true });
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.out).items).toMatchObject([
      { site: "dc", state: "failed", why },
      { site: "drc", state: "succeeded" },
    ]);
    site = { dc: { refuses: () => ({ code: 2, text: JSON.stringify({ problems: [why] }) }) } };
    const refused = await run(backup, ["run"], { target: "zones", json: true });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out).notBegun).toEqual([{ site: "dc", target: "zones", why }]);
    site = { dc: { away: true } };
    expect(await run(backup, ["run"], { target: "zones" })).toMatchObject({
      code: 3,
      out: expect.stringContaining("drc"),
    });
  });

  test("list tells of each job, of what waits for the signer, and of the share", async () => {
    const { code, out } = await run(backup, ["list"]);
    expect(code).toBe(0);
    for (const text of [
      "postgresql:utama/full",
      "restic/read-data",
      "2 pernyataan menunggu penanda tangan",
      "dijalankan pihak lain",
    ])
      expect(out).toContain(text);
    const told = JSON.parse((await run(backup, ["list"], { json: true })).out);
    expect(told).toMatchObject({ region: "lab", share: expect.any(Number), elsewhere: expect.any(Array) });
    expect(told.sites.map(({ site: id }: { site: string }) => id)).toEqual(["dc", "drc"]);
  });

  test("wrong use says what is expected", async () => {
    expect(await wrong(backup, ["dance"])).toBe('2: "backup dance" is not known');
    expect(await wrong(backup, ["run"], { type: "small" })).toBe(
      '2: --type: expected full, differential, incremental, received "small"',
    );
    expect(await wrong(backup, ["run"], { target: "postgresql:utamo" })).toBe(
      '2: target "postgresql:utamo" is not declared',
    );
    const foreign = backups.targets.find(({ engine }) => engine === "foreign");
    if (foreign)
      expect(await wrong(backup, ["run"], { target: foreign.id })).toBe(`2: target "${foreign.id}" is run by others`);
    expect(await wrong(backup, ["run"], { site: "moon" })).toBe('2: site "moon" is not declared');
  });
});

describe("drills", () => {
  const item = (id: string, of: string, change: Partial<DrillItem> = {}): DrillItem => ({
    ...{
      id,
      site: of,
      target: "zones",
      kind: "zones",
      backup: "abc",
      choice: "newest",
      startedAt: "2026-03-01T04:00:00Z",
      passed: true,
    },
    ...{
      proven: "exactly",
      restoreSeconds: 10,
      proofSeconds: 2,
      rpo: 60,
      rto: 12,
      compared: 4,
      differing: 0,
      evidence: "dc-x/1",
      why: null,
    },
    ...change,
  });

  test("all: every target of ours and every whole application at both sites, one after the other; exit code 1 if one did not restore", async () => {
    const { code } = await run(drill, ["run"], { all: true, choice: "oldest" });
    expect(code).toBe(0);
    const whole = ["application:pengaduan", "application:ppid", "application:pengetahuan"];
    expect(asked.map((one) => `${one.site} ${one.asked.target}`)).toEqual(
      ["dc", "drc"].flatMap((of) => [...own, ...whole].map((target) => `${of} ${target}`)),
    );
    expect(new Set(asked.map((one) => one.asked.choice))).toEqual(new Set(["oldest"]));
    const bad = item("run-1", "dc", { passed: false, differing: 1, why: { id: "isi berbeda", en: "content differs" } });
    asked = [];
    site = { dc: { ends: () => ({ state: "failed" }), drills: [bad] } };
    const failed = await run(drill, ["run"], { target: "zones", site: "dc", json: true });
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.out)).toEqual({ region: "lab", items: [bad], notBegun: [] });
    const shape = [
      "id",
      "target",
      "kind",
      "backup",
      "startedAt",
      "passed",
      "restoreSeconds",
      "proofSeconds",
      "rpo",
      "rto",
      "compared",
      "differing",
      "evidence",
    ];
    expect(Object.keys(JSON.parse(failed.out).items[0])).toEqual(expect.arrayContaining(shape));
  });

  test("without a target: the one, of those with a copy, that was drilled longest ago; where there is none the answer is no", async () => {
    const facts = ["zones", "state"].map((target) => ({ target, site: "dc", newest: "2026-03-01T00:00:00Z" }));
    site = { dc: { facts, drills: [item("1", "dc")] } };
    await run(drill, ["run"], { site: "dc" });
    expect(asked.map((one) => one.asked.target)).toEqual(["state"]);
    site = { dc: { facts: [] } };
    expect((await run(drill, ["run"], { site: "dc" })).code).toBe(1);
    expect(asked).toHaveLength(1);
  });

  test("a whole application is drilled where all of it has a copy, and by its name", async () => {
    const newest = "2026-03-01T00:00:00Z";
    const facts = ["mariadb:php", "files:ppid"].map((target) => ({ target, site: "dc", newest }));
    const drilled = facts.map(({ target }) => item(target, "dc", { target }));
    site = { dc: { facts, drills: drilled } };
    await run(drill, ["run"], { site: "dc" });
    expect(asked.map((one) => one.asked.target)).toEqual(["application:ppid"]);
    asked = [];
    site = { dc: { facts: facts.slice(0, 1), drills: drilled } };
    await run(drill, ["run"], { site: "dc" });
    expect(asked.map((one) => one.asked.target)).toEqual(["mariadb:php"]);
    asked = [];
    await run(drill, ["run"], { site: "dc", target: "application:pengetahuan" });
    expect(asked.map((one) => one.asked.target)).toEqual(["application:pengetahuan"]);
    expect(await wrong(drill, ["run"], { target: "application:sipd" })).toContain('"application:sipd" is not declared');
    // It is no target of a backup.
    expect(await wrong(backup, ["run"], { target: "application:ppid" })).toContain(
      '"application:ppid" is not declared',
    );
  });

  test("a moment is the region's own time where no offset is given", async () => {
    await run(drill, ["run"], { target: "postgresql:utama", site: "dc", until: "2026-03-01 10:15" });
    expect(asked[0]?.asked).toEqual({
      target: "postgresql:utama",
      action: "drill",
      until: "2026-03-01T10:15:00+07:00",
    });
    expect(await wrong(drill, ["run"], { target: "postgresql:utama", until: "yesterday" })).toBe(
      '2: --until: expected a time, received "yesterday"',
    );
    expect(await wrong(drill, ["run"], { all: true, until: "2026-03-01 10:15" })).toContain(
      "2: --until without --target",
    );
    expect(await wrong(drill, ["run"], { all: true, target: "zones" })).toBe("2: --all or --target, not both");
    expect(await wrong(drill, ["run"], { choice: "best" })).toBe(
      '2: --choice: expected newest, oldest, random, received "best"',
    );
    expect(await wrong(drill, ["show"])).toBe('2: "drill show" is not known');
  });

  test("list is of both sites, newest first, and says which was not heard", async () => {
    site = {
      dc: { drills: [item("early", "dc")] },
      drc: {
        drills: [item("late", "drc", { startedAt: "2026-03-02T04:00:00Z", passed: false, restoreSeconds: null })],
      },
    };
    const { code, out } = await run(drill, ["list"]);
    expect(code).toBe(0);
    expect(out.indexOf("late")).toBeLessThan(out.indexOf("early"));
    expect(out).toContain("tidak pulih");
    site = { ...site, drc: { away: true } };
    expect(await run(drill, ["list"])).toMatchObject({
      code: 3,
      out: expect.stringContaining("early"),
      err: expect.stringContaining("drc"),
    });
  });

  test("show finds a drill at whichever site has it, and writes its page", async () => {
    site = { drc: { record: drillRecord(true) } };
    const { code, out } = await run(drill, ["show", "d-1"]);
    expect(code).toBe(0);
    for (const text of ["PULIH: isinya persis", "20260301-040000F", "pengaduan.public.laporan", "dc-x/0000000007"])
      expect(out).toContain(text);
    const folder = await mkdtemp(join(tmpdir(), "drill-page-"));
    const to = join(folder, "x.html");
    expect((await run(drill, ["show", "d-1"], { to })).out).toBe("");
    expect(await readFile(to, "utf8")).toContain("<!doctype html>");
    await rm(folder, { recursive: true });
    expect(JSON.parse((await run(drill, ["show", "d-1"], { json: true })).out)).toEqual(drillRecord(true));
    site = { drc: { record: drillRecord(false) } };
    expect((await run(drill, ["show", "d-1"])).code).toBe(1);
    expect(await wrong(drill, ["show", "nobody"])).toBe('2: there is no drill "nobody"');
    site = { dc: { away: true } };
    expect((await run(drill, ["show", "nobody"])).code).toBe(3);
  });
});

function drillRecord(passed: boolean): DrillRecord {
  const target = "postgresql:utama";
  return {
    ...{
      id: "d-1",
      region: "lab",
      site: "drc",
      target,
      startedAt: "2026-03-01T04:00:00Z",
      endedAt: "2026-03-01T04:01:00Z",
      passed,
    },
    ...{ why: passed ? null : { id: "isi <berbeda>", en: "content <differs>" }, choice: "oldest", until: null },
    evidence: { id: "dc-x/0000000007", digest: "e".repeat(64) },
    report: {
      ...{
        report: "drill",
        choice: "oldest",
        proven: "exactly",
        passed,
        restoredTo: "2026-03-01T03:59:00Z",
        bytes: 1_234_567_890,
      },
      copy: {
        ...{ id: "20260301-040000F", target, type: "full", class: "base" },
        at: "2026-03-01T03:59:00Z",
        bytes: 1e9,
        needs: [],
      },
      seconds: { find: 0.5, fetch: 12.25, restore: 30, replay: 4, prove: 5.5 },
      rtoSeconds: 47,
      compared: [
        {
          name: "pengaduan.public.lampiran",
          same: true,
          expected: "d".repeat(64),
          received: "d".repeat(64),
          rows: 12_345,
        },
        {
          name: "pengaduan.public.laporan",
          same: passed,
          expected: "b".repeat(64),
          received: passed ? "b".repeat(64) : null,
          rows: 3,
        },
      ],
      checks: [{ name: "pg_amcheck", ok: true, detail: "" }],
      left: [],
    },
  };
}

describe("the page of a drill", () => {
  const told = {
    region: { name: "Kabupaten <Lumbung>", government: "Pemerintah Kabupaten Lumbung", timezone: "Asia/Jakarta" },
    heads: {
      heads: [
        {
          writer: "dc-0123456789ab-20260301T000000000Z",
          number: 7,
          digest: "f".repeat(64),
          at: "2026-03-01T04:00:00.000Z",
          counterSigned: null,
        },
      ],
      unknown: [],
      findings: 0,
    },
  } as const;

  test("has what, from when, how long, what was compared, what differs, evidence and lines to sign, in both languages", () => {
    const page = drillPage(drillRecord(false), told);
    for (const text of [
      "TIDAK PULIH",
      "isi &lt;berbeda&gt;",
      "Kabupaten &lt;Lumbung&gt;",
      "2026-03-01 10:59:00 WIB",
      "12,25 s",
      "52,25 s",
      "12.345",
      "dc-x/0000000007",
      "e".repeat(64),
      "Yang berbeda",
      "(tidak ada)",
      "Pelaksana",
      "Kepala rantai bukti",
      "f".repeat(64),
    ])
      expect(page).toContain(text);
    chooseLanguage("en");
    const english = drillPage(drillRecord(true), told);
    for (const text of [
      'lang="en"',
      "RESTORED: its content is exactly",
      "Nothing, of 2 that were compared.",
      "12,345",
      "Carried out by",
    ])
      expect(english).toContain(text);
  });

  test("of a whole application names its page and what was seen, its files, and how far apart in time they are", () => {
    const record = drillRecord(true);
    const { report } = record;
    if (!report) throw new Error("no report");
    const page = { name: "page", ok: true, detail: "https://ppid.example/: 200, 59659 bytes, shows <the title>" };
    const files = { ...report.copy, id: "8088ebac", target: "files:ppid" };
    const parts = [
      { target: report.copy.target, copy: report.copy, apartSeconds: 0 },
      { target: files.target, copy: files, apartSeconds: -5400 },
    ];
    const whole = { ...record, report: { ...report, parts, checks: [...report.checks, page] } };
    const said = drillPage(whole, told);
    for (const text of [
      "postgresql:utama: 20260301-040000F",
      "files:ppid: 8088ebac, 1 jam 30 mnt sebelum basis datanya",
      "halaman yang dibuka",
      "https://ppid.example/: 200, 59659 bytes, shows &lt;the title&gt;",
      "sampai halamannya tampil (RTO)",
    ])
      expect(said).toContain(text);
    chooseLanguage("en");
    const later = { ...whole, report: { ...whole.report, parts: parts.map((one) => ({ ...one, apartSeconds: 60 })) } };
    expect(drillPage(later, told)).toContain("files:ppid: 8088ebac, 1 min after its database");
    // A database by itself has neither.
    for (const text of ["page that was asked for", "its files", "until its page was shown"])
      expect(drillPage(record, told)).not.toContain(text);
  });

  test("says how long the drill stood still for others, and that its recovery time is without that", () => {
    const record = drillRecord(true);
    const { report } = record;
    if (!report) throw new Error("no report");
    const page = (standingSeconds: number): string =>
      drillPage({ ...record, report: { ...report, standingSeconds } }, told);
    expect(page(0)).not.toContain("berhenti sejenak");
    for (const text of ["47 dtk (tanpa waktu latihan berhenti sejenak", "47,5 s", "99,75 s"])
      expect(page(47.5)).toContain(text);
    chooseLanguage("en");
    for (const text of [
      "47 s (without the time in which the drill stood still for others)",
      "standing still, as others",
    ])
      expect(page(47.5)).toContain(text);
  });

  test("asks for nothing from elsewhere, and stands where nobody could be asked how it went", () => {
    expect(drillPage(drillRecord(true), told)).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    const lost = drillPage({ ...drillRecord(false), report: null, evidence: null }, told);
    expect(lost).toContain("Belum ada bukti bertanda tangan");
    expect(lost).not.toMatch(/undefined|null|NaN/);
  });
});

describe("asking ops in its container", () => {
  const dc = { id: "dc" } as SiteModel;
  const answering = (code: number, stdout: string, stderr = "") => {
    const calls: unknown[] = [];
    const exec = async (...call: unknown[]) => {
      calls.push(call);
      return { code, stdout, stderr };
    };
    const engine = { exec };
    return { calls, ask: askOpsOf("lab", () => engine) };
  };

  test("hands the question over on standard input, never in the words", async () => {
    const { calls, ask: one } = answering(0, '{"id":"x"}\n');
    expect(await one(dc, ["run"], "{}")).toEqual({ code: 0, text: '{"id":"x"}' });
    expect(calls).toEqual([
      ["lab-dc-ops", ["node", "--max-old-space-size=32", "/usr/local/lib/lumbung/ops.mjs", "run"], { stdin: "{}" }],
    ]);
  });

  test("one that is not there, does not answer or is older than its jobs is out of reach", async () => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 0,
        (error: LumbungError) => `${error.exitCode} ${error.text.en}`,
      );
    expect(await code(answering(3, "ops does not answer: refused").ask(dc, ["jobs"]))).toContain(
      "3 site dc: nothing is heard from ops: ops does not answer: refused",
    );
    expect(await code(answering(2, "", "ops: expected health, status or nothing").ask(dc, ["jobs"]))).toContain(
      "expected health",
    );
    const gone = askOpsOf("lab", () => ({ exec: () => Promise.reject(new Error("No such container: lab-dc-ops")) }));
    expect(await code(gone(dc, ["jobs"]))).toContain("3 site dc: nothing is heard from ops: No such container");
  });
});

describe("figures", () => {
  test("sizes, durations, shares and times", () => {
    expect([0, 999, 1000, 1234, 999_600, 1_234_567_890, 5e13].map(size)).toEqual([
      "0 B",
      "999 B",
      "1 kB",
      "1,2 kB",
      "1 MB",
      "1,2 GB",
      "50 TB",
    ]);
    expect([0, 0.44, 9.94, 10, 59.6, 61, 3600, 3661, 90_061, -5].map(duration)).toEqual([
      ...[
        "0 dtk",
        "0,4 dtk",
        "9,9 dtk",
        "10 dtk",
        "1 mnt",
        "1 mnt 1 dtk",
        "1 jam",
        "1 jam 1 mnt",
        "1 hr 1 jam",
        "−5 dtk",
      ],
    ]);
    expect([1, 0.9999, 0.875, 0, null].map(percent)).toEqual(["100 %", "99,9 %", "87,5 %", "0 %", "–"]);
    expect(localTime("2026-03-01T20:00:00Z", "Asia/Jayapura")).toBe("2026-03-02 05:00:00 WIT");
    expect(momentOf("2026-03-01T10:15:30Z", "Asia/Jakarta")).toBe("2026-03-01T10:15:30Z");
    expect(
      momentOf("2026-02-30 10:15", "Asia/Jakarta") === undefined ||
        momentOf("2026-13-01 10:15", "Asia/Jakarta") === undefined,
    ).toBe(true);
    chooseLanguage("en");
    expect([size(1234), duration(3661), decimal(1234.5)]).toEqual(["1.2 kB", "1 h 1 min", "1,234.5"]);
  });

  test("rate and time left, once they can be told, and anew with each phase", () => {
    chooseLanguage("en");
    const rate = new Rate();
    const seen = (doneBytes: number | null, totalBytes: number | null = 1e9, phase = "copying") => ({
      phase: { id: phase, en: phase },
      doneBytes,
      totalBytes,
    });
    expect(rate.told(seen(null), 0)).toBe("copying");
    expect(rate.told(seen(1e8), 0)).toBe("copying · 10 % (100 MB / 1 GB)");
    expect(rate.told(seen(3e8), 4)).toBe("copying · 30 % (300 MB / 1 GB) · 50 MB/s · 14 s left");
    expect(rate.told(seen(1e9), 18)).toBe("copying · 99 % (1 GB / 1 GB) · 50 MB/s");
    expect(rate.told(seen(1e6, null, "proving"), 19)).toBe("proving · 1 MB");
    expect(rate.told({ phase: null, doneBytes: null, totalBytes: null }, 20)).toBe("");
  });
});

test.each([
  ["backup list", backup, ["list"]],
  ["backup coverage", backup, ["coverage"]],
  ["backup run", backup, ["run"]],
  ["drill list", drill, ["list"]],
  ["drill run", drill, ["run"]],
] as const)(
  "%s says how exposed the region is, on standard error, and says unknown where nobody does",
  async (_, verb, words) => {
    const whole = await run(verb, words, { lang: "en" });
    expect(whole.err).not.toMatch(/alone|UNKNOWN whether/);
    const exposure = { id: "wilayah berjalan di dc saja", en: "the region runs at dc alone" };
    site = { dc: { exposure }, drc: { away: true } };
    const exposed = await run(verb, words, { json: true });
    expect(exposed.err).toContain("! wilayah berjalan di dc saja\n");
    expect(() => JSON.parse(exposed.out)).not.toThrow();
    site = { dc: { away: true }, drc: { away: true } };
    expect((await run(verb, words)).err).toContain("TIDAK DIKETAHUI apakah wilayah berjalan dengan siaga");
  },
);

test("both verbs are in the table of verbs", async () => {
  const of = (name: string) => VERBS.find((verb) => verb.name === name)?.load();
  expect([await of("backup"), await of("drill")]).toEqual([backup, drill]);
});
