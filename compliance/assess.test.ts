import { describe, expect, test } from "vitest";
import { canonicalJson } from "../evidence/canonical.ts";
import { deriveModel } from "../model/index.ts";
import { loadAltered, valid } from "../model/testing/lab.ts";
import { inventoryOf, regionIds } from "../model/testing/regions.ts";
import { text } from "../model/text.ts";
import { assess } from "./assess.ts";
import { NO_EVIDENCE } from "./read-evidence.ts";
import type { Seen } from "./seen.ts";
import { all, asRead, assessLab, dutyOf, lab, labEvidence, NOW } from "./testing/lab.ts";

const ageBy = (seen: readonly Seen[], seconds: number): Seen[] =>
  seen.map((one) => ({ ...one, observedAt: new Date(Date.parse(one.observedAt) - seconds * 1000).toISOString() }));

test("the same input makes the same document, which canonical JSON can write", () => {
  const seen = labEvidence();
  const [a, b] = [assessLab({ evidence: asRead(seen) }), assessLab({ evidence: asRead(seen) })];
  expect(canonicalJson(a)).toBe(canonicalJson(b));
  expect(JSON.parse(canonicalJson(a))).toEqual(a);
});

describe.each(regionIds)("%s without any site being reachable", (region) => {
  const inventory = inventoryOf(region);
  const assessment = assess({
    catalogue: all,
    inventory,
    model: deriveModel(inventory),
    evidence: NO_EVIDENCE,
    unreachable: text("tidak terjangkau", "out of reach"),
    now: NOW,
    commit: null,
  });

  test("all 96 duties have a status; those that bind are told by articles of the region, the others say why", () => {
    expect(assessment.duties).toHaveLength(96);
    for (const { id, binds, articles, status, reasons } of assessment.duties) {
      expect({ id, told: binds ? articles.length > 0 : status === "not-applicable" && reasons.length > 0 }).toEqual({
        id,
        told: true,
      });
    }
  });

  test("nothing runs that nobody saw: every running answer is unknown, with its reason, or does not apply", () => {
    const others = assessment.duties
      .flatMap(({ id, ways }) => ways.map((way) => ({ id, ...way })))
      .filter(({ way, state }) => way === "running" && state === "met");
    expect(others.map(({ id }) => id)).toEqual([]);
    const unexplained = assessment.duties.filter(({ status, reasons }) => status === "unknown" && reasons.length === 0);
    expect(unexplained.map(({ id }) => id)).toEqual([]);
  });
});

describe("evidence", () => {
  test("that is removed leaves running unknown, never satisfied", () => {
    const assessment = assessLab({ evidence: NO_EVIDENCE });
    const met = assessment.duties.flatMap(({ id, ways }) =>
      ways.filter(({ way, state }) => way === "running" && state === "met").map(() => id),
    );
    expect(met).toEqual([]);
  });

  test("that ages past its limit counts no more: to the second", () => {
    const at = (seconds: number) =>
      dutyOf(assessLab({ evidence: asRead(ageBy(labEvidence(), seconds)) }), "site.drc").answers.running;
    // Probes of the made evidence are 300 s old; 7200 s count.
    expect(at(6900).state).toBe("met");
    expect(at(6901)).toMatchObject({ state: "unknown" });
    expect(at(6901).reasons[0]?.en).toContain("at most");
  });

  test("dated in the future counts as none", () => {
    const running = dutyOf(assessLab({ evidence: asRead(ageBy(labEvidence(), -3600)) }), "site.drc").answers.running;
    expect(running.state).toBe("unknown");
    expect(running.reasons[0]?.en).toContain("future");
  });

  test("that does not verify, or is of another region, is a finding and a problem, by name", () => {
    const broken = [
      { id: "x/1", code: "signature", reason: text("diubah", "altered") },
      { id: "x/2", code: "other-region", reason: text("daerah lain", "another region") },
    ];
    const { findings, problems, evidence } = assessLab({ evidence: asRead(labEvidence(), { broken }) });
    expect(
      findings
        .filter(({ kind }) => kind === "evidence")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["evidence/other-region", "evidence/signature"]);
    expect(problems.map(({ code }) => code)).toEqual(["evidence-signature", "evidence-other-region"]);
    expect(evidence.broken).toEqual(broken);
  });
});

describe("answers", () => {
  test("that contradict each other are a finding of their own", () => {
    const seen = labEvidence().map((one) =>
      one.about === "drc/gateway" ? { ...one, observed: { health: "failing", detail: "off" } } : one,
    );
    const assessment = assessLab({ evidence: asRead(seen) });
    const duty = dutyOf(assessment, "site.drc");
    expect([duty.answers.designed.state, duty.answers.running.state, duty.status]).toEqual([
      "met",
      "not-met",
      "not-satisfied",
    ]);
    expect(duty.disagreement?.en).toBe("the design met it, but what runs did not");
    expect(duty.answers.running.population).toMatchObject({ failing: 1, which: ["drc/gateway"] });
    expect(assessment.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["site.drc/disagreement", "site.drc/recovery-workloads-healthy"]),
    );
  });

  test("of nothing are never met: no database, no answer", () => {
    const inventory = valid(
      loadAltered((values) => {
        values.databases = [];
        values.applications = [];
        values.codeRepository.repositories = [];
        values.subdomains = values.subdomains.filter((one: { application?: string }) => !one.application);
      }),
    );
    const { duties } = assessLab({ inventory, model: deriveModel(inventory) });
    const { answers } = dutyOf({ duties }, "data.admin");
    expect(answers.designed).toMatchObject({ state: "not-applicable", population: { spokenOf: 0 } });
    const wrong = duties.flatMap(({ id, ways }) =>
      ways.filter(({ state, population }) => state === "met" && population.spokenOf === 0).map(() => id),
    );
    expect(wrong).toEqual([]);
  });

  test("figures add up", () => {
    for (const { id, ways } of assessLab().duties)
      for (const { by, population } of ways) {
        const { spokenOf, lookedAt, failing } = population;
        expect({ id, by, fits: failing <= lookedAt && lookedAt <= spokenOf }).toEqual({ id, by, fits: true });
      }
  });
});

describe("documents", () => {
  const document = {
    id: "induk",
    kind: "master-plan",
    title: "Rencana induk",
    number: "1/2026",
    date: "2026-01-01",
    expires: "2026-07-01",
    owner: "kepala-diskominfo",
    duties: ["gov.master-plan"],
    file: "induk.pdf",
    sha256: "a".repeat(64),
  };
  const withDocument = (changed: object, files = new Map<string, string | null>([["induk.pdf", "a".repeat(64)]])) => {
    const inventory = { ...lab().inventory, documents: [{ ...document, ...changed }] } as ReturnType<
      typeof lab
    >["inventory"];
    return assessLab({ inventory, evidence: asRead([]), files });
  };
  const status = (changed: object, files?: Map<string, string | null>) =>
    dutyOf(withDocument(changed, files), "gov.master-plan").status;

  test("attest through their last day", () => {
    expect(status({})).toBe("attested");
    expect(status({ expires: "2026-06-30" })).toBe("expired");
    expect(status({ date: "2026-07-02", expires: "2027-01-01" })).toBe("unknown");
  });

  test("whose file differs or is gone, or that nobody owns, count as none and are told", () => {
    const cases: [object, Map<string, string | null> | undefined, string][] = [
      [{}, new Map([["induk.pdf", "b".repeat(64)]]), "digest-differs"],
      [{}, new Map([["induk.pdf", null]]), "file-missing"],
      [{ owner: "orang-lain" }, undefined, "attested-by-nobody"],
    ];
    for (const [changed, files, code] of cases) {
      const assessment = withDocument(changed, files);
      expect(dutyOf(assessment, "gov.master-plan").status).toBe("unknown");
      expect(assessment.problems.map((problem) => problem.code)).toEqual([code]);
    }
  });

  test("that name a duty which is not there attest the others", () => {
    const assessment = withDocument({ duties: ["gov.master-plan", "gov.nothing"] });
    expect(dutyOf(assessment, "gov.master-plan").status).toBe("attested");
    expect(assessment.problems.map(({ code }) => code)).toEqual(["unknown-duty"]);
  });
});

test("the calendar says on which day a duty turns red: the day after the last of the document that holds longest", () => {
  const entryOf = (documents: ReturnType<typeof lab>["inventory"]["documents"]) =>
    assessLab({ inventory: { ...lab().inventory, documents } }).calendar.find(
      ({ duty, kind }) => duty === "gov.master-plan" && kind === "document",
    );
  expect(entryOf([])).toMatchObject({ date: "2027-01-18", becomes: "expired" });
  expect(entryOf(lab().inventory.documents)).toMatchObject({ date: "2030-01-01", becomes: "expired" });
});

test("what changed since the assessment before is told", () => {
  const before = assessLab();
  const seen = labEvidence().filter(({ about }) => !about.startsWith("drc/"));
  const { changes } = assessLab({ previous: before, evidence: asRead(seen) });
  expect(changes?.since).toBe(before.at);
  expect(changes?.duties).toContainEqual(
    expect.objectContaining({ id: "bak.all", before: "satisfied", after: "unknown" }),
  );
});

test("a database whose port is open to the outside is found in the exported stack", () => {
  const container = (name: string, ports: object[]) => ({
    type: "docker:index/container:Container",
    urn: `urn:pulumi:lab-dc::lumbung::docker:index/container:Container::${name}`,
    outputs: { ports },
  });
  const port = { external: 5432, internal: 5432, ip: "127.0.10.1" };
  const designed = (resources: object[]) =>
    dutyOf(assessLab({ stacks: new Map([["lab-dc", { deployment: { resources } }]]) }), "sec.server-network").answers
      .designed;
  expect(designed([container("gateway", [port]), container("postgres-utama", [])])).toMatchObject({ state: "met" });
  expect(designed([container("postgres-utama", [port])])).toMatchObject({
    state: "not-met",
    population: { which: ["lab-dc/postgres-utama"] },
  });
});
