/**
 * Statements of what people told, handed to the signer. What it does not take now waits in a spool of its own on the volume, so that an outage
 * takes no record away. One that was signed while its answer was lost is signed again: two records of one observation.
 */
import { setTimeout as timeout } from "node:timers/promises";
import type { SecureContextOptions } from "node:tls";
import type { Observed } from "../../../evidence/statement.ts";
import type { Peer } from "../config.ts";
import { Spool } from "../jobs/spool.ts";

/** What becomes of what was told. */
export interface Recorded {
  /** Name of the signed record; null where there is none yet. */
  readonly id: string | null;
  /** Whether it waits for the signer on the volume; otherwise one without a name was refused for good. */
  readonly waits: boolean;
  /** Why there is none. */
  readonly why: string | null;
}

export interface RecordsOptions {
  /** Of the spool, on the volume. */
  readonly folder: string;
  /** Of what the statements are, for people: `restores`. */
  readonly of: string;
  readonly tls: () => SecureContextOptions;
  readonly signer: () => Peer;
  readonly warn: (message: string) => void;
  /** How long whoever tells is kept waiting for the signer. Default 2. */
  readonly patienceSeconds?: number | undefined;
}

export interface Records {
  /** On disk when it resolves, and signed if the signer took it at once. @param name `[A-Za-z0-9-]{1,64}` @throws the disk's error. */
  record(name: string, statement: Observed): Promise<Recorded>;
  /** Has what waits signed. */
  send(): Promise<void>;
  /** What has to be known of it; undefined: nothing. */
  remark(): string | undefined;
  close(): Promise<void>;
}

const PATIENCE_SECONDS = 2;

/** @throws the disk's error where the volume cannot be read or written. */
export async function openRecords(options: RecordsOptions): Promise<Records> {
  const { folder, of, tls, signer, warn, patienceSeconds = PATIENCE_SECONDS } = options;
  /** Of those whose teller still waits. */
  const outcomes = new Map<string, Recorded | undefined>();
  const note = (name: string, outcome: Recorded): void => {
    if (outcomes.has(name)) outcomes.set(name, outcome);
  };
  const spool = await Spool.open({
    folder,
    signer: () => ({ peer: signer(), tls: tls() }),
    isEnded: () => true,
    isDone: () => false,
    onSigned: async (name, { id }) => note(name, { id, waits: false, why: null }),
    onRefused: async (name, why) => {
      warn(`the signer refuses the statement of ${name}: ${why}`);
      note(name, { id: null, waits: false, why });
    },
  });

  /** What became of it when all was sent, or when patience ends: what waits stays, and is sent again. */
  async function sent(name: string): Promise<Recorded> {
    const patience = new AbortController();
    const ended = timeout(patienceSeconds * 1000, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([spool.send(), ended]).finally(() => patience.abort());
    return outcomes.get(name) ?? { id: null, waits: true, why: spool.fault ?? WAITS };
  }

  return {
    record: async (name, statement) => {
      // Before it can be sent, as what waits is sent in the background as well.
      outcomes.set(name, undefined);
      try {
        await spool.put(name, statement);
        return await sent(name);
      } finally {
        outcomes.delete(name);
      }
    },
    send: () => spool.send(),
    remark: () => {
      const { length, fault } = spool;
      return length === 0
        ? undefined
        : `${length} statements of ${of} wait for the signer${fault ? ` (${fault})` : ""}`;
    },
    close: () => spool.close(),
  };
}

const WAITS = "the signer has not answered yet";
