/** `GET /probes`: how rounds of probes stand; `POST /probes`: one now, for operators and for whoever is in this container. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isFromInside, nameOf, type Page, type Pages, writePage } from "../answer.ts";
import type { RoundsService } from "./service.ts";

export type ProbePages = Pick<Pages, "clients" | "name" | "operators"> & {
  /** Undefined where nobody signs. */
  readonly rounds: Pick<RoundsService, "view" | "begin"> | undefined;
};

export const isAboutProbes = ({ url }: IncomingMessage): boolean => url === "/probes";

/** 202 with the id of the round that begins or goes on. The certificate was verified against the region's root before. */
export async function answerProbes(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  pages: ProbePages,
): Promise<void> {
  writePage(incoming, outgoing, pageFor(incoming, pages));
}

function pageFor(incoming: IncomingMessage, { clients, name, operators, rounds }: ProbePages): Page {
  const from = nameOf(incoming);
  if (from === undefined || !clients.includes(from))
    return { status: 403, text: `${from ?? "a client without name"} is not let in` };
  if (rounds === undefined) return { status: 404, text: "there is no signer here: ops makes no rounds of probes" };
  if (incoming.method === "GET") return json(200, rounds.view());
  if (incoming.method !== "POST") return { status: 405, text: "GET and POST only" };
  if (!isFromInside(incoming, name) && !operators.includes(from))
    return { status: 403, text: `${from} may not begin rounds` };
  return json(202, { id: rounds.begin() });
}

const json = (status: number, value: unknown): Page => ({
  status,
  text: JSON.stringify(value),
  type: "application/json",
});
