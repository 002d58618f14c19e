/** Database servers of both engines: seen by what Patroni and MariaDB's agent say, told through their guards. */
import { setTimeout as pause } from "node:timers/promises";
import type { SecureContextOptions } from "node:tls";
import { refused } from "../../../io/errors.ts";
import type { LeaseFollows } from "../../../model/lease.ts";
import { text } from "../../../model/text.ts";
import { type ServerSeen, unknownServer } from "../../../runbooks/facts.ts";
import type { Databases, Divergence } from "../../../runbooks/ports.ts";
import type { Guard, Target } from "../config.ts";
import { call } from "../jobs/call.ts";
import type { DatabaseObservation, MariadbObservation, PatroniObservation } from "../observation.ts";
import { readPatroni } from "../read.ts";
import { readMariadb } from "../read-mariadb.ts";
import { targetId } from "../status.ts";
import { gtidCovers, lackedBy, type Parted } from "./gtid.ts";
import type { Guards } from "./guards.ts";
import { isOurHistory, lsnOf, primaryHistory, writtenLsn } from "./history.ts";
import { type LastWaits, noteWaits, waitsNow, waitsSeen } from "./waits.ts";

export interface DatabasesArgs {
  readonly guards: Guards;
  readonly targets: readonly Target[];
  readonly tls: SecureContextOptions;
  readonly now: () => Date;
  /** What was seen last of commits that wait for the other site. */
  readonly lastWaits: LastWaits;
}

const ASK_SECONDS = 3;
/** All of the data may have to be copied. */
const KEEP_SECONDS = 3600;
const KEEP_POLL_SECONDS = 2;

export function databasesThrough(args: DatabasesArgs): Databases {
  const { guards, now, lastWaits } = args;
  const guardOf = (server: string, site: string): Guard => {
    const found = guards.all.find((one) => one.server === server && one.site === site);
    if (found === undefined) throw new RangeError(`guards: ${server} at ${site} has none`);
    return found;
  };
  const isClosed = async (server: string, site: string): Promise<boolean> =>
    (await guards.states()).get(guardOf(server, site))?.state === "closed";
  const look = (server: string, site: string) => observe(args, guardOf(server, site).workload, site);
  const twinOf = (server: string, site: string): string =>
    guards.all.find((one) => one.server === server && one.site !== site)?.site ?? site;

  return {
    seen: async (server, site) => {
      const seen = await look(server, site).catch(() => undefined);
      const id = targetId({ site, workload: guardOf(server, site).workload });
      if (seen !== undefined) noteWaits(lastWaits, id, seen, now());
      const said: ServerSeen =
        seen === undefined
          ? { ...unknownServer(server), ...waitsSeen(lastWaits.get(id)) }
          : serverOf(server, seen, now());
      // One whose guard keeps it from being started says nothing itself.
      if (said.role === "unknown" && (await isClosed(server, site))) return { ...said, role: "closed" };
      const guard = guardOf(server, site);
      if (!said.following || guard.kind !== "postgresql") return said;
      return asCompared(said, (await guards.state(guard).catch(() => undefined))?.follows);
    },
    has: async (server, site, position) => {
      const seen = await look(server, site);
      if (seen.probe === "mariadb") return seen.gtid !== undefined && gtidCovers(seen.gtid, position);
      const [at, wanted] = [seen.position, lsnOf(position)];
      return at !== undefined && wanted !== undefined && at >= wanted;
    },
    open: (server, site, epoch) => guards.order(guardOf(server, site), { verb: "open", epoch }),
    wait: (server, site, waits) => guards.order(guardOf(server, site), { verb: "wait", waits }),
    divergence: async (server, site) => {
      const [own, twin] = [guardOf(server, site), twinOf(server, site)];
      const seen = await look(server, site).catch(() => undefined);
      return own.kind === "postgresql"
        ? postgresDivergence(args, own, guardOf(server, twin), seen as PatroniObservation | undefined)
        : mariadbDivergence(seen as MariadbObservation | undefined, await look(server, twin));
    },
    keepAside: async (server, site) => {
      const [own, twin] = [guardOf(server, site), twinOf(server, site)];
      if (own.kind === "postgresql") return keepPostgres(args, own, guardOf(server, twin));
      return keepMariadb(args, own, await look(server, site), await look(server, twin));
    },
    rewind: (server, site) => guards.order(guardOf(server, site), { verb: "rejoin" }),
    reseed: (server, site) => guards.order(guardOf(server, site), { verb: "reseed" }),
  };
}

/** @throws Away, or what an answer that is none makes. */
async function observe(
  args: Pick<DatabasesArgs, "targets" | "tls">,
  workload: string,
  site: string,
): Promise<DatabaseObservation> {
  const target = args.targets.find((one) => one.workload === workload && one.site === site);
  if (target === undefined) throw new RangeError(`targets: ${site}/${workload} is none`);
  const peer = { host: target.host, address: target.address ?? target.host, port: target.port };
  const path = target.probe === "mariadb" ? "/mariadb" : "/patroni";
  const { text: body } = await call(peer, args.tls, { method: "GET", path, timeoutSeconds: ASK_SECONDS });
  const seen = target.probe === "mariadb" ? readMariadb(body) : readPatroni(body);
  return seen as DatabaseObservation;
}

export function serverOf(server: string, seen: DatabaseObservation, now: Date): ServerSeen {
  return seen.probe === "mariadb" ? mariadbServer(server, seen, now) : patroniServer(server, seen, now);
}

/** WAL streams into a copy that is none as well. @param follows as its guard compared it; it goes on to say so until the server is closed. */
export function asCompared(said: ServerSeen, follows: LeaseFollows | null | undefined): ServerSeen {
  const parted = follows?.verdict === "rewind" || follows?.verdict === "reseed";
  return parted ? { ...said, following: false, completeAt: null } : said;
}

function patroniServer(server: string, seen: PatroniObservation, now: Date): ServerSeen {
  const running = seen.state === "running";
  const role =
    seen.state === "creating replica"
      ? "rebuilding"
      : !running
        ? seen.state === "unknown"
          ? "unknown"
          : "closed"
        : seen.role === "primary"
          ? "primary"
          : seen.role === "unknown"
            ? "unknown"
            : "standby";
  return {
    ...{ server, role, version: seen.version ?? null },
    ...waitsNow(seen, now),
    following: role === "standby" && seen.streaming,
    // A stream that flows brings what is written within a second. Of one that does not: nothing that was committed before its last commit is lacking.
    completeAt: role !== "standby" ? null : seen.streaming ? now.toISOString() : (seen.replayedAt ?? null),
    position: seen.position === undefined ? null : writtenLsn(seen.position),
  };
}

function mariadbServer(server: string, seen: MariadbObservation, now: Date): ServerSeen {
  const rebuilding = seen.state === "founding" || seen.state === "cloning";
  const silent = seen.state !== "running" && seen.state !== "waiting" && seen.state !== "refused";
  const role = rebuilding ? "rebuilding" : silent || seen.role === "unknown" ? "unknown" : roleOf(seen);
  return {
    ...{ server, role, version: seen.version ?? null },
    ...waitsNow(seen, now),
    following: role === "standby" && seen.replicating,
    completeAt: seen.lagSeconds === undefined ? null : new Date(now.getTime() - seen.lagSeconds * 1000).toISOString(),
    position: seen.gtid ?? null,
  };
}

const roleOf = ({ role }: MariadbObservation): ServerSeen["role"] =>
  role === "primary" || role === "standby" ? role : "closed";

const FOLLOWS: Divergence = {
  ...{ way: "none", why: text("mengikuti", "it follows"), onlyHere: false, kept: null },
};

/** By history and switch point, never by number or by the word `streaming`. */
async function postgresDivergence(
  { guards, targets, tls }: DatabasesArgs,
  own: Guard,
  primary: Guard,
  seen: PatroniObservation | undefined,
): Promise<Divergence> {
  const data = await guards.data(own);
  const history = await primaryHistory({ guards, targets, tls }, primary);
  const judged = isOurHistory(data, history);
  if (judged.part && seen?.state === "running" && seen.role !== "primary" && seen.streaming) return FOLLOWS;
  if (judged.part)
    return {
      way: "rewind",
      why: text("datanya bagian dari riwayat situs lain", "its data are part of the other's history"),
      onlyHere: false,
      kept: null,
    };
  const kept = data.kept && { where: data.kept.where, transactions: data.kept.transactions };
  return { way: judged.sure ? "rewind" : "reseed", why: judged.why, onlyHere: judged.sure ? true : null, kept };
}

/** From where the two parted on, where that is sure; else all that lies there. Returns when it is kept. @throws refused, with what the server said. */
async function keepPostgres({ guards, targets, tls }: DatabasesArgs, own: Guard, primary: Guard): Promise<void> {
  const judged = isOurHistory(await guards.data(own), await primaryHistory({ guards, targets, tls }, primary));
  const at = judged.part ? undefined : judged.at;
  const since = at === undefined ? undefined : writtenLsn(Number(at));
  await keep(guards, own, since, async () => (await guards.data(own)).kept !== null);
}

/** The logs from the last transaction on that the other site has; all of them where nobody can say which that is. */
async function keepMariadb(
  args: DatabasesArgs,
  own: Guard,
  here: DatabaseObservation,
  there: DatabaseObservation,
): Promise<void> {
  const parted = partedOf(here, there);
  const [only, ...more] = parted?.since ?? [];
  const since = more.length === 0 ? (only ?? undefined) : undefined;
  await keep(args.guards, own, since, async () => {
    const seen = await observe(args, own.workload, own.site);
    return seen.probe === "mariadb" && seen.kept !== undefined;
  });
}

function partedOf(here: DatabaseObservation, there: DatabaseObservation): Parted | undefined {
  if (here.probe !== "mariadb" || there.probe !== "mariadb") return undefined;
  if (here.gtid === undefined || there.gtidState === undefined) return undefined;
  return lackedBy(there.gtidState, here.gtid);
}

/** Returns when it is kept. @throws refused, with what the server said. */
async function keep(
  guards: Guards,
  own: Guard,
  since: string | undefined,
  isKept: () => Promise<boolean>,
): Promise<void> {
  const failed = (why: string) => notKept(own.server ?? own.workload, own.site, why);
  await guards.order(own, { verb: "keep-aside", ...(since === undefined ? {} : { since }) });
  for (let left = KEEP_SECONDS; left > 0; left -= KEEP_POLL_SECONDS) {
    const { work } = await guards.state(own);
    if (work?.verb === "keep" && work.state === "done") return;
    // It began anew meanwhile, and knows nothing of it.
    if (work === null && (await isKept())) return;
    if (work === null) throw failed("broken off");
    if (work.verb === "keep" && work.state === "failed") throw failed(work.said);
    await pause(KEEP_POLL_SECONDS * 1000);
  }
  throw failed(`not within ${KEEP_SECONDS} s`);
}

function notKept(server: string, site: string, why?: string) {
  const said = why === undefined ? "" : `: ${why}`;
  return refused(
    {
      id: `${server} di ${site}: data lama belum disimpan lewat jaringan${said}`,
      en: `${server} at ${site}: the old data were not kept aside over the network${said}`,
    },
    {
      id: "salin volume datanya dengan tangan sebelum mengisi ulang, lalu lewati langkah ini",
      en: "copy its data volume by hand before it is reseeded, then skip this step",
    },
  );
}

function mariadbDivergence(own: MariadbObservation | undefined, primary: DatabaseObservation): Divergence {
  if (own?.role === "standby" && own.replicating) return FOLLOWS;
  const parted = own && partedOf(own, primary);
  if (own === undefined || parted === undefined)
    return {
      ...{ way: "reseed", onlyHere: null, kept: own?.kept ?? null },
      why: text("posisi GTID salah satu situs tidak diketahui", "the GTID position of one site is unknown"),
    };
  if (parted.since.length === 0)
    return {
      ...{ way: "reseed", onlyHere: false, kept: null },
      why: text("tidak mengikuti; tidak ada yang hanya di sini", "it does not follow; nothing is only here"),
    };
  const many =
    parted.count === null ? text("tidak terhitung", "not counted") : text(`${parted.count}`, `${parted.count}`);
  return {
    ...{ way: "reseed", onlyHere: parted.count === null ? null : true, kept: own.kept ?? null },
    why: text(
      `transaksi yang hanya di sini (${own.gtid}): ${many.id}`,
      `transactions only here (${own.gtid}): ${many.en}`,
    ),
  };
}
