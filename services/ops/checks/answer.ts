/**
 * `POST /checks`, `POST /bundles`, `POST /drifts`, `POST /accesses`: what the command line made (an assessment, an auditor's bundle, how far a site differs
 * from what is declared, a certificate for an auditor), handed to the signer at once; from inside this container alone. Nothing waits here: whoever told it is
 * told that it was not signed, and can say it again.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SecureContextOptions } from "node:tls";
import type { Observed } from "../../../evidence/statement.ts";
import { bodyOf } from "../../signer/body.ts";
import { isFromInside, type Page, writePage } from "../answer.ts";
import type { Peer } from "../config.ts";
import { Away, call } from "../jobs/call.ts";
import { MAX_OBSERVED_BYTES } from "../jobs/statements.ts";
import { accessStatement } from "./access.ts";
import { bundleStatement } from "./bundle.ts";
import { driftStatement } from "./drift.ts";
import { checkStatement } from "./statement.ts";

export interface CheckPages {
  readonly region: string;
  /** Own name: no other workload has a certificate with it. */
  readonly name: string;
  readonly tls: SecureContextOptions;
  /** Undefined where nobody signs. */
  readonly signer: Peer | undefined;
}

/** What is signed at once, by path: the statement that is made of a text, or all that is wrong with it. */
const STATEMENTS: Readonly<Record<string, (text: string, region: string) => Observed | readonly string[]>> = {
  "/checks": checkStatement,
  "/bundles": bundleStatement,
  "/drifts": driftStatement,
  "/accesses": accessStatement,
};

export const isCheckTold = ({ url = "" }: IncomingMessage): boolean => Object.hasOwn(STATEMENTS, url);

/** Less than the mode waits for an answer (query.ts). */
const SIGN_SECONDS = 4;

/** 201 with the record as the signer gives it (services/signer/shapes.ts); 400 with what is wrong; 503 where the signer does not answer. */
export async function answerCheck(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  pages: CheckPages,
): Promise<void> {
  writePage(incoming, outgoing, await pageFor(incoming, pages));
}

async function pageFor(incoming: IncomingMessage, { region, name, tls, signer }: CheckPages): Promise<Page> {
  if (!isFromInside(incoming, name))
    return { status: 403, text: "what is signed at once is told from this container alone" };
  if (incoming.method !== "POST") return { status: 405, text: "POST only" };
  if (signer === undefined) return { status: 404, text: "there is no signer here" };
  const body = await bodyOf(incoming, MAX_OBSERVED_BYTES);
  if (body === undefined) return { status: 413, text: `what is told is at most ${MAX_OBSERVED_BYTES} bytes` };
  const statement = STATEMENTS[incoming.url ?? ""]?.(body.toString("utf8"), region) ?? ["nothing is told here"];
  if (!("kind" in statement)) return { status: 400, text: statement.join("; ") };
  try {
    const asked = { method: "POST", path: "/statements", body: JSON.stringify(statement) } as const;
    const { status, text } = await call(signer, tls, { ...asked, timeoutSeconds: SIGN_SECONDS });
    if (status !== 201) return { status: status === 400 || status === 413 ? status : 503, text };
    return { status: 201, text, type: "application/json" };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return { status: 503, text: error.message };
  }
}
