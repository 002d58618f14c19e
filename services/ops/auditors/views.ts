/** What `ops` knows as tables of an auditor's pages. Pure. */
import { type Finding, followUps } from "../../../compliance/assessment.ts";
import { SEVERITIES } from "../../../compliance/severity.ts";
import type { PublicEvidenceKey } from "../../../evidence/keys.ts";
import { KINDS, type Kind } from "../../../evidence/kinds.ts";
import { text } from "../../../model/text.ts";
import type { AuditorModel, Text } from "../../../model/types.ts";
import type { Cell } from "../../../web/cells.ts";
import type { ChainEnd } from "../../signer/shapes.ts";
import type { DrillItem } from "../jobs/drills.ts";
import type { CoverageView } from "../jobs/views.ts";
import type { RunItem } from "../runbooks/views.ts";
import type { OpsStatus, SiteView } from "../status.ts";
import type { Content, Entry } from "./page.ts";
import type { EvidenceItem } from "./signer.ts";
import { COVERED, HEALTH, RUN_RESULTS, STATES, WORDS } from "./words.ts";

const said = (value: string): Cell => ({ kind: "said", said: value });
const code = (value: string): Cell => ({ kind: "code", code: value });
const count = (value: number | null): Cell => ({ kind: "count", count: value });
const seconds = (value: number | null): Cell => ({ kind: "seconds", seconds: value });
const time = (iso: string | null): Cell => ({ kind: "time", iso });
const word = (value: Text, mood?: "good" | "bad"): Cell => ({ kind: "text", text: value, ...(mood ? { mood } : {}) });
const EMPTY = said("–");

export function indexContent({ body, until }: AuditorModel): Content {
  const row = (to: string, name: Text, what: Text): Entry[] => [{ cell: word(name), to }, word(what)];
  return {
    title: WORDS.index,
    lead: [WORDS.only, WORDS.json],
    tables: [
      { columns: [WORDS.body, WORDS.until], rows: [[said(body), { kind: "time", iso: until }]] },
      {
        columns: [WORDS.page, WORDS.what],
        rows: [
          row("/report", WORDS.report, WORDS.reportWhat),
          row("/findings", WORDS.findings, WORDS.findingsWhat),
          row("/evidence", WORDS.evidence, WORDS.evidenceWhat),
          row("/evidence/keys", WORDS.keys, WORDS.keysWhat),
          row("/drills", WORDS.drills, WORDS.drillsWhat),
          row("/coverage", WORDS.coverage, WORDS.coverageWhat),
          row("/runbooks", WORDS.runbooks, WORDS.runbooksWhat),
          row("/status", WORDS.status, WORDS.statusWhat),
        ],
      },
    ],
  };
}

export function statusContent(status: OpsStatus): Content {
  const sites = [status, ...(status.peer ? [status.peer] : [])];
  return { title: WORDS.status, tables: sites.map(siteTable) };
}

function siteTable({ site, state, workloads }: SiteView): Content["tables"][number] {
  return {
    heading: text(`${site}: ${STATES[state].id}`, `${site}: ${STATES[state].en}`),
    columns: [WORDS.workload, WORDS.health, WORDS.detail],
    rows: workloads.map(({ name, health, detail }) => [
      said(name),
      word(HEALTH[health], health === "ok" ? "good" : "bad"),
      word(detail),
    ]),
  };
}

export function coverageContent({ covered, declared, items }: CoverageView): Content {
  return {
    title: WORDS.coverage,
    lead: [text(`${covered} dari ${declared}`, `${covered} of ${declared}`)],
    tables: [
      {
        columns: [WORDS.target, WORDS.site, WORDS.result, WORDS.age, WORDS.rpo, WORDS.reason],
        rows: items.map(({ target, site, state, newestAge, rpo, reason }) => [
          ...[said(target), said(site), word(COVERED[state], state === "ok" ? "good" : "bad")],
          ...[seconds(newestAge), seconds(rpo), reason === null ? EMPTY : word(reason)],
        ]),
      },
    ],
  };
}

export function drillsContent(items: readonly DrillItem[]): Content {
  return {
    title: WORDS.drills,
    tables: [
      {
        columns: [
          ...[WORDS.target, WORDS.site, WORDS.began, WORDS.result, WORDS.restored],
          ...[WORDS.compared, WORDS.differing, WORDS.record],
        ],
        rows: items.map(({ id, target, site, startedAt, passed, restoreSeconds, compared, differing, evidence }) => [
          { cell: said(target), to: `/drills/${encodeURIComponent(id)}` },
          ...[said(site), time(startedAt), passed ? word(WORDS.passed, "good") : word(WORDS.failed, "bad")],
          ...[seconds(restoreSeconds), count(compared), count(differing), recordEntry(evidence)],
        ]),
      },
    ],
  };
}

export function runsContent(items: readonly RunItem[]): Content {
  return {
    title: WORDS.runbooks,
    tables: [
      {
        columns: [WORDS.run, WORDS.runbook, WORDS.began, WORDS.ended, WORDS.result, WORDS.record],
        rows: items.map(({ id, runbook, startedAt, endedAt, result, evidence }) => [
          { cell: said(id), to: `/runbooks/${encodeURIComponent(id)}` },
          ...[said(runbook), time(startedAt), endedAt === null ? EMPTY : time(endedAt)],
          ...[word(RUN_RESULTS[result], result === "succeeded" ? "good" : "bad"), recordEntry(evidence)],
        ]),
      },
    ],
  };
}

/** Open ones in order of priority, then closed ones. */
export function findingsContent(findings: readonly Finding[], record: string, at: string): Content {
  const rank = ({ closedAt, priority }: Finding): number => (closedAt === null ? 0 : 10) + priority.rank;
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  return {
    title: WORDS.findings,
    tables: [
      { columns: [WORDS.assessedAt, WORDS.record], rows: [[time(at), recordEntry(record)]] },
      {
        columns: [WORDS.finding, WORDS.severity, WORDS.followUp, WORDS.due, WORDS.condition],
        rows: sorted.map(({ id, severity, followUp, due, overdue, closedAt, condition }) => [
          ...[
            said(id),
            word(SEVERITIES[severity]),
            word(followUps[followUp], overdue && !closedAt ? "bad" : undefined),
          ],
          ...[{ kind: "date", date: due } as const, word(condition)],
        ]),
      },
    ],
  };
}

export function chainsContent(chains: readonly ChainEnd[]): Content {
  return {
    title: WORDS.evidence,
    tables: [
      {
        columns: [WORDS.chain, WORDS.records, text("SHA-256", "SHA-256")],
        rows: chains.map(({ writer, sequence, end }) => [
          { cell: said(writer), to: `/evidence/${writer}` },
          ...[count(sequence), code(end?.digest ?? "–")],
        ]),
      },
    ],
    links: [{ name: WORDS.keys, to: "/evidence/keys" }],
  };
}

/** @param older path of the page with earlier ones; undefined: there are none */
export function recordsContent(writer: string, items: readonly EvidenceItem[], older: string | undefined): Content {
  return {
    title: text(`${WORDS.evidence.id}: ${writer}`, `${WORDS.evidence.en}: ${writer}`),
    tables: [
      {
        columns: [WORDS.record, WORDS.recorded, WORDS.kind, WORDS.about, text("SHA-256", "SHA-256")],
        rows: items.map(({ id, digest, kind, recordedAt, subject, fault }) => [
          recordEntry(id),
          recordedAt === null ? EMPTY : time(recordedAt),
          kind === null ? word(fault ?? WORDS.failed, "bad") : word(KINDS[kind as Kind]),
          ...[said(subject.map(({ name }) => name).join(", ")), code(digest)],
        ]),
      },
    ],
    links: older === undefined ? [] : [{ name: WORDS.older, to: older }],
  };
}

export function keysContent(keys: readonly PublicEvidenceKey[]): Content {
  return {
    title: WORDS.keys,
    tables: [{ columns: [WORDS.site, WORDS.key], rows: keys.map((one) => [said(one.site), code(one.publicKey)]) }],
  };
}

const recordEntry = (id: string | null): Entry => (id === null ? EMPTY : { cell: code(id), to: `/evidence/${id}` });
