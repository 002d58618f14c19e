/** The pure parts: facts of copies, the ledger, what is worth a statement, what is asked for. */
import { describe, expect, it } from "vitest";
import { coverage } from "../../../model/derive/backup-coverage.ts";
import type { Text } from "../../../model/types.ts";
import type { Copy, DrillReport } from "../../backup/wire.ts";
import { parseAsked } from "./ask-for.ts";
import { factsOf } from "./facts.ts";
import { History } from "./history.ts";
import { type EndedRun, Ledger, type LedgerEvent, ledgerLine, parseLedger } from "./ledger.ts";
import { isWorthSigning, statementOf } from "./statements.ts";
import { backup } from "./testing/backup.ts";
import type { Action, JournalEvent } from "./types.ts";

const ended = (run: string, change: Partial<EndedRun> = {}): LedgerEvent => ({
  ...{
    event: "ended",
    at: "2026-03-01T00:00:00Z",
    run,
    target: "zones",
    action: "drill",
    result: "succeeded",
    seen: true,
  },
  ...{ startedAt: "2026-03-01T00:00:00Z", endedAt: "2026-03-01T00:01:00Z" },
  ...change,
});
const copy = (target: string, at: string): Copy => ({ id: at, target, type: "full", at, bytes: 1, needs: [] });
const list = (copies: readonly Copy[], unknown = {}) => ({ site: "dc", at: "", copies, unknown });
const nothing = Ledger.of([]);
const well = History.of([]);

describe("facts of copies", () => {
  const facts = (...told: Parameters<typeof factsOf> extends [unknown, unknown, ...infer R] ? R : never) =>
    new Map(factsOf(backup.targets, "dc", ...told).map((fact) => [fact.target, fact]));

  it("are none where copies were not listed, and one for each of the site's own targets otherwise", () => {
    expect(factsOf(backup.targets, "dc", undefined, nothing, well)).toEqual([]);
    expect([...facts(list([]), nothing, well).values()]).toEqual(
      ["postgresql:utama", "files:ppid", "zones"].map((target) => ({ target, site: "dc" })),
    );
  });

  it("have the newest and the oldest by time, whatever their order and offset", () => {
    const copies = [
      copy("zones", "2026-03-01T08:00:00+07:00"),
      copy("zones", "2026-03-01T00:30:00Z"),
      copy("zones", "2026-03-01T02:00:00Z"),
    ];
    expect(facts(list(copies), nothing, well).get("zones")).toEqual({
      ...{ target: "zones", site: "dc", newest: "2026-03-01T02:00:00Z", oldest: "2026-03-01T00:30:00Z" },
    });
  });

  it("take an archive that reaches further than the copy, and none without a copy", () => {
    const ledger = Ledger.of([{ event: "archived", at: "", target: "postgresql:utama", to: "2026-03-02T00:00:00Z" }]);
    const of = (copies: readonly Copy[]) => facts(list(copies), ledger, well).get("postgresql:utama")?.newest;
    expect(of([])).toBeUndefined();
    expect(of([copy("postgresql:utama", "2026-03-01T00:00:00Z")])).toBe("2026-03-02T00:00:00Z");
    expect(of([copy("postgresql:utama", "2026-03-03T00:00:00Z")])).toBe("2026-03-03T00:00:00Z");
  });

  it("say why the last attempt at a copy failed, or the last look at the archive, until one succeeds", () => {
    const why = { id: "penuh", en: "full" };
    const attempt = (id: string, action: Action, result: "failed" | "succeeded"): JournalEvent[] => [
      { event: "started", at: "", id, job: id, target: "zones", action, slot: "" },
      { event: "ended", at: "", id, result, ...(result === "failed" ? { why } : {}) },
    ];
    const of = (...events: JournalEvent[][]) =>
      facts(list([]), nothing, History.of(events.flat())).get("zones")?.failed;
    expect(of(attempt("1", "full", "failed"))).toEqual(why);
    expect(of(attempt("1", "full", "failed"), attempt("2", "archive-check", "succeeded"))).toEqual(why);
    expect(of(attempt("1", "full", "failed"), attempt("2", "incremental", "succeeded"))).toBeUndefined();
    expect(of(attempt("1", "full", "succeeded"), attempt("2", "archive-check", "failed"))).toEqual(why);
    expect(of(attempt("1", "drill", "failed"))).toBeUndefined();
    const { items } = coverage(
      "lab",
      backup,
      ["dc"],
      [...facts(list([]), nothing, History.of(attempt("1", "full", "failed"))).values()],
      new Date(),
    );
    expect(items.find(({ target }) => target === "zones")?.reason?.en).toBe(
      "there is no copy; the last attempt failed: full",
    );
  });

  it("say what the last drill found that came to anything", () => {
    const of = (...events: LedgerEvent[]) =>
      facts(list([copy("zones", "2026-03-01T00:00:00Z")]), Ledger.of(events), well).get("zones")?.restorable;
    expect(of()).toBeUndefined();
    expect(of(ended("1", { result: "failed" }), ended("2"))).toBe(true);
    expect(of(ended("1"), ended("2", { result: "failed" }))).toBe(false);
    expect(of(ended("1"), ended("2", { result: "failed", seen: false }))).toBe(true);
    expect(of(ended("1", { action: "full" }))).toBeUndefined();
    expect(of(ended("1", { target: "files:ppid" }))).toBeUndefined();
  });
});

describe("the ledger", () => {
  it("keeps what counts and says the same afterwards", () => {
    const old = "2024-01-01T00:00:00Z";
    const events: LedgerEvent[] = [
      ended("drill-old", { endedAt: old }),
      ended("drill-last", { endedAt: old, target: "files:ppid" }),
      ended("drill-new"),
      ended("full-old", { action: "full", endedAt: "2025-12-01T00:00:00Z" }),
      ended("full-new", { action: "full" }),
      ended("check", { action: "archive-check", endedAt: old, result: "failed" }),
      { event: "signed", at: old, run: "drill-new", evidence: "dc-x/1", digest: "d" },
      { event: "refused", at: old, run: "full-new", why: "no" },
      { event: "archived", at: old, target: "zones", to: "1" },
      { event: "archived", at: old, target: "zones", to: "2" },
    ];
    const text = Ledger.of(events).kept(new Date("2026-03-10T00:00:00Z")).map(ledgerLine).join("");
    const { events: kept, broken } = parseLedger(`${text}rubbish\n{"event":"ended"}\n{"event":"ended","run":"cut`);
    expect(broken).toEqual([text.split("\n").length, text.split("\n").length + 1]);
    const ledger = Ledger.of(kept);
    expect(ledger.drills.map(({ run }) => run)).toEqual(["drill-last", "drill-new"]);
    expect(["full-old", "full-new", "drill-old"].map((run) => ledger.ended(run) !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
    expect(ledger.lastCheck("zones")).toBe("failed");
    expect(ledger.signature("drill-new")).toEqual({ id: "dc-x/1", digest: "d" });
    expect([ledger.refusals, ledger.refusal("full-new"), ledger.archivedTo("zones")]).toEqual([1, "no", "2"]);
  });
});

describe("statements", () => {
  const run = (action: Action) => ({
    id: "r",
    job: "j",
    target: "zones",
    action,
    slot: "",
    startedAt: "2026-03-01T00:00:00Z",
  });

  it("are made of every end, but of archive checks only where the result is another than before", () => {
    const actions: Action[] = ["full", "differential", "incremental", "extend-locks", "expire", "read-data", "drill"];
    for (const action of actions)
      for (const result of ["succeeded", "failed"] as const)
        expect(isWorthSigning({ run: run(action), result }, "succeeded")).toBe(true);
    const check = (result: "succeeded" | "failed", last?: "succeeded" | "failed") =>
      isWorthSigning({ run: run("archive-check"), result }, last);
    expect([check("succeeded"), check("failed")]).toEqual([true, true]);
    expect([check("succeeded", "succeeded"), check("failed", "failed")]).toEqual([false, false]);
    expect([check("succeeded", "failed"), check("failed", "succeeded")]).toEqual([true, true]);
  });

  it("hold what JSON in canonical form can say, whatever an engine's names are, and no commit where none is known", () => {
    const report: DrillReport = {
      ...{
        report: "drill",
        copy: copy("zones", "2026-03-01T00:00:00Z"),
        proven: "exactly",
        passed: true,
        restoredTo: "",
        bytes: 1,
      },
      seconds: { find: 0, fetch: 0, restore: 0, replay: 0, prove: 0 },
      ...{ rtoSeconds: 1, checks: [], left: [] },
      compared: [{ name: "half \ud800", same: true, expected: null, received: null }],
    };
    const told = {
      run: run("drill"),
      result: "succeeded",
      endedAt: "2026-03-01T00:00:00Z",
      seen: true,
      report,
    } as const;
    const named = { region: "lab", site: "dc", inventory: "a".repeat(64) };
    const statement = statementOf(told, named, { name: "r.json", bytes: "{}" });
    expect(statement).toMatchObject({
      kind: "drill",
      commit: null,
      observed: { report: { compared: [{ name: "half \ufffd" }] } },
    });
    expect(statement.subject).toHaveLength(1);
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `t${index}`,
      same: index > 2,
      expected: "b".repeat(64),
      received: null,
    }));
    const large = statementOf({ ...told, report: { ...report, compared: many } }, named, {
      name: "r.json",
      bytes: "{}",
    });
    expect(large).toMatchObject({
      observed: { report: { compared: 5000, differing: 3, first: [{ name: "t0" }, {}, {}] } },
    });
    expect(large.subject.map(({ name }) => name)).toEqual(["dc/zones/2026-03-01T00:00:00Z", "r.json"]);
  });
});

describe("what is asked for", () => {
  it("is taken where it is whole", () => {
    const asked = { target: "zones", action: "drill", choice: "random", until: "2026-03-01T10:00+07:00" };
    expect(parseAsked(JSON.stringify(asked))).toEqual(asked);
    const wrong = (value: unknown) => (parseAsked(JSON.stringify(value)) as readonly Text[]).map(({ en }) => en);
    expect(wrong([])).toEqual(["expected an object"]);
    expect(wrong({ ...asked, choice: "best" })).toEqual(['choice: expected newest, oldest, random, received "best"']);
    for (const until of ["2026-03-01", "2026-03-01T10:00:00", "yesterday", "2026-13-01T10:00:00Z"])
      expect(wrong({ ...asked, until })).toEqual([
        `until: expected a time in ISO 8601 with offset, received "${until}"`,
      ]);
  });
});
