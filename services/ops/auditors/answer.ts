/** What an auditor may read: one line a route. Everything else is refused, and nothing here changes anything. */
import type { Finding } from "../../../compliance/assessment.ts";
import { fieldsOf } from "../../../compliance/seen.ts";
import { type KeyRing, keyRing } from "../../../evidence/keys.ts";
import { parseWriter } from "../../../evidence/writer.ts";
import { LumbungError } from "../../../io/errors.ts";
import { text } from "../../../model/text.ts";
import type { AuditorModel, Text } from "../../../model/types.ts";
import { reportPage } from "../../../runbooks/report/page.ts";
import { sheetOf } from "../../../runbooks/report/sheet.ts";
import type { Lang } from "../../../web/text.ts";
import type { Jobs } from "../answer.ts";
import type { AuditorsConfig } from "../config.ts";
import { Away } from "../jobs/call.ts";
import type { RunbooksService } from "../runbooks/service.ts";
import type { OpsStatus } from "../status.ts";
import { type Content, pageHtml } from "./page.ts";
import { type EvidenceStore, itemOf, type NewestCheck, recordOf } from "./signer.ts";
import {
  chainsContent,
  coverageContent,
  drillsContent,
  findingsContent,
  indexContent,
  keysContent,
  recordsContent,
  runsContent,
  statusContent,
} from "./views.ts";

/** What is told from; nothing that orders or begins anything is among it. */
export interface Told {
  readonly region: string;
  readonly config: AuditorsConfig;
  readonly auditor: AuditorModel;
  readonly status: () => OpsStatus & { readonly exposure: Text | null };
  /** Undefined where this `ops` runs none, or cannot. */
  readonly jobs: () => Pick<Jobs, "coverage" | "drills" | "drill"> | undefined;
  readonly runbooks: () => Pick<RunbooksService, "list" | "report"> | undefined;
  readonly evidence: EvidenceStore;
  readonly newest: NewestCheck;
  /** The report's page of a record of kind `check`, or why there is none. */
  readonly report: (record: Uint8Array, lang: Lang) => Promise<string | Text>;
}

export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** Whether it would rather have a page than JSON. */
  readonly wantsPage: boolean;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Content-Security-Policy. */
  readonly policy: string;
}

/** What a route gives: facts, and the same as a page; a page that is made already; bytes as they are; or why not. */
type Given =
  | { readonly facts: unknown; readonly content: Content }
  | { readonly html: string; readonly policy?: string }
  | { readonly facts: unknown; readonly html: string }
  | { readonly bytes: Uint8Array }
  | { readonly status: 403 | 404 | 503; readonly why: Text };

interface Route {
  readonly path: RegExp;
  readonly give: (told: Told, parts: readonly string[], query: URLSearchParams) => Given | Promise<Given>;
}

const ROUTES: readonly Route[] = [
  { path: /^\/$/, give: ({ auditor }) => ({ facts: { auditor, routes: PATHS }, content: indexContent(auditor) }) },
  { path: /^\/status$/, give: (told) => seen(told.status(), statusContent) },
  { path: /^\/coverage$/, give: ({ jobs }) => withJobs(jobs(), (one) => seen(one.coverage(), coverageContent)) },
  {
    path: /^\/drills$/,
    give: ({ jobs }) => withJobs(jobs(), (one) => seen(one.drills(), ({ items }) => drillsContent(items))),
  },
  {
    path: /^\/drills\/([A-Za-z0-9:._-]{1,120})$/,
    give: ({ jobs }, [id = ""]) => withJobs(jobs(), (one) => drill(one, id)),
  },
  { path: /^\/runbooks$/, give: runs },
  {
    path: /^\/runbooks\/([A-Za-z0-9._-]{1,120})$/,
    give: (told, [run = ""], query) => runReport(told, run, langOf(query)),
  },
  { path: /^\/report$/, give: (told, _, query) => report(told, langOf(query)) },
  { path: /^\/findings$/, give: findings },
  { path: /^\/evidence$/, give: chains },
  {
    path: /^\/evidence\/keys$/,
    give: ({ config: { keys } }) => ({ facts: { items: keys }, content: keysContent(keys) }),
  },
  { path: /^\/evidence\/([A-Za-z0-9-]+)$/, give: (told, [writer = ""], query) => records(told, writer, query) },
  {
    path: /^\/evidence\/([A-Za-z0-9-]+)\/(\d{1,10})$/,
    give: (told, [writer = "", number]) => record(told, writer, Number(number)),
  },
];

const PATHS = [
  ...["/", "/status", "/coverage", "/drills", "/drills/<id>", "/runbooks", "/runbooks/<run>", "/report", "/findings"],
  ...["/evidence", "/evidence/keys", "/evidence/<chain>", "/evidence/<chain>/<number>"],
];

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Never throws for what is out of reach or not there: that is said. */
export async function answerAuditor(asked: Asked, told: Told): Promise<Reply> {
  if (!URL.canParse(asked.url, "https://ops")) return plain(403, READ_ONLY);
  const { pathname, searchParams } = new URL(asked.url, "https://ops");
  try {
    return replyOf(await given(asked.method, pathname, searchParams, told), asked, searchParams, told);
  } catch (error) {
    if (error instanceof Away) return plain(503, error.text);
    // An operator's mistake elsewhere: here, a name of nothing.
    if (error instanceof LumbungError) return plain(404, error.text);
    throw error;
  }
}

/** Refused in both languages: nobody knows yet which one is read. */
export function plain(status: number, { id, en }: Text): Reply {
  return { status, type: "text/plain; charset=utf-8", body: `${id}\n${en}\n`, policy: POLICY };
}

function given(method: string, path: string, query: URLSearchParams, told: Told): Given | Promise<Given> {
  const route = ROUTES.find((one) => one.path.test(path));
  if (method !== "GET" || route === undefined) return { status: 403, why: READ_ONLY };
  return route.give(told, route.path.exec(path)?.slice(1) ?? [], query);
}

function replyOf(one: Given, { url, wantsPage }: Asked, query: URLSearchParams, { config }: Told): Reply {
  if ("why" in one) return plain(one.status, one.why);
  if ("bytes" in one) return { status: 200, type: "application/json", body: one.bytes, policy: POLICY };
  if ("facts" in one && !wantsPage)
    return { status: 200, type: "application/json", body: `${JSON.stringify(one.facts)}\n`, policy: POLICY };
  const type = "text/html; charset=utf-8";
  if ("html" in one) return { status: 200, type, body: one.html, policy: ("policy" in one && one.policy) || POLICY };
  const frame = { lang: langOf(query), region: config.printed, here: withoutLang(url) };
  return { status: 200, type, body: pageHtml(one.content, frame), policy: POLICY };
}

const langOf = (query: URLSearchParams): Lang => (query.get("lang") === "en" ? "en" : "id");

function withoutLang(url: string): string {
  const { pathname, searchParams } = new URL(url, "https://ops");
  searchParams.delete("lang");
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

const seen = <T>(facts: T, content: (facts: T) => Content): Given => ({ facts, content: content(facts) });

function withJobs<T>(jobs: T | undefined, give: (jobs: T) => Given | Promise<Given>): Given | Promise<Given> {
  return jobs === undefined ? { status: 404, why: NO_JOBS } : give(jobs);
}

async function drill(jobs: Pick<Jobs, "drill">, id: string): Promise<Given> {
  const found = await jobs.drill(id);
  return found === undefined ? NOT_THERE : { bytes: Buffer.from(`${JSON.stringify(found)}\n`) };
}

async function runs({ runbooks }: Told): Promise<Given> {
  const running = runbooks();
  if (running === undefined) return { status: 404, why: NO_RUNBOOKS };
  const { region, site, items } = await running.list();
  return { facts: { region, site, items }, content: runsContent(items) };
}

async function runReport({ runbooks, config }: Told, run: string, lang: Lang): Promise<Given> {
  const running = runbooks();
  if (running === undefined) return { status: 404, why: NO_RUNBOOKS };
  const facts = await running.report(run);
  const sheet = sheetOf(facts.report, config.printed, { evidence: facts.evidence, heads: [] });
  return { facts, html: reportPage(sheet, lang, config.printed.timezone) };
}

async function report(told: Told, lang: Lang): Promise<Given> {
  const check = await newestOf(told);
  if (check === undefined) return { status: 404, why: NO_CHECK };
  const made = await told.report(check.bytes, lang);
  // Its own policy names its style and its script by their digests.
  return typeof made === "string" ? { html: made, policy: "frame-ancestors 'none'" } : { status: 503, why: made };
}

async function findings(told: Told): Promise<Given> {
  const check = await newestOf(told);
  if (check === undefined) return { status: 404, why: NO_CHECK };
  const { observed, observedAt: at } = check.statement;
  const list = fieldsOf(observed).findings as readonly Finding[];
  return { facts: { record: check.id, at, items: list }, content: findingsContent(list, check.id, at) };
}

const newestOf = ({ newest, evidence, config, region }: Told) => newest.find(evidence, ringOf(config), region);

async function chains({ evidence }: Told): Promise<Given> {
  const items = await evidence.chains();
  return { facts: { items }, content: chainsContent(items) };
}

const PAGE = 100;

/** The newest first, a page at a time: `before` is the number that the page before this one began with. */
async function records({ evidence, config }: Told, writer: string, query: URLSearchParams): Promise<Given> {
  const chain = (await evidence.chains()).find((one) => one.writer === writer);
  if (chain === undefined) return NOT_THERE;
  const asked = query.get("before") ?? "";
  const end = /^\d{1,10}$/.test(asked) ? Math.min(Number(asked) - 1, chain.sequence) : chain.sequence;
  const after = Math.max(0, end - PAGE);
  const keys = ringOf(config);
  const found = end <= 0 ? [] : await evidence.records(writer, after, end - after);
  const items = found.map((one) => itemOf(one, keys)).reverse();
  const older = after === 0 ? undefined : `/evidence/${writer}?before=${after + 1}`;
  return { facts: { writer, items, older: older ?? null }, content: recordsContent(writer, items, older) };
}

async function record({ evidence }: Told, writer: string, number: number): Promise<Given> {
  if (parseWriter(writer) === undefined || number === 0) return NOT_THERE;
  const found = await recordOf(evidence, writer, number);
  return found === undefined ? NOT_THERE : { bytes: found.bytes };
}

const ringOf = ({ keys }: AuditorsConfig): KeyRing => keyRing(keys);

const READ_ONLY = text(
  `auditor hanya membaca: GET pada ${PATHS.join(" ")}`,
  `auditors read only: GET of ${PATHS.join(" ")}`,
);
const NOT_THERE: Given = { status: 404, why: text("tidak ada yang bernama itu", "there is nothing of this name") };
const NO_JOBS = text("situs ini tidak menjalankan cadangan", "no backups run at this site");
const NO_RUNBOOKS = text("daerah ini tidak memiliki situs kedua", "this region has no second site");
const NO_CHECK = text("belum ada penilaian bertanda tangan", "there is no signed assessment yet");
