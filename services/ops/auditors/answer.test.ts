/** What each route gives, as JSON and as a page; and that nothing else is given. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Assessment } from "../../../compliance/assessment.ts";
import { keptOf } from "../../../compliance/kept.ts";
import { madeAssessment } from "../../../compliance/testing/assessment.ts";
import type { PublicEvidenceKey } from "../../../evidence/keys.ts";
import { MadeChain, newSite, observation, REGION } from "../../../evidence/testing/made.ts";
import { type Answer, pageOf } from "../../report/page.ts";
import { checkStatement } from "../checks/statement.ts";
import { Away } from "../jobs/call.ts";
import { MAX_OBSERVED_BYTES } from "../jobs/statements.ts";
import { answerAuditor, type Reply, type Told } from "./answer.ts";
import { reportMaker } from "./report.ts";
import { type EvidenceStore, NewestCheck } from "./signer.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const made = madeAssessment();
const assessment: Assessment = { ...made, region: { ...made.region, id: REGION } };
const keys: PublicEvidenceKey[] = [dc.publicKey, drc.publicKey];
let own: MadeChain;
let asked: string[];
beforeAll(() => {
  own = new MadeChain(dc).grow(251);
});

/** As a signer gives them. */
const storeOf = (...chains: MadeChain[]): EvidenceStore => ({
  chains: async () =>
    chains.map(({ records }) => {
      const last = records.at(-1)?.head;
      return { writer: last?.writer ?? "", sequence: records.length, end: { digest: last?.digest ?? "", keyid: "" } };
    }),
  records: async (writer, after, limit) => {
    asked.push(`${writer.split("-")[0]} ${after} ${limit}`);
    const chain = chains.find(({ records }) => records[0]?.head.writer === writer);
    return (chain?.records ?? []).slice(after, after + limit);
  },
});

const auditor = {
  ...{ id: "inspektorat", body: "Inspektorat <Kabupaten>", name: "auditor-inspektorat.lab.internal" },
  ...{ from: "2026-03-01T00:00:00.000Z", until: "2026-04-01T00:00:00.000Z" },
};
const config = {
  ...{ port: 9445, people: [auditor], keys, heapMiB: 64 },
  signer: { host: "signer.dc.lab.internal", address: "127.0.0.1", port: 1 },
  printed: { name: "Kabupaten Lumbung", government: "Pemerintah Kabupaten Lumbung", timezone: "Asia/Jakarta" },
} as const;
const status = {
  ...{
    region: REGION,
    at: "2026-03-02T00:00:00.000Z",
    site: "dc",
    state: "active" as const,
    peer: null,
    exposure: null,
  },
  workloads: [{ name: "postgres-utama", kind: "postgresql", health: "ok", detail: { id: "utama", en: "primary" } }],
} as const;
const drill = {
  ...{ id: "d1", site: "dc", target: "postgresql:utama", kind: null, backup: "x", choice: null, proven: "rows" },
  ...{ startedAt: "2026-03-01T00:00:00Z", passed: true, restoreSeconds: 12, proofSeconds: 3, rpo: 5, rto: 9 },
  ...{ compared: 3, differing: 0, evidence: null, why: null },
};
const jobs = {
  coverage: () => ({
    ...{
      region: REGION,
      site: "dc",
      at: status.at,
      facts: [],
      declared: 2,
      covered: 1,
      share: 0.5,
      elsewhere: [],
      without: [],
    },
    items: [
      {
        ...{ target: "postgresql:utama", kind: "database", site: "dc", newestAge: 60, rpo: 3600, oldest: null },
        ...{ state: "ok", reason: null },
      },
    ],
  }),
  drills: () => ({ region: REGION, site: "dc", items: [drill] }),
  drill: async (id: string) => (id === "d1" ? { id, passed: true } : undefined),
} as unknown as NonNullable<ReturnType<Told["jobs"]>>;
const runbooks = {
  list: async () => ({
    ...{ region: REGION, site: "dc", waiting: [{ digest: "a plan that waits" }] },
    items: [
      {
        ...{ id: "switchover-5", runbook: "switchover", epoch: 5, startedAt: status.at, endedAt: null },
        ...{ result: "running", writesStoppedSeconds: null, rpo: null, rto: null, lost: null, evidence: null },
      },
    ],
  }),
  report: async () => {
    throw new Error("not asked here");
  },
} as unknown as NonNullable<ReturnType<Told["runbooks"]>>;

const told = (change: Partial<Told> = {}): Told => ({
  ...{ region: REGION, config, auditor, status: () => status, jobs: () => jobs, runbooks: () => runbooks },
  ...{ evidence: storeOf(own), newest: new NewestCheck(), report: async () => "<p>laporan</p>" },
  ...change,
});
const ask = (
  url: string,
  change: Partial<Told> = {},
  how: { method?: string; wantsPage?: boolean } = {},
): Promise<Reply> => {
  asked = [];
  return answerAuditor({ method: "GET", wantsPage: false, url, ...how }, told(change));
};
const page = (url: string, change: Partial<Told> = {}) => ask(url, change, { wantsPage: true });
const json = async (url: string, change: Partial<Told> = {}) => JSON.parse(String((await ask(url, change)).body));

describe("what is refused", () => {
  const PATHS = [
    "/",
    "/status",
    "/coverage",
    "/drills",
    "/runbooks",
    "/report",
    "/findings",
    "/evidence",
    "/evidence/keys",
  ];
  test.each(["POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])("%s of any route", async (method) => {
    for (const path of PATHS) expect((await ask(path, {}, { method })).status).toBe(403);
  });

  test.each([
    ...["/metrics", "/health", "/jobs", "/runs", "/runs/x", "/probes", "/restores", "/checks", "/bundles", "/accesses"],
    ...[
      "/evidence/../jobs",
      "/drills/a/b",
      "/status/",
      "//",
      "/%2e%2e/jobs",
      "/evidence/keys/x",
      "/STATUS",
      "http:/\\x:y",
    ],
  ])("GET %s", async (path) => {
    const reply = await ask(path);
    expect(reply.status).toBe(403);
    expect(String(reply.body)).toContain("auditors read only: GET of / /status");
    expect(String(reply.body)).toContain("auditor hanya membaca");
  });
});

describe("the index", () => {
  test("leads to every page, in Indonesian unless English is asked for, with what was declared escaped", async () => {
    const { status: code, type, body, policy } = await page("/");
    expect([code, type]).toEqual([200, "text/html; charset=utf-8"]);
    expect(policy).toContain("default-src 'none'");
    expect(body).toContain('<html lang="id">');
    expect(body).toContain("Inspektorat &lt;Kabupaten&gt;");
    for (const path of [
      "/report",
      "/findings",
      "/evidence",
      "/evidence/keys",
      "/drills",
      "/coverage",
      "/runbooks",
      "/status",
    ])
      expect(body).toContain(`href="${path}"`);
    const english = String((await page("/?lang=en")).body);
    expect(english).toContain("What an auditor may read");
    expect(english).toContain('href="/report?lang=en"');
    expect(english).toContain('href="/" lang="id"');
  });

  test("no page loads anything, nor runs a script", async () => {
    for (const path of ["/", "/status", "/coverage", "/drills", "/runbooks", "/evidence", "/evidence/keys"])
      expect((await page(path)).body).not.toMatch(/<script|<img|<link|src=|url\(|@import/);
  });
});

describe("what the site knows", () => {
  test("state, coverage and drills as ops has them", async () => {
    expect(await json("/status")).toEqual(status);
    expect(await json("/coverage")).toMatchObject({ declared: 2, covered: 1 });
    expect(await json("/drills")).toEqual({ region: REGION, site: "dc", items: [drill] });
    expect(await json("/drills/d1")).toEqual({ id: "d1", passed: true });
    expect((await page("/drills")).body).toContain('href="/drills/d1"');
    expect((await page("/status")).body).toContain("postgres-utama");
    expect((await page("/coverage")).body).toContain("1 dari 2");
  });

  test("runs of runbooks, without the plans that wait for approvals", async () => {
    const { items, ...rest } = await json("/runbooks");
    expect([items[0].id, rest]).toEqual(["switchover-5", { region: REGION, site: "dc" }]);
    expect((await page("/runbooks")).body).toContain('href="/runbooks/switchover-5"');
  });

  test("what is not there or does not run is said", async () => {
    expect((await ask("/drills/d2")).status).toBe(404);
    for (const path of ["/coverage", "/drills", "/drills/d1"])
      expect((await ask(path, { jobs: () => undefined })).status).toBe(404);
    for (const path of ["/runbooks", "/runbooks/x"])
      expect((await ask(path, { runbooks: () => undefined })).status).toBe(404);
  });
});

describe("evidence", () => {
  test("chains, then records a page at a time from the newest, each whole or why not", async () => {
    expect(await json("/evidence")).toMatchObject({ items: [{ writer: dc.writer, sequence: 251 }] });
    const first = await json(`/evidence/${dc.writer}`);
    expect([first.items.length, first.items[0].id, first.older]).toEqual([
      ...[100, `${dc.writer}/0000000251`, `/evidence/${dc.writer}?before=152`],
    ]);
    expect(first.items[0]).toMatchObject({ kind: "state", fault: null, subject: [{ name: "dc/postgres-utama" }] });
    expect(asked).toEqual(["dc 151 100"]);
    const last = await json(`/evidence/${dc.writer}?before=52`);
    expect([last.items.length, last.items.at(-1).kind, last.older]).toEqual([51, "chain-start", null]);
    expect((await json(`/evidence/${dc.writer}?before=1`)).items).toEqual([]);
    expect((await page(`/evidence/${dc.writer}`)).body).toContain("Catatan sebelumnya");
    expect((await ask("/evidence/nobody")).status).toBe(404);
  });

  test("a record comes byte for byte", async () => {
    const reply = await ask(`/evidence/${dc.writer}/17`);
    expect(Buffer.from(reply.body)).toEqual(Buffer.from(own.records[16]?.bytes ?? []));
    expect((await ask(`/evidence/${dc.writer}/0000000017`)).status).toBe(200);
    for (const path of [`/evidence/${dc.writer}/0`, `/evidence/${dc.writer}/252`, "/evidence/x/1"])
      expect((await ask(path)).status).toBe(404);
  });

  test("one that does not verify is shown as such", async () => {
    const { items } = await json(`/evidence/${dc.writer}`, { config: { ...config, keys: [drc.publicKey] } });
    expect(items[0]).toMatchObject({ kind: null, fault: { en: expect.any(String) } });
  });

  test("public keys", async () => expect(await json("/evidence/keys")).toEqual({ items: keys }));
  test("a public key can be copied from the page line by line, as openssl reads it", async () => {
    const { body } = await page("/evidence/keys");
    const cell = ({ publicKey }: PublicEvidenceKey) => publicKey.trimEnd().split("\n").join("<br>");
    for (const key of keys) expect(String(body)).toContain(cell(key));
  });

  test("a signer that is silent is told as out of reach", async () => {
    const away = new Away(config.signer, { id: "diam", en: "is silent" });
    const evidence: EvidenceStore = { chains: () => Promise.reject(away), records: () => Promise.reject(away) };
    for (const path of ["/evidence", "/report", "/findings"]) {
      const { status: code, body } = await ask(path, { evidence });
      expect([code, String(body)]).toEqual([503, expect.stringContaining("is silent")]);
    }
  });
});

describe("the newest assessment", () => {
  const statement = checkStatement(JSON.stringify(keptOf(assessment, MAX_OBSERVED_BYTES)), REGION);
  if (!("kind" in statement)) throw new Error(statement.join());
  const later = { ...statement, observedAt: "2030-01-01T00:00:00.000Z" };

  test("is looked for from the end of both chains, once", async () => {
    const [mine, theirs] = [new MadeChain(dc), new MadeChain(drc)];
    mine.add(statement);
    mine.grow(152);
    theirs.grow(151);
    const [evidence, newest] = [storeOf(mine, theirs), new NewestCheck()];
    expect(await json("/findings", { evidence, newest })).toMatchObject({ record: `${dc.writer}/0000000002` });
    expect(asked).toEqual(["dc 52 100", "dc 0 52", "drc 51 100", "drc 0 51"]);
    expect(await json("/findings", { evidence, newest })).toMatchObject({ record: `${dc.writer}/0000000002` });
    expect(asked).toEqual([]);
    theirs.add(later);
    expect(await json("/findings", { evidence, newest })).toMatchObject({ record: `${drc.writer}/0000000152` });
    expect(asked).toEqual(["drc 151 1"]);
  });

  test("one that somebody else signed is none; without any there is no report", async () => {
    const forged = new MadeChain(dc);
    forged.add(statement);
    const others = { ...config, keys: [drc.publicKey] };
    for (const path of ["/report", "/findings"]) {
      expect((await ask(path, { evidence: storeOf(forged), config: others })).status).toBe(404);
      expect((await ask(path)).status).toBe(404);
    }
  });

  test("its findings, with their follow-up", async () => {
    const chain = new MadeChain(dc);
    chain.add(statement);
    const { items } = await json("/findings", { evidence: storeOf(chain) });
    expect(items).toEqual(JSON.parse(JSON.stringify(assessment.findings)));
    expect((await page("/findings", { evidence: storeOf(chain) })).body).toContain(assessment.findings[0]?.id);
  });

  test("its report is made of the signed record, once a language, and tried again where it was not made", async () => {
    const chain = new MadeChain(dc);
    chain.add(statement);
    let questions = 0;
    let broken = true;
    const report = reportMaker({
      ask: async (question) => {
        questions += 1;
        if (broken) throw new Error("heap out of memory");
        return JSON.stringify(pageOf(JSON.parse(question)) satisfies Answer);
      },
      ...{ region: () => REGION, keys: () => keys, ending: new AbortController().signal, warn: () => {} },
    });
    const told = { evidence: storeOf(chain), report };
    expect((await ask("/report", told)).status).toBe(503);
    broken = false;
    const { status: code, body, policy } = await ask("/report", told);
    expect([code, policy]).toEqual([200, "frame-ancestors 'none'"]);
    expect(body).toContain("Laporan Audit Kepatuhan Pusat Data");
    expect((await ask("/report?lang=en", told)).body).toContain("Audit Report on the Compliance");
    expect((await ask("/report", told)).body).toBe(body);
    expect(questions).toBe(3);
  });

  test("a record that is altered, another region's or not whole makes no report", () => {
    const chain = new MadeChain(dc);
    chain.add(statement);
    chain.add(observation("x"));
    const question = (index: number, change: object = {}) => ({
      record: Buffer.from(chain.records[index]?.bytes ?? []).toString("base64"),
      ...{ lang: "en" as const, region: REGION, keys, ...change },
    });
    expect(pageOf(question(1))).toHaveProperty("page");
    expect(pageOf(question(1, { region: "lain" }))).toMatchObject({ why: { en: "an assessment of another region" } });
    expect(pageOf(question(1, { keys: [drc.publicKey] }))).toHaveProperty("why");
    expect(pageOf(question(2))).toHaveProperty("why");
  });
});
