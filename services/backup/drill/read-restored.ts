/** Asking an engine that runs on restored data. What it cannot answer was not restored. */
import type { DigestOptions } from "../content/postgres-digest.ts";
import { TableUnread } from "../content/unread.ts";
import { ProcessError } from "../process.ts";
import type { Copy } from "../wire.ts";
import type { Work } from "../work.ts";
import { NotRestored } from "./course.ts";

/** @throws NotRestored with what the engine says, of which table where it is one; the signal's reason. */
export async function readRestored<Value>(
  { id }: Pick<Copy, "id">,
  { signal }: Pick<Work, "signal">,
  read: () => Promise<Value>,
): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    if (!isAnswer(error)) throw error;
    throw new NotRestored(
      {
        id: `salinan ${id} tidak dapat dibaca setelah dipulihkan: ${error.message}: pulihkan dari salinan lain, dan buat salinan penuh baru`,
        en: `copy ${id} cannot be read after the restore: ${error.message}: restore another one, and make a new full one`,
      },
      { cause: error },
    );
  }
}

/** What an engine or its socket says has a code, is a connection that ended, or what its own program ended with; anything else is a mistake of ours. */
function isAnswer(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof TableUnread ||
    error instanceof ProcessError ||
    "code" in error ||
    /^Connection terminated|^Client has/.test(error.message)
  );
}

/** How a digest of everything is told and stopped. */
export const digestOptions = ({ signal, phase }: Pick<Work, "signal" | "phase">): DigestOptions => ({
  signal,
  onTable: (name, done, total) =>
    phase({
      id: `membandingkan isi: ${name} (${done}/${total})`,
      en: `comparing content: ${name} (${done}/${total})`,
    }),
});
