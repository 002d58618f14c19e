/** `node ops.mjs restore`, `node ops.mjs finding`: hands what standard input tells to the server in this container, and prints what becomes of it. */
import { text as textOf } from "node:stream/consumers";
import { ask } from "../../signer/ask.ts";
import type { Mode } from "../modes.ts";
import type { Book } from "./answer.ts";

/** The drill room is asked, and whatever is being sent to the signer just now comes first. */
const TIMEOUT_SECONDS = 20;

/** The mode that these words name, or undefined. */
export function toldMode(words: readonly string[]): Mode | undefined {
  const book = BY_WORD[words.join(" ")];
  return book && tell(book);
}

const BY_WORD: Readonly<Record<string, Book>> = { restore: "restores", finding: "findings" };

const tell = (book: Book): Mode => ({
  silent: 3,
  run: async ({ config, tls }) => {
    const at = { address: "127.0.0.1", port: config.port, name: config.name, tls, timeoutSeconds: TIMEOUT_SECONDS };
    const { status, text } = await ask(at, "POST", `/${book}`, Buffer.from(await textOf(process.stdin)));
    console.log(text);
    if (status < 300) return 0;
    return status === 400 || status === 413 ? 2 : 3;
  },
});
