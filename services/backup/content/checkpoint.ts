/** A digest checkpoint: the proof, or why there is none. A backup without one is still a backup. */
import type { Text } from "../../../model/types.ts";
import type { TablesProof } from "../wire.ts";
import { WorkFault } from "../work.ts";
import { saidOf } from "./unread.ts";

export type Checkpoint = { readonly proof: TablesProof } | { readonly unproven: Text };

/** How often a snapshot is taken that the server then takes back. */
export const ATTEMPTS = 3;

/** This time there was no checkpoint; the next may succeed. */
export class TryAgain extends Error {
  override readonly name = "TryAgain";
}

/**
 * What `attempt` makes, tried three times while it throws what `mayPass`. A WorkFault, and whatever else it throws, is why there is none.
 * @throws the signal's reason alone.
 */
export async function tryCheckpoint(
  attempt: () => Promise<TablesProof>,
  mayPass: (error: unknown) => boolean,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  for (let count = 1; ; count++) {
    try {
      signal?.throwIfAborted();
      return { proof: await attempt() };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof WorkFault) return { unproven: error.text };
      const again = error instanceof TryAgain || mayPass(saidOf(error));
      if (again && count < ATTEMPTS) continue;
      return { unproven: reason(error as Error, again ? count : undefined) };
    }
  }
}

function reason({ message }: Error, attempts?: number): Text {
  if (attempts === undefined)
    return { id: `titik periksa isi gagal: ${message}`, en: `the digest checkpoint failed: ${message}` };
  return {
    id: `titik periksa isi gagal ${attempts} kali; yang terakhir: ${message}`,
    en: `the digest checkpoint failed ${attempts} times; the last time: ${message}`,
  };
}
