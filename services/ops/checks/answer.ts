/**
 * `POST /checks`: an assessment that the command line made, handed to the signer at once; from inside this container alone. Nothing waits here:
 * whoever told it is told that it was not signed, and can say it again.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SecureContextOptions } from "node:tls";
import { bodyOf } from "../../signer/body.ts";
import { isFromInside, type Page, writePage } from "../answer.ts";
import type { Peer } from "../config.ts";
import { Away, call } from "../jobs/call.ts";
import { MAX_OBSERVED_BYTES } from "../jobs/statements.ts";
import { checkStatement } from "./statement.ts";

export interface CheckPages {
  readonly region: string;
  /** Own name: no other workload has a certificate with it. */
  readonly name: string;
  readonly tls: SecureContextOptions;
  /** Undefined where nobody signs. */
  readonly signer: Peer | undefined;
}

export const isCheckTold = ({ url }: IncomingMessage): boolean => url === "/checks";

/** Less than the mode waits for an answer (query.ts). */
const SIGN_SECONDS = 4;

/** 201 with `{ id, digest }` of the record; 400 with what is wrong; 503 where the signer does not answer. */
export async function answerCheck(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  pages: CheckPages,
): Promise<void> {
  writePage(incoming, outgoing, await pageFor(incoming, pages));
}

async function pageFor(incoming: IncomingMessage, { region, name, tls, signer }: CheckPages): Promise<Page> {
  if (!isFromInside(incoming, name)) return { status: 403, text: "assessments are told from this container alone" };
  if (incoming.method !== "POST") return { status: 405, text: "POST only" };
  if (signer === undefined) return { status: 404, text: "there is no signer here" };
  const body = await bodyOf(incoming, MAX_OBSERVED_BYTES);
  if (body === undefined) return { status: 413, text: `an assessment is at most ${MAX_OBSERVED_BYTES} bytes` };
  const statement = checkStatement(body.toString("utf8"), region);
  if (!("kind" in statement)) return { status: 400, text: statement.join("; ") };
  try {
    const asked = { method: "POST", path: "/statements", body: JSON.stringify(statement) } as const;
    const { status, text } = await call(signer, tls, { ...asked, timeoutSeconds: SIGN_SECONDS });
    if (status !== 201) return { status: status === 400 || status === 413 ? status : 503, text };
    const { id, digest } = JSON.parse(text) as { id: string; digest: string };
    return { status: 201, text: JSON.stringify({ id, digest }), type: "application/json" };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return { status: 503, text: error.message };
  }
}
