import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { assessmentBytes, keptAssessment, keptOf } from "../../compliance/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { LumbungError, outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { checkStatement } from "../../services/ops/checks/statement.ts";
import { MAX_OBSERVED_BYTES } from "../../services/ops/jobs/statements.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { recordCheck } from "./record.ts";

const made = madeAssessment();
const sites = [{ id: "dc" }, { id: "drc" }] as SiteModel[];
const away = outOfReach({ id: "diam", en: "silent" });

test("what is kept is what the next assessment is compared with, and no larger than what is signed", () => {
  const text = canonicalJson(keptOf(made, MAX_OBSERVED_BYTES));
  expect(JSON.parse(text)).toMatchObject({ schema: made.schema, at: made.at, region: { id: made.region.id } });
  expect(JSON.parse(text).duties).toHaveLength(made.duties.length);
  expect(JSON.parse(text).findings).toEqual(JSON.parse(JSON.stringify(made.findings)));
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_OBSERVED_BYTES);
  expect(checkStatement(text, made.region.id)).toMatchObject({
    kind: "check",
    observedAt: made.at,
    subject: [{ name: `${made.region.id}/duties` }, { name: "assessment.json" }],
  });
});

test("the whole assessment is made of its record again; one that is altered is not, and one too large is named alone", () => {
  const kept = keptOf(made, MAX_OBSERVED_BYTES);
  expect(assessmentBytes(keptAssessment(kept) as typeof made)).toEqual(assessmentBytes(made));
  const altered = gzipSync(assessmentBytes({ ...made, at: "2026-07-02T09:00:00+07:00" })).toString("base64");
  for (const assessment of [
    { ...kept.assessment, gzip: altered },
    { ...kept.assessment, gzip: "AAAA" },
  ])
    expect(keptAssessment({ ...kept, assessment })).toMatchObject({
      en: expect.stringContaining("not the assessment"),
    });
  const named = keptOf(made, Buffer.byteLength(canonicalJson(kept)) - 1);
  expect(named.assessment).toEqual({ digest: kept.assessment.digest, gzip: null });
  expect(keptAssessment(named)).toMatchObject({ en: "this record holds no whole assessment" });
});

test("the first site whose signer takes it signs", async () => {
  const asked: string[] = [];
  const ask: AskOps = async ({ id }, words, stdin) => {
    asked.push(`${id} ${words.join(" ")} ${stdin?.length}`);
    if (id === "dc") throw away;
    return { code: 0, text: '{"id":"drc-x/7","digest":"d"}' };
  };
  expect(await recordCheck(made, sites, ask)).toBe("drc-x/7");
  const { length } = canonicalJson(keptOf(made, MAX_OBSERVED_BYTES));
  expect(asked).toEqual([`dc check ${length}`, `drc check ${length}`]);
});

test("where none does, each says why", async () => {
  const ask: AskOps = async ({ id }) => {
    if (id === "dc") throw away;
    return { code: 2, text: "commit: expected" };
  };
  const fault = await recordCheck(made, sites, ask).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(LumbungError);
  expect((fault as LumbungError).text.en).toBe("the assessment is not kept as evidence: silent; drc: commit: expected");
});

test("what is no assessment of this region is refused", () => {
  expect(checkStatement("{", "lab")).toEqual(["expected an assessment in JSON, received something else"]);
  expect(checkStatement(JSON.stringify({ region: { id: "lain" }, duties: [] }), "lab")).toEqual([
    'region.id: expected lab, received "lain"',
    "findings: expected a list",
    "assessment.digest: expected a SHA-256 in hex",
  ]);
});
