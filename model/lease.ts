/**
 * How the guards of a site are asked, and what they are told (docs/adr/0015-epoch.md; images/shared/lease, lease_door.py).
 *
 * Every database, gateway and name server has a keeper, which answers HTTPS on LEASE_PORT of its host name (`<workload>.<site>.<region>.internal`, on the
 * site's network and on the backbone), to whoever shows a certificate of the region:
 *
 *   GET  /lease           200 and a LeaseState
 *   POST /lease           a LeaseOrder in JSON, from `ops` of any site alone (else 403): 202 and the LeaseState where it was taken or had been taken before;
 *                         409 and `{ "code", "message" }` where it may not be taken now; 400 where it is none
 *
 *   GET  /data            to `ops` of any site alone, from a PostgreSQL server, whether it runs or not: 200 and a LeaseData; 409 where it cannot be read
 *   GET  /begun           likewise: of that, `begun` alone, which costs nothing
 *
 * Orders are taken at once and carried out afterwards: look at the state for what became of one. All are safe to repeat. In the container the same is
 * asked by `/usr/local/lib/lumbung/lease [ORDER AS JSON]`.
 */

export const LEASE_PORT = 8010;

/** What one guard knows and does. Durations in seconds; times in ISO 8601. */
export interface LeaseState {
  readonly region: string;
  readonly site: string;
  readonly workload: string;
  readonly at: string;
  /** False: the region has no witness that runs, and the weaker promise holds. */
  readonly witness: boolean;
  readonly state: "open" | "closed";
  /** Stable word for why, as `leased`, `leased-silent`, `closing`, `weaker`; `other-site`, `silent`, `expired`, `promoting`, `closed-by-order`, `not-founded`, or `doubt-…` (`doubt-confirmed`: people have said which, and the store does not show it yet). */
  readonly code: string;
  /** One line in English for a person. */
  readonly message: string;
  /** What this guard's volume remembers; 0 and "": it never knew one. */
  readonly epoch: number;
  readonly epochSite: string;
  /** How long it is open if nothing renews it; 0: closed. */
  readonly leftSeconds: number;
  readonly ttlSeconds: number;
  readonly marginSeconds: number;
  /**
   * `armed`: it takes writes, and is killed when the lease ends. `exempt`: it takes none (it waits, or was seen to be a standby; `exempt` says which).
   * A gateway and a name server are always exempt: what closes them is the state itself.
   */
  readonly engine: "armed" | "exempt";
  readonly exempt: string | null;
  /** A closing that was ordered and counts for the epoch that it names; null: none. */
  readonly closing: number | null;
  /** The last thing that the engine was to do; null: nothing since the keeper started. */
  readonly work: LeaseWork | null;
  /** A permit that waits, as it was given (`promote 4`, `confirm 4 drc`); null: none, it was used, or it was void. */
  readonly permit: string | null;
  /** Of a PostgreSQL server that is declared `sync`; null: it is not, or this is another engine (MariaDB's agent says it itself). */
  readonly sync: LeaseSync | null;
  /** Of a PostgreSQL server: whether it is part of what the other site's primary has; null: there is none to compare with, or this is another engine. */
  readonly follows: LeaseFollows | null;
  /** The epoch store as this guard last read it (linearizable); null: never, or there is none. */
  readonly store: LeaseStore | null;
  /** What others know: `database`, `peer`. */
  readonly known: readonly { readonly source: string; readonly epoch: number; readonly site: string }[];
}

export interface LeaseWork {
  readonly verb: "close" | "open" | "keep";
  readonly epoch: number;
  readonly state: "doing" | "done" | "failed";
  /** The last line that it said. */
  readonly said: string;
}

/** Whether commits wait for the other site (D8). What the server did not say within ten seconds, or a standby cannot say, is null. */
export interface LeaseSync {
  /** As people want it: `relaxed` until they say otherwise, or the epoch ends. */
  readonly mode: "required" | "relaxed";
  /** Whether commits wait, by PostgreSQL's own setting. */
  readonly waits: boolean | null;
  /** Whether they are confirmed: a synchronous standby streams and was heard within five seconds. */
  readonly satisfied: boolean | null;
  /** Commits that wait at this moment. */
  readonly waiting: number | null;
}

/** As compared while it runs (images/postgres, follow_judge.py), by history and by who began each timeline. That WAL streams in proves nothing. */
export interface LeaseFollows {
  /** `rewind`: it went on after a place at which both know that they parted. `reseed`: a doubt. `unknown`: a primary, or one whose primary does not answer. */
  readonly verdict: "well" | "unknown" | "rewind" | "reseed";
  /** In English, for a person. */
  readonly why: string;
}

export interface LeaseStore {
  /** 0 and "": the store has no epoch. */
  readonly epoch: number;
  readonly site: string;
  readonly holder: { readonly epoch: number; readonly site: string } | null;
  readonly revision: number;
  readonly term: number;
  /** How long ago it was read. More than a few seconds: the store is silent. */
  readonly agoSeconds: number;
  /** How long this guard has seen nobody hold the lease; null: somebody does. */
  readonly absentSeconds: number | null;
}

/**
 * What lies in a PostgreSQL server's data folder. Its data are part of another's history where they are of the same system, and this one's `newest` timeline is in the
 * other's history (or is the other's own, with the same history before it) and was left there no earlier than at `end`. Numbers alone tell nothing, nor do equal
 * histories of timelines that were begun twice.
 */
export interface LeaseData {
  readonly system: string;
  /** As pg_controldata has it: `in production` (killed), `shut down`, `in archive recovery`, … */
  readonly state: string;
  /** Of the latest checkpoint; and of the newest WAL segment, higher where it was promoted and not checkpointed since. */
  readonly timeline: number;
  readonly newest: number;
  /** Where the WAL that lies here ends; null: it could not be read to its end, which is a doubt. */
  readonly end: string | null;
  readonly history: readonly { readonly timeline: number; readonly until: string }[];
  /** Timelines that the site which wrote these data began, each with a word that no other has (images/postgres, timelines.py). */
  readonly begun: readonly LeaseBegan[];
  /** What was kept aside of exactly these data, where on the volume, and how many transactions were listed (null: not counted). */
  readonly kept: { readonly where: string; readonly since: string | null; readonly transactions: number | null } | null;
}

export interface LeaseBegan {
  readonly timeline: number;
  readonly site: string;
  readonly id: string;
}

export type LeaseOrder =
  /**
   * At each guard of the active site, to end its epoch in good order: engines stop taking writes and become standbys (work `close`), then the guard is closed
   * (`closed-by-order`) and renews nothing. It outlives restarts and counts for this epoch alone. 409: it is not this site's epoch.
   */
  | { readonly verb: "close"; readonly epoch: number }
  /** Takes `close` back. The lease is taken again by itself; each database then needs `open`. */
  | { readonly verb: "reopen"; readonly epoch: number }
  /**
   * At one guard, once EVERY guard of its site says `closed-by-order`: ends the lease at once. Where one does not answer, do not: the lease
   * ends by itself, or, where that guard lives, does not end, and both are safe. 409: this guard itself is not closed by order.
   */
  | { readonly verb: "resign"; readonly epoch: number }
  /**
   * At each guard of the site that is to be active, so that all notice at once (one is enough); epoch: the one that is to begin. It waits until nobody holds the
   * lease, and a margin more where the epoch before was not ended by `resign`; then one of them raises the epoch. Done: store.epoch is it and store.site this site. permit null and not so: refused; `code` and `message` say why. by: who asked, one word.
   */
  | { readonly verb: "promote"; readonly epoch: number; readonly by?: string }
  /** At each guard that doubts (`doubt-…`), and at both sites' in a region without witness: people say which epoch it is and whose. */
  | { readonly verb: "confirm"; readonly epoch: number; readonly site: string }
  /**
   * At each guard of a site whose store has no majority and cannot have one (witness and other site gone): two people attest that the other site is fenced.
   * The site is open in this epoch without the store, by the weaker promise (`alone`), until the store answers again and takes the epoch up.
   */
  | { readonly verb: "alone"; readonly epoch: number }
  /** At each database of the active site, once it is open in that epoch: the engine takes writes (work `open`). 409: the lease is not in force. */
  | { readonly verb: "open"; readonly epoch: number }
  /**
   * At a database (409 at anything else): whether, where `sync` is declared, its commits wait for the other site. False: people let them go on without it, until
   * they say otherwise or the epoch ends; also after a restart. False is for the site that holds the lease alone (409 `not-leased`). Within some seconds.
   */
  | { readonly verb: "wait"; readonly waits: boolean }
  /**
   * At a database that is closed: what only it has is kept on its volume (work `keep`, then LeaseData.kept, or `kept` of MariaDB's agent). since: where the sites parted,
   * as a position in PostgreSQL's WAL or the last GTID of this server that the other one has; without it, all of the data, or all binary logs.
   * 409 where it runs, or the engine is told something else.
   */
  | { readonly verb: "keep-aside"; readonly since?: string }
  /** At a database that is closed or a standby: what lies there is thrown away and copied from the other site, once that is the primary. */
  | { readonly verb: "reseed" }
  /** At a PostgreSQL server that waits (`wait-lease`, `wait-diverged`) and whose data were proven to be of the other site's history: it starts as that site's standby; Patroni rewinds it where it must. */
  | { readonly verb: "rejoin" }
  /**
   * At each name server: the addresses of the runbooks' names in every zone (D3), which must be a site's public ones. 409 unless that site holds the lease in the
   * current epoch, as that name server last read it. The answer has `serials` by zone.
   */
  | { readonly verb: "addresses"; readonly address: string; readonly address6?: string };
