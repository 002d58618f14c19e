/**
 * Changing one name's texts by RFC 2136 with TSIG (RFC 8945), by Knot's `knsupdate`: the words that it is started with, and what it is told on
 * standard input, where the key is as well, as nobody else sees that. Pure.
 */
import type { TsigKey } from "../../../custody/types.ts";

/** Over TCP: what is told is often larger than a datagram. Seconds. */
export const UPDATE_WORDS: readonly string[] = ["knsupdate", "--tcp", "--timeout", "5"];

/** Resolvers may remember a head for so long. Seconds. */
const TTL = 300;

export interface Update {
  readonly server: { readonly address: string; readonly port: number };
  /** Apex, without final dot. */
  readonly zone: string;
  /** Without final dot. */
  readonly name: string;
  /** What the name says afterwards, one string a record. */
  readonly texts: readonly string[];
  readonly key: Pick<TsigKey, "name" | "algorithm" | "secret">;
}

/** One message: the server does all of it or nothing. */
export function updateScript({ server, zone, name, texts, key }: Update): string {
  const lines = [
    `server ${server.address} ${server.port}`,
    `zone ${zone}.`,
    `key ${key.algorithm}:${key.name} ${key.secret}`,
    `update delete ${name}. TXT`,
    ...texts.map((text) => `update add ${name}. ${TTL} TXT ${quoted(text)}`),
    "send",
  ];
  return `${lines.join("\n")}\n`;
}

/** Why it was not done: the server's word, or else the tool's first complaint, which holds no key. */
export function updateFault({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string {
  const [, status] = /status: ([A-Z]+)/.exec(stdout) ?? [];
  if (status !== undefined) return `refuses the update: ${status}`;
  const [, complaint] = /(?:ERROR|WARNING): ([^\n]{1,120})/.exec(`${stdout}\n${stderr}`) ?? [];
  return `the update was not done: ${complaint ?? `knsupdate ended with ${code}`}`;
}

/** @throws RangeError for what could end the string or the line. */
function quoted(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  throw new RangeError(
    `text: expected plain characters without quotation marks and backslashes, received ${JSON.stringify(text)}`,
  );
}
