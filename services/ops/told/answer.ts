/**
 * `POST /restores`, `POST /findings`: taken from inside this container alone, as who may start a command in it holds the site's engine anyway.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { bodyOf } from "../../signer/body.ts";
import type { Page } from "../answer.ts";
import type { Recorded } from "./records.ts";

/** Takes one kind of telling: what became of it, or all that is wrong with it. */
export type Take = (text: string) => Promise<Recorded | readonly string[]>;

export const BOOKS = ["restores", "findings"] as const;
export type Book = (typeof BOOKS)[number];

export interface ToldPages {
  /** Own name: no other workload has a certificate with it. */
  readonly name: string;
  /** Undefined where no backups run. */
  readonly books: Readonly<Record<Book, Take>> | undefined;
}

/** The book that a path names. */
const bookOf = ({ url }: IncomingMessage): Book | undefined => BOOKS.find((book) => url === `/${book}`);

export const isTold = (incoming: IncomingMessage): boolean => bookOf(incoming) !== undefined;

const MAX_BYTES = 64 * 1024;

/** 201 with a Recorded; 400 with what is wrong. The certificate was verified against the region's root before. */
export async function answerTold(incoming: IncomingMessage, outgoing: ServerResponse, pages: ToldPages): Promise<void> {
  const { status, text, type = "text/plain; charset=utf-8" } = await pageFor(incoming, pages);
  const close = status >= 400 ? { connection: "close" } : {};
  outgoing.writeHead(status, { "content-type": type, "cache-control": "no-store", ...close });
  outgoing.end(`${text}\n`);
}

async function pageFor(incoming: IncomingMessage, { name, books }: ToldPages): Promise<Page> {
  const from = (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN;
  const book = bookOf(incoming);
  if (book === undefined) return { status: 404, text: "nothing is told here" };
  if (from !== name) return { status: 403, text: `${from ?? "a client without name"} may not tell of ${book}` };
  if (incoming.method !== "POST") return { status: 405, text: "POST only" };
  if (books === undefined) return { status: 404, text: `no backups run here: ops records no ${book}` };
  const body = await bodyOf(incoming, MAX_BYTES);
  if (body === undefined) return { status: 413, text: `what is told is at most ${MAX_BYTES} bytes` };
  const taken = await books[book](body.toString("utf8"));
  if (!("waits" in taken)) return { status: 400, text: taken.join("; ") };
  return { status: 201, text: JSON.stringify(taken), type: "application/json" };
}
