/** Replay of a standby, paused for some seconds so that snapshots stand at one log position. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { WorkFault } from "../work.ts";
import { TryAgain } from "./checkpoint.ts";
import { liesBefore } from "./log-position.ts";
import { endQuietly, type OpenPostgres, sqlStateOf } from "./postgres-connection.ts";

/** The server's guard knows the session by it: replay that stays paused without one is let go. */
export const PAUSE_APPLICATION = "lumbung checkpoint pause";
/** Replay is never paused for longer. */
const PAUSED_MS = 10_000;
const POLL_MS = 50;
/** How long replay is waited for before it is paused. */
const CATCH_UP_MS = 30_000;
/** Of advisory locks on the standby: both sites' repository hosts make checkpoints, and one's pause must not end within the other's. */
const LOCK = 0x6c756d62;
const LOCK_WAIT = "60s";

/** Pauses replay, does `look`, and lets replay go on whatever happened. Returns the position: the end of the last record that is visible. */
export async function withReplayPaused(open: OpenPostgres, look: () => Promise<void>): Promise<string> {
  const control = await open("postgres");
  try {
    await control.query("select set_config('lock_timeout', $1, false)", [LOCK_WAIT]);
    await control.query("select pg_advisory_lock($1)", [LOCK]);
    await caughtUp(control);
    const before = await pauseState(control);
    if (before !== "not paused")
      throw new TryAgain(
        `the standby's replay is ${before} already: expected it to go on; pg_wal_replay_resume() ends it`,
      );
    // Only now: the guard counts from the beginning of the session.
    const pauser = await open("postgres", PAUSE_APPLICATION);
    try {
      return await pausedPosition(pauser, open, look);
    } finally {
      await endQuietly(pauser);
    }
  } finally {
    await endQuietly(control);
  }
}

async function pausedPosition(control: pg.Client, open: OpenPostgres, look: () => Promise<void>): Promise<string> {
  const deadline = performance.now() + PAUSED_MS;
  try {
    await control.query("select pg_wal_replay_pause()");
    while ((await pauseState(control)) !== "paused") {
      if (performance.now() > deadline) throw new TryAgain("the standby did not pause its replay in time");
      await sleep(POLL_MS);
    }
    const position = await replayed(control);
    await within(deadline, look());
    if ((await pauseState(control)) !== "paused" || (await replayed(control)) !== position)
      throw new TryAgain("the standby's replay went on while the snapshots were taken");
    return position;
  } finally {
    await resume(control, open);
  }
}

/**
 * A standby that is behind takes snapshots back at once (`max_standby_streaming_delay` counts from when a record came), and what it shows is
 * old: it is given time to replay what it has by now. One that does not get there is paused all the same.
 */
async function caughtUp(control: pg.Client): Promise<void> {
  const { rows } = await control.query<{ received: string | null }>(
    "select pg_last_wal_receive_lsn()::text as received",
  );
  const received = rows[0]?.received;
  if (!received) return;
  const deadline = performance.now() + CATCH_UP_MS;
  while (performance.now() < deadline && liesBefore(await replayed(control), received)) await sleep(POLL_MS);
}

async function pauseState(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ state: string }>("select pg_get_wal_replay_pause_state() as state");
  return rows[0]?.state ?? "unknown";
}

async function replayed(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ position: string }>("select pg_last_wal_replay_lsn()::text as position");
  const { position } = rows[0] ?? {};
  if (!position) throw new TryAgain("the standby says no replay position");
  return position;
}

async function within(deadline: number, looking: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = sleep(Math.max(0, deadline - performance.now()), undefined, { signal: timer.signal }).then(() => {
    throw new TryAgain(`the snapshots took longer than ${PAUSED_MS / 1000} seconds, for which replay may be paused`);
  });
  try {
    await Promise.race([looking, late]);
  } finally {
    timer.abort();
    // Whichever lost says nothing that counts.
    await Promise.allSettled([late]);
    looking.catch(() => undefined);
  }
}

/** On a fresh connection where the first is lost. */
async function resume(control: pg.Client, open: OpenPostgres): Promise<void> {
  try {
    await letGo(control);
  } catch {
    try {
      const fresh = await open("postgres", PAUSE_APPLICATION);
      await letGo(fresh).finally(() => endQuietly(fresh));
    } catch (cause) {
      const { message } = cause as Error;
      throw new WorkFault(
        {
          id: `pemutaran log di server siaga mungkin masih dijeda (${message}): jalankan select pg_wal_replay_resume() di sana`,
          en: `replay on the standby may still be paused (${message}): run select pg_wal_replay_resume() there`,
        },
        { cause },
      );
    }
  }
}

/** A server that is no standby any more has nothing to let go: 55000. */
async function letGo(client: pg.Client): Promise<void> {
  await client.query("select pg_wal_replay_resume()").catch((error: unknown) => {
    if (sqlStateOf(error) !== "55000") throw error;
  });
}
