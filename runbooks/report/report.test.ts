import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { append, emptyChain, openRecord } from "../../evidence/chain.ts";
import { keyIdOf, sha256 } from "../../evidence/dsse.ts";
import { keyRing } from "../../evidence/keys.ts";
import { problemsOf } from "../../evidence/statement.ts";
import { writerName } from "../../evidence/writer.ts";
import { type Cell, printedClasses, secondsText, show } from "../../web/cells.ts";
import { escapeText } from "../../web/escape.ts";
import { LANGS, type Lang } from "../../web/text.ts";
import { planDigest } from "../engine/plan.ts";
import { reportPage } from "./page.ts";
import { type Measured, objectiveVerdict, reportOf, secondsBetween } from "./report.ts";
import { sheetOf } from "./sheet.ts";
import { runStatement } from "./statement.ts";
import { failedAt, measured, plan, REGION, RUN, signed, succeeded } from "./testing/example.ts";
import { reportText } from "./text.ts";

const ZONE = REGION.timezone;
const report = reportOf(succeeded, measured);
const sheet = sheetOf(report, REGION, signed);
const page = (lang: Lang) => reportPage(sheet, lang, ZONE);
const plain = (lang: Lang) => reportText(sheet, lang, ZONE);

describe("what came of a run", () => {
  test("is told from the journal and what was measured", () => {
    expect(report).toMatchObject({
      ...{
        run: RUN,
        runbook: "switchover",
        result: "succeeded",
        epochBefore: 7,
        epochAfter: 8,
        plan: planDigest(plan),
      },
      commits: ["5f5b72f", "77aa31c"],
      startedAt: "2026-03-01T03:00:00.000Z",
      endedAt: "2026-03-01T03:03:33.500Z",
    });
    expect(report.steps.map(({ outcome, actualSeconds }) => [outcome, actualSeconds])).toEqual([
      ["skipped", null],
      ["done", 15.25],
      // From its first beginning, over the time in which nothing ran.
      ["done", 45.75],
      ["done", 15.25],
      ["done", 15.25],
      ["done", 15.25],
    ]);
  });
  test("a run that failed has no end, and says where and why", () => {
    expect(reportOf(failedAt("promote", "listrik padam"), measured)).toMatchObject({
      ...{ result: "failed", endedAt: null, failure: { step: "promote", phase: "action" } },
    });
    expect(reportOf(succeeded.slice(0, 4), measured).result).toBe("interrupted");
  });
  test("a clock that was set makes a time unknown, not negative", () => {
    expect(secondsBetween("2026-03-01T03:00:01.000Z", "2026-03-01T03:00:00.000Z")).toBeNull();
  });
});

test.each([
  [60, 60, "met"],
  [60, 60.1, "missed"],
  [0, 0, "met"],
  [60, null, "unknown"],
  [60, -1, "unknown"],
  [60, Number.NaN, "unknown"],
  [null, 1, "not-declared"],
] as const)("declared %s, measured %s: %s", (declaredSeconds, measuredSeconds, verdict) => {
  expect(objectiveVerdict({ declaredSeconds, measuredSeconds })).toBe(verdict);
});

/** Every figure of a text, with the language's own separators taken out, in order. */
function figures(said: string, lang: Lang): string[] {
  const [thousands, point] =
    lang === "id" ? [/(\d)\.(?=\d{3}(?!\d))/g, /(\d),(?=\d)/g] : [/(\d),(?=\d{3}(?!\d))/g, /(\d)\.(?=\d)/g];
  return (
    said
      .replace(thousands, "$1")
      .replace(point, "$1_")
      .match(/[0-9a-f_]*\d[0-9a-f_]*/g) ?? []
  );
}
const bare = (html: string) =>
  html
    .slice(html.indexOf("<body>"))
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;/g, "'");

describe("the renderings", () => {
  test("have the same figures in both languages, and in page and text", () => {
    const all = LANGS.flatMap((lang) => [figures(bare(page(lang)), lang), figures(plain(lang), lang)]);
    expect(all[0]?.length).toBeGreaterThan(80);
    for (const one of all) expect(one).toEqual(all[0]);
    expect(figures("1.234,5 dtk (20:34)", "id")).toEqual(figures("1,234.5 s (20:34)", "en"));
    expect(figures("1.234,5", "id")).not.toEqual(figures("1,234.6", "en"));
  });
  test("print every cell of the sheet", () => {
    const cells: Cell[] = [sheet.facts, ...sheet.sections].flatMap(({ rows }) => rows.flat());
    expect(cells.length).toBeGreaterThan(100);
    for (const lang of LANGS)
      for (const cell of cells) {
        const shown = show(cell, lang, ZONE);
        expect(plain(lang)).toContain(shown);
        expect(page(lang)).toContain(escapeText(shown));
      }
  });
  test("declared and measured stand side by side, and what is unknown is said", () => {
    const lines = plain("id").split("\n");
    const line = (start: RegExp) => lines.find((one) => start.test(one))?.split(/ {2,}/);
    expect(line(/^postgresql:utama +RPO/)).toEqual(["postgresql:utama", "RPO", "60 dtk", "3,5 dtk", "terpenuhi"]);
    expect(line(/^postgresql:utama +RTO/)?.slice(2)).toEqual([
      "900 dtk (15:00)",
      "1.000 dtk (16:40)",
      "TIDAK TERPENUHI",
    ]);
    expect(line(/^mariadb:php +RPO/)?.slice(3)).toEqual(["tidak diketahui", "TIDAK DIKETAHUI"]);
    expect(line(/^mariadb:php +tidak/)).toEqual(["mariadb:php", "tidak diketahui", "tidak diketahui"]);
    expect(plain("en")).toMatch(/WHAT WAS LOST\ntarget +rows +time\npostgresql:utama +12,345 +3\.5 s/);
  });
  test("nothing lost, and lost nobody knows what, are two things", () => {
    const lostText = (lost: Measured["lost"]) =>
      reportText(sheetOf(reportOf(succeeded, { ...measured, lost }), REGION, signed), "id", ZONE);
    expect(lostText([])).toContain("YANG HILANG\ntidak ada");
    expect(lostText(null)).toContain("YANG HILANG\ntidak diketahui");
  });
  test("the wait for the lease and the TTL of the names are figures of their own, and a silent name server is said to be", () => {
    expect(plain("en")).toMatch(/TTL of the addresses \(not waited for, outside of the RTO\) +60 s/);
    expect(plain("id")).toMatch(/TTL alamat \(tidak ditunggu, di luar RTO\) +60 dtk/);
    expect(plain("en")).toMatch(/serial at drc +2026030101 → 2026030102\n/);
    expect(plain("en")).toMatch(/serial at dc +2026030101 → no answer\. .*old address until it hears/);
    // The example has no step that waits for the lease; a failover has.
    expect(plain("en")).not.toContain("old lease");
    const waits = {
      ...report,
      steps: report.steps.map((step, at) => (at === 0 ? { ...step, id: "wait-lease" } : step)),
    };
    expect(reportText(sheetOf(waits, REGION, signed), "en", ZONE)).toMatch(/until the old lease had ended +17\.5 s/);
    const unmoved = (id: string) => {
      const steps = report.steps.map((step, at) => (at === 0 ? { ...step, id } : step));
      return reportText(sheetOf({ ...report, steps, names: null }, REGION, signed), "en", ZONE);
    };
    expect(unmoved("move-names")).toContain("PUBLIC NAMES\nunknown");
    expect(unmoved("ready")).toContain("PUBLIC NAMES\nnone");
  });
  test("says what the region lacks afterwards: a standby, a sync that counts", () => {
    const textAfter = (runbook: string, done: readonly string[], begun: readonly string[] = []) => {
      const [step] = report.steps;
      if (step === undefined) throw new Error("the example has no step");
      const steps = [
        ...done.map((id) => ({ ...step, id, outcome: "done" as const })),
        ...begun.map((id) => ({ ...step, id, outcome: "skipped" as const })),
      ];
      return reportText(sheetOf({ ...report, runbook, steps }, REGION, signed), "en", ZONE);
    };
    const failedOver = textAfter("failover", ["relax-sync", "open-writes", "prove"]);
    expect(failedOver).toMatch(/afterwards +WITHOUT A STANDBY/);
    expect(failedOver).toMatch(/afterwards +SYNC RELAXED/);
    expect(textAfter("switchover", ["open-writes", "prove", "rejoin"])).not.toContain("afterwards");
    expect(textAfter("switchover", ["open-writes", "prove"], ["rejoin"])).toContain("WITHOUT A STANDBY");
    expect(textAfter("recovery-lost", ["still-active", "relax-sync"])).toMatch(/WITHOUT A STANDBY[\s\S]*SYNC RELAXED/);
    expect(textAfter("recovery-lost", ["relax-sync", "rejoin", "tighten-sync"])).not.toContain("afterwards");
  });
  test("what was written as a proof is named, and whether an application wrote it", () => {
    expect(plain("en")).toMatch(/postgresql:utama +proof\[17\] = 5{32} +pengaduan\.contoh\.go\.id +\d/);
    expect(plain("en")).toMatch(
      /mariadb:php +lumbung\.epoch = 8 +the database's own row, .* through no application +\d/,
    );
    expect(plain("id")).toMatch(/mariadb:php +lumbung\.epoch = 8 +baris milik basis data sendiri/);
    const proofText = (proofs: Measured["proofs"]) =>
      reportText(sheetOf(reportOf(succeeded, { ...measured, proofs }), REGION, signed), "en", ZONE);
    expect(proofText(null)).toContain("PROOF BY A REAL WRITE\nunknown");
    expect(proofText([])).toContain("PROOF BY A REAL WRITE\nnone");
  });
  test("a report that nobody signed yet says so", () => {
    const unsigned = sheetOf({ ...report, epochAfter: null }, REGION, { evidence: null, heads: [] });
    expect(reportText(unsigned, "en", ZONE)).toMatch(/record of evidence +not signed yet/);
    expect(reportText(unsigned, "en", ZONE)).toMatch(/epoch before, after +7, unknown/);
  });
  test("the page keeps a short word whole, and lets a long one break", () => {
    expect(page("id")).toContain('<td class="left whole">postgresql:utama</td>');
    expect(printedClasses({ kind: "said", said: "x" }, "a".repeat(19), "left")).toBe("left");
    expect(printedClasses({ kind: "code", code: "x" }, "a".repeat(64), "left")).toBe("digest");
  });
  test("the page takes nothing from elsewhere, and nobody's words become markup", () => {
    for (const lang of LANGS) {
      expect(page(lang)).not.toMatch(/<script|<link|src=|href=|url\(|@import/);
      expect(page(lang)).not.toContain("<sudah>");
      expect(page(lang)).toContain(`<html lang="${lang}">`);
      expect(page(lang)).toContain("@page { size: A4");
    }
    expect(show({ kind: "said", said: "a\u001b[2Jb\u202ec" }, "id", ZONE)).toBe("a [2Jb c");
  });
  test.each([
    [3.46, "3,5 dtk", "3.5 s"],
    [119.9, "119,9 dtk", "119.9 s"],
    [120, "120 dtk (2:00)", "120 s (2:00)"],
    [3725, "3.725 dtk (1:02:05)", "3,725 s (1:02:05)"],
  ])("%d seconds", (seconds, id, en) => {
    expect([secondsText(seconds, "id"), secondsText(seconds, "en")]).toEqual([id, en]);
  });
});

test("what is told to the signer is a statement that it takes, and names the journal's digest", () => {
  const journal = Buffer.from("the journal's bytes");
  const told = runStatement(report, journal, { name: "lumbung-ops", version: "0.1.0" });
  expect(problemsOf(told)).toEqual([]);
  expect(told).toMatchObject({ kind: "run", commit: "77aa31c", inventory: plan.inventory, observedAt: report.endedAt });
  expect(told.subject).toContainEqual({ name: `${RUN}.jsonl`, digest: { sha256: sha256(journal) } });
  const { privateKey: key } = generateKeyPairSync("ed25519");
  const now = new Date("2026-03-01T04:00:00.000Z");
  const { bytes } = append(emptyChain(writerName("drc", keyIdOf(key), now)), told, { region: "lab", key, now });
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  expect(openRecord(bytes, keyRing([{ site: "drc", publicKey }]))).toMatchObject({
    statement: { observed: { epochBefore: 7, epochAfter: 8, lost: [{ rows: 12_345 }, { rows: null }] } },
  });
});
