/** The pages of runbooks: `GET /runbooks`, `GET /runbooks/<run>`, and `POST /runbooks` with an order. */
import type { IncomingMessage } from "node:http";
import { LumbungError } from "../../../io/errors.ts";
import type { Text } from "../../../model/types.ts";
import { bodyOf } from "../../signer/body.ts";
import type { Page } from "../answer.ts";
import type { RunbooksService } from "./service.ts";
import { type RunbookOrder, VERBS } from "./views.ts";

export interface RunbooksAsked {
  /** Whether whoever asks may give orders. */
  readonly mayOrder: boolean;
  readonly running: Pick<RunbooksService, "order" | "list" | "show"> | undefined;
  readonly exposure: () => Text | null;
}

export const isRunbooks = (path: string): boolean => path === "/runbooks" || path.startsWith("/runbooks/");

const MAX_BYTES = 64 * 1024;

/** Never throws for what an operator can do something about: that is said, with its exit code. */
export async function runbooksPage(incoming: IncomingMessage, path: string, asked: RunbooksAsked): Promise<Page> {
  const { running, mayOrder } = asked;
  if (running === undefined) return { status: 404, text: "no second site is declared: ops carries out no runbooks" };
  try {
    if (incoming.method === "GET") {
      const run = decodeURIComponent(path.slice("/runbooks/".length));
      const view = run === "" ? await running.list() : await running.show(run);
      return json(200, { ...view, exposure: asked.exposure() });
    }
    if (incoming.method !== "POST" || path !== "/runbooks") return { status: 405, text: "GET, and POST /runbooks" };
    if (!mayOrder) return { status: 403, text: "may not give orders" };
    const body = await bodyOf(incoming, MAX_BYTES);
    if (body === undefined) return { status: 413, text: `an order is at most ${MAX_BYTES} bytes` };
    const answer = (await running.order(orderIn(body.toString("utf8")))) as object;
    return json(200, { ...answer, exposure: asked.exposure() });
  } catch (error) {
    if (!(error instanceof LumbungError)) throw error;
    const { exitCode, text, hint } = error;
    return json(exitCode === 2 ? 400 : 409, { exitCode, text, ...(hint ? { hint } : {}) });
  }
}

/** Words where words are expected; which of them there must be, each verb says itself. */
function orderIn(body: string): RunbookOrder {
  const order = parsed(body);
  const wrong = Object.entries(order).flatMap(([name, value]) => (typeof value === "string" ? [] : [name]));
  const lacking = VERBS.includes(order.verb as RunbookOrder["verb"])
    ? NEEDS[order.verb as RunbookOrder["verb"]].filter((name) => order[name] === undefined)
    : ["verb"];
  if (wrong.length === 0 && lacking.length === 0) return order as unknown as RunbookOrder;
  const said = [...new Set([...lacking, ...wrong])].join(", ");
  throw new LumbungError(2, { id: `${said}: diharapkan teks`, en: `${said}: expected a text` });
}

const NEEDS: Readonly<Record<RunbookOrder["verb"], readonly string[]>> = {
  plan: ["runbook"],
  approve: ["approval"],
  begin: ["plan"],
  resume: ["run"],
  pause: ["run"],
  abort: ["run", "reason", "by"],
  skip: ["run", "step", "reason", "by"],
  preflight: [],
};

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // What is no JSON has no verb, and that is said.
    return {};
  }
}

function json(status: number, value: unknown): Page {
  return { status, text: JSON.stringify(value), type: "application/json" };
}
