/** The pages of `ops`: who may ask, and what. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Text } from "../../model/types.ts";
import { bodyOf } from "../signer/body.ts";
import { parseAsked } from "./jobs/ask-for.ts";
import type { JobsService } from "./jobs/service.ts";
import { isRunbooks, runbooksPage } from "./runbooks/answer.ts";
import type { RunbooksService } from "./runbooks/service.ts";
import type { Exposed, OpsStatus } from "./status.ts";

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Default plain text. */
  readonly type?: string;
}

/** What is told of jobs, and asked of them. */
export type Jobs = Pick<JobsService, "jobs" | "coverage" | "drills" | "drill" | "run" | "begin">;

export interface Pages {
  /** Common names that are let in. */
  readonly clients: readonly string[];
  /** Own name: by it, only who is in the same container may begin a run. */
  readonly name: string;
  /** Common names that may begin a run. */
  readonly operators: readonly string[];
  health(): Page;
  status(): OpsStatus;
  exposure(): Text | null;
  metrics(): Promise<Page>;
  /** Undefined where this `ops` runs none; `fault`: why not, though it should. */
  jobs(): { readonly running: Jobs | undefined; readonly fault: string | undefined };
  /** Undefined where this `ops` carries out none, or cannot. */
  runbooks(): Pick<RunbooksService, "order" | "list" | "show"> | undefined;
}

/** Answers one request. The certificate was verified against the region's root before; here the name in it is. */
export async function answer(incoming: IncomingMessage, outgoing: ServerResponse, pages: Pages): Promise<void> {
  writePage(incoming, outgoing, await pageFor(incoming, pages));
}

export function writePage(incoming: IncomingMessage, outgoing: ServerResponse, page: Page): void {
  outgoing.writeHead(page.status, {
    "content-type": page.type ?? "text/plain; charset=utf-8",
    "cache-control": "no-store",
    // What was not read of a refused body must not be taken for the next request.
    ...(page.status >= 400 ? { connection: "close" } : {}),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : `${page.text.trimEnd()}\n`);
}

async function pageFor(incoming: IncomingMessage, pages: Pages): Promise<Page> {
  const name = nameOf(incoming);
  if (name === undefined || !pages.clients.includes(name))
    return { status: 403, text: `${name ?? "a client without name"} is not let in` };
  const path = (incoming.url ?? "").split("?")[0] ?? "";
  if (isRunbooks(path))
    return runbooksPage(incoming, path, {
      ...{ mayOrder: mayOrder(incoming, name, pages), running: pages.runbooks() },
      exposure: () => pages.exposure(),
    });
  if (incoming.method === "POST" && path === "/runs") return begin(incoming, name, pages);
  if (incoming.method !== "GET" && incoming.method !== "HEAD")
    return { status: 405, text: "GET and HEAD only, and POST /runs" };
  switch (path) {
    case "/health":
      return pages.health();
    case "/status":
      return json(200, { ...pages.status(), ...exposed(pages) });
    case "/metrics":
      return pages.metrics();
    default:
      return jobsPage(path, pages);
  }
}

const exposed = (pages: Pick<Pages, "exposure">): Exposed => ({ exposure: pages.exposure() });

/** Common name of who asks. */
export function nameOf(incoming: IncomingMessage): string | undefined {
  const name: unknown = (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN;
  return typeof name === "string" ? name : undefined;
}

async function jobsPage(path: string, pages: Pages): Promise<Page> {
  const [, what = "", id, ...rest] = path.split("/");
  if (!["jobs", "coverage", "drills", "runs"].includes(what) || rest.length > 0) return NOT_THERE;
  const jobs = runningJobs(pages);
  if ("status" in jobs) return jobs;
  if (id === undefined) {
    if (what === "jobs") return json(200, { ...jobs.jobs(), ...exposed(pages) });
    if (what === "coverage") return json(200, { ...jobs.coverage(), ...exposed(pages) });
    if (what === "drills") return json(200, { ...jobs.drills(), ...exposed(pages) });
    return NOT_THERE;
  }
  const found = what === "drills" ? await jobs.drill(id) : what === "runs" ? await jobs.run(id) : undefined;
  return found === undefined ? { status: 404, text: `there is no ${path}` } : json(200, found);
}

function runningJobs(pages: Pages): Jobs | Page {
  const { running, fault } = pages.jobs();
  if (running) return running;
  return fault === undefined
    ? { status: 404, text: "no backups are declared: ops runs no jobs" }
    : { status: 503, text: fault };
}

const MAX_ASKED_BYTES = 16 * 1024;

/** 202 with the run's id; 400 with what is wrong in both languages, 409 with why not now. */
async function begin(incoming: IncomingMessage, name: string, pages: Pages): Promise<Page> {
  if (!mayOrder(incoming, name, pages)) return { status: 403, text: `${name} may not begin runs` };
  const jobs = runningJobs(pages);
  if ("status" in jobs) return jobs;
  const body = await bodyOf(incoming, MAX_ASKED_BYTES);
  if (body === undefined) return { status: 413, text: `a question is at most ${MAX_ASKED_BYTES} bytes` };
  const asked = parseAsked(body.toString("utf8"));
  if (!("target" in asked)) return json(400, { problems: asked });
  const begun = await jobs.begin(asked);
  if ("id" in begun) return json(202, begun);
  return begun.kind === "wrong" ? json(400, { problems: begun.problems }) : json(409, { why: begun.why });
}

/** Our own name counts from inside the container alone. */
function mayOrder(incoming: IncomingMessage, name: string, pages: Pages): boolean {
  return isFromInside(incoming, pages.name) || pages.operators.includes(name);
}

/** From this container: who may start a command in it holds the site's engine anyway. @param own name of the server itself */
export function isFromInside(incoming: IncomingMessage, own: string): boolean {
  const { remoteAddress = "" } = incoming.socket;
  return nameOf(incoming) === own && /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/.test(remoteAddress);
}

const NOT_THERE: Page = {
  status: 404,
  text: "there are: /coverage /drills /drills/<id> /health /jobs /metrics /probes /runs/<id> /status, and POST /runs /accesses /bundles /checks /drifts /probes /restores",
};

function json(status: number, value: unknown): Page {
  return { status, text: JSON.stringify(value), type: "application/json" };
}
