/**
 * How long a site that was lost takes to follow again when it is rewound, a hundredth of its blocks changed by each side since they parted, against
 * when it is copied anew (issue 6: at most a tenth).
 */
import { eventually } from "../../lab/support/eventually.ts";
import type { Bench } from "../bench.ts";
import { failbackFigure } from "./figures.ts";
import { failbackMebibytes, scaleFor } from "./size.ts";
import { POSTGRES, type SiteId, type TakeoverStand, takeoverStand } from "./stand.ts";
import { changedShare, changeHundredth, followsUpTo, loadWords, rewindSeconds } from "./words.ts";

const ROUNDS = 2;
const DATABASE = "lumbung_bench";
const PATIENCE_SECONDS = 3600;
/** Of a time that may be a few seconds. */
const LOOK_MS = 50;
/** What only the lost site did: another sum than that of what the other one did. */
const LOST_BY = 1000;

export const failbackBench: Bench = {
  makes: ["failback.rewind"],
  measure: async (note) => {
    const stand = await takeoverStand(note);
    const mebibytes = failbackMebibytes();
    const { active } = await stand.standing();
    note(`pgbench: a database of ${mebibytes} MiB`);
    await stand.sql(active, "postgres", `create database ${DATABASE}`);
    await stand.said(active, POSTGRES, loadWords(scaleFor(mebibytes), DATABASE));
    const [rewind, rewindAlone, reseed, changed]: [number[], number[], number[], unknown[]] = [[], [], [], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      note(`round ${round} of ${ROUNDS}: the sites part`);
      const { from, to, ...counts } = await parted(stand, round);
      changed.push(counts);
      note(`round ${round} of ${ROUNDS}: a rewind`);
      const { all, alone } = await rewound(stand, from, to);
      rewind.push(all);
      rewindAlone.push(alone);
      note(`round ${round} of ${ROUNDS}: a reseed`);
      reseed.push(await follows(stand, { from, to, verb: "reseed" }));
      await alike(stand, from, to);
    }
    await stand.sql((await stand.standing()).active, "postgres", `drop database ${DATABASE}`);
    return [failbackFigure({ rewind, reseed }, { mebibytes, changed, rewindAlone })];
  },
};

/** The active site writes what the other does not get, and is lost; the other takes over and writes. `from` is then closed, and was not changed. */
async function parted(stand: TakeoverStand, round: number) {
  const { active: from, other: to, epoch } = await stand.standing();
  await upToDate(stand, from, to);
  // It gets nothing more, not even what a connection still holds.
  stand.guards.docker("stop", stand.guards.name(to, POSTGRES));
  const change = async (site: SiteId, by: number) =>
    changedShare(await stand.sql(site, DATABASE, changeHundredth({ row: round, by })));
  const lost = await change(from, LOST_BY);
  stand.lose(from);
  stand.guards.docker("start", stand.guards.name(to, POSTGRES));
  await stand.healthIs(to, POSTGRES, /^standby of /);
  await stand.take(to, epoch + 1);
  await stand.open(to, epoch + 1);
  stand.name(to, [to]);
  const since = await change(to, 1);
  await stand.starts(from);
  // Its own, and small; it is not measured.
  stand.guards.order(from, "mariadb-php", { verb: "reseed" });
  return { from, to, lost, since };
}

/** Seconds until it follows, and those of pg_rewind itself. @throws unless that did it, and what only the lost site had is gone. */
async function rewound(stand: TakeoverStand, from: SiteId, to: SiteId): Promise<{ all: number; alone: number }> {
  const since = new Date().toISOString();
  const all = await follows(stand, { from, to, verb: "rejoin" });
  const log = stand.guards.docker("logs", "--since", since, stand.guards.name(from, POSTGRES));
  await alike(stand, from, to);
  return { all, alone: rewindSeconds(log) };
}

interface Return {
  readonly from: SiteId;
  readonly to: SiteId;
  readonly verb: "rejoin" | "reseed";
}

/** Seconds from the order until the site follows and has all that the other had then. */
async function follows(stand: TakeoverStand, { from, to, verb }: Return): Promise<number> {
  const position = await stand.sql(to, "postgres", "select pg_current_wal_flush_lsn()");
  const begun = performance.now();
  stand.guards.order(from, POSTGRES, { verb });
  // Until then what still answers may be the server that is about to be given up.
  const instance = verb === "reseed" ? await startedAt(stand, from) : "";
  await eventually(`${from} follows ${to}`, PATIENCE_SECONDS, () => isThere(stand, from, position, instance), LOOK_MS);
  return (performance.now() - begun) / 1000;
}

const startedAt = (stand: TakeoverStand, site: SiteId): Promise<string> =>
  stand.sql(site, "postgres", "select pg_postmaster_start_time()").catch(() => "");

async function isThere(stand: TakeoverStand, site: SiteId, position: string, not: string): Promise<true | undefined> {
  const said = await stand.sql(
    site,
    "postgres",
    `${followsUpTo(position)}, pg_postmaster_start_time() <> '${not || "epoch"}'`,
  );
  return said === "t|t" ? true : undefined;
}

async function upToDate(stand: TakeoverStand, from: SiteId, to: SiteId): Promise<void> {
  const position = await stand.sql(from, "postgres", "select pg_current_wal_flush_lsn()");
  await eventually(`${to} has it all`, PATIENCE_SECONDS, () => isThere(stand, to, position, ""));
}

async function alike(stand: TakeoverStand, one: SiteId, other: SiteId): Promise<void> {
  await upToDate(stand, other, one);
  const sum = (site: SiteId) => stand.sql(site, DATABASE, "select sum(abalance) from pgbench_accounts");
  const [here, there] = [await sum(one), await sum(other)];
  if (here !== there) throw new Error(`bench: ${one} has ${here}, ${other} has ${there}: not alike`);
}
