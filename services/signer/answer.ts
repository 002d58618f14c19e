/** The requests that a signer takes: who may send which, and what comes of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TLSSocket } from "node:tls";
import { type ChainRecord, openRecord } from "../../evidence/chain.ts";
import { readEnvelope } from "../../evidence/dsse.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import { OWN_KINDS } from "../../evidence/kinds.ts";
import { type Observed, problemsOf } from "../../evidence/statement.ts";
import { parseWriter, recordId } from "../../evidence/writer.ts";
import type { EvidenceFolder } from "../../io/evidence-folder.ts";
import { bodyOf, MAX_BODY_BYTES } from "./body.ts";
import type { SignerConfig } from "./config.ts";
import type { HeadAnswer } from "./heads.ts";
import type { ChainEnd, Heads, Line, Signed } from "./shapes.ts";

export interface Answering {
  readonly config: SignerConfig;
  readonly folder: EvidenceFolder;
  readonly keys: KeyRing;
  /** Signs and keeps. @throws the disk's error. */
  append(observed: Observed): Promise<ChainRecord>;
  health(): Page;
  counterSign(bytes: Uint8Array): Promise<HeadAnswer>;
}

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Default plain text. */
  readonly type?: string;
}

type Role = "ops" | "peer" | "self" | "monitor" | "backup";

interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly roles: readonly Role[];
  readonly handle: (incoming: IncomingMessage, outgoing: ServerResponse, told: Answering) => Promise<Page | undefined>;
}

/** One line a request. Nothing here gives the key, changes a record or takes one away. */
const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/health",
    roles: ["ops", "self", "monitor"],
    handle: async (_in, _out, told) => told.health(),
  },
  { method: "POST", path: "/statements", roles: ["ops"], handle: (incoming, _out, told) => sign(incoming, told) },
  { method: "GET", path: "/records", roles: ["ops", "peer", "self", "backup"], handle: records },
  {
    method: "GET",
    path: "/heads",
    roles: ["ops", "peer", "self", "backup"],
    handle: async (_in, _out, told) => json(200, await headsOf(told)),
  },
  { method: "POST", path: "/heads", roles: ["peer"], handle: (incoming, _out, told) => takeHead(incoming, told) },
];

/** Answers one request. The certificate was verified against the region's root before; here the name in it is. */
export async function answer(incoming: IncomingMessage, outgoing: ServerResponse, told: Answering): Promise<void> {
  const page = await pageFor(incoming, outgoing, told);
  if (page === undefined) return;
  outgoing.writeHead(page.status, {
    "content-type": page.type ?? "text/plain; charset=utf-8",
    "cache-control": "no-store",
    // What was not read of a refused body must not be taken for the next request.
    ...(page.status >= 400 ? { connection: "close" } : {}),
  });
  outgoing.end(`${page.text.trimEnd()}\n`);
}

async function pageFor(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  told: Answering,
): Promise<Page | undefined> {
  const name = (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN;
  const roles = rolesOf(typeof name === "string" ? name : "", told.config);
  if (roles.length === 0) return { status: 403, text: `${name ?? "a client without name"} is not let in` };
  const path = (incoming.url ?? "").split("?")[0];
  const there = ROUTES.filter((route) => route.path === path);
  if (there.length === 0) return { status: 404, text: `there are: ${ROUTES.map((one) => one.path).join(" ")}` };
  const route = there.find(({ method }) => method === incoming.method);
  if (route === undefined) return { status: 405, text: `${there.map(({ method }) => method).join(", ")} only` };
  if (!route.roles.some((role) => roles.includes(role)))
    return { status: 403, text: `${name} may not ${route.method} ${path}` };
  return route.handle(incoming, outgoing, told);
}

function rolesOf(name: string, { ops, peer, name: own, monitors, backup }: SignerConfig): Role[] {
  const roles: readonly (readonly [Role, boolean])[] = [
    ["ops", name === ops],
    ["peer", name === peer?.name],
    ["self", name === own],
    ["monitor", monitors.includes(name)],
    ["backup", name === backup],
  ];
  return roles.filter(([, holds]) => holds).map(([role]) => role);
}

async function sign(incoming: IncomingMessage, { append }: Answering): Promise<Page> {
  const body = await bodyOf(incoming, MAX_BODY_BYTES);
  if (body === undefined) return { status: 413, text: `a statement is at most ${MAX_BODY_BYTES} bytes` };
  const observed = readObserved(body);
  if (Array.isArray(observed)) return { status: 400, text: observed.join("\n") };
  const { id, bytes, head } = await append(observed);
  return json(201, {
    id,
    digest: head.digest ?? "",
    envelope: JSON.parse(Buffer.from(bytes).toString()),
  } satisfies Signed);
}

/** What is to be signed, or everything that is wrong with it. */
function readObserved(body: Buffer): Observed | string[] {
  let value: Partial<Observed>;
  try {
    value = JSON.parse(body.toString("utf8")) as Partial<Observed>;
  } catch {
    return ["expected JSON, received something else"];
  }
  if (typeof value !== "object" || value === null) return ["expected an object, received something else"];
  const { kind, subject, observed, observedAt, commit, inventory, tool } = value;
  const own = OWN_KINDS.some((one) => one === kind) ? [`kind: ${kind} is written by the signer alone`] : [];
  const unnamed = ["commit", "inventory"].filter((name) => value[name as keyof Observed] === null);
  const problems = [...problemsOf(value), ...own, ...unnamed.map((name) => `${name}: expected a value, received null`)];
  return problems.length > 0
    ? problems
    : ({ kind, subject, observed, observedAt, commit, inventory, tool } as Observed);
}

async function records(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { folder }: Answering,
): Promise<Page | undefined> {
  const { searchParams } = new URL(incoming.url ?? "/", "https://signer");
  const writer = searchParams.get("writer") ?? undefined;
  const [after, limit] = [wholeNumber(searchParams.get("after"), 0), wholeNumber(searchParams.get("limit"), Infinity)];
  if (after === undefined || limit === undefined) return { status: 400, text: "after, limit: expected whole numbers" };
  if (writer !== undefined && parseWriter(writer) === undefined)
    return { status: 400, text: "writer: expected a writer's name" };
  outgoing.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  await pipeline(Readable.from(linesOf(folder, writer, after, limit)), outgoing);
  return undefined;
}

/** `{ id, content }`, one a line. */
export async function* linesOf(
  folder: EvidenceFolder,
  writer?: string,
  after = 0,
  limit = Infinity,
): AsyncIterable<string> {
  let count = 0;
  for await (const { id, bytes } of folder.list(writer, after)) {
    if (count === limit) return;
    count += 1;
    yield `${JSON.stringify({ id, content: Buffer.from(bytes).toString("base64") } satisfies Line)}\n`;
  }
}

async function headsOf({ config, folder, keys }: Answering): Promise<Heads> {
  const ends = await Promise.all((await folder.writers()).map((writer) => endOf(writer, folder, keys)));
  const known = ends.filter(({ sequence }) => sequence > 0);
  const own = ({ writer }: { readonly writer: string }) => parseWriter(writer)?.site === config.site;
  const { region, site } = config;
  return { region, site, chains: known.filter(own), copies: known.filter((end) => !own(end)) };
}

async function endOf(writer: string, folder: EvidenceFolder, keys: KeyRing): Promise<ChainEnd> {
  const sequence = (await folder.numbers(writer)).at(-1) ?? 0;
  const id = recordId(writer, sequence);
  const bytes = sequence === 0 ? undefined : await folder.get(id);
  const record = bytes === undefined ? undefined : openRecord(bytes, keys);
  const keyid = bytes === undefined ? undefined : readEnvelope(bytes)?.signatures[0].keyid;
  // One that is altered or swapped is nobody's head.
  if (typeof record !== "object" || record.id !== id || keyid === undefined) return { writer, sequence };
  return { writer, sequence, end: { digest: record.head.digest ?? "", keyid } };
}

async function takeHead(incoming: IncomingMessage, told: Answering): Promise<Page> {
  const body = await bodyOf(incoming, 4 * MAX_BODY_BYTES);
  if (body === undefined) return { status: 413, text: "no record is as large as that" };
  const result = await told.counterSign(body);
  if (!result.accepted) return { status: result.alarm ? 409 : 400, text: result.why };
  const { record } = result;
  return json(record === undefined ? 200 : 201, { id: record?.id ?? null });
}

function wholeNumber(text: string | null, absent: number): number | undefined {
  if (text === null) return absent;
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function json(status: number, value: unknown): Page {
  return { status, text: JSON.stringify(value), type: "application/json" };
}
