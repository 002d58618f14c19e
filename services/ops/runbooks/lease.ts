/** Epoch and lease through the guards. */
import { outOfReach } from "../../../io/errors.ts";
import type { LeaseState, LeaseStore } from "../../../model/lease.ts";
import type { EpochSeen } from "../../../runbooks/facts.ts";
import type { Lease, LeaseSeen } from "../../../runbooks/ports.ts";
import type { Guard } from "../config.ts";
import { type Guards, tellAll } from "./guards.ts";

export interface LeaseArgs {
  readonly guards: Guards;
  readonly sites: readonly string[];
  /** Whether the region has a witness that runs. */
  readonly witness: boolean;
  readonly now: () => Date;
}

/** An older read of the store says nothing of now. Less than a lease lasts: one that was granted since is still in force. */
const FRESH_SECONDS = 5;

export function leaseThrough({ guards, sites, witness, now }: LeaseArgs): Lease {
  return {
    seen: async () => leaseSeen(await guards.states(), { guards, sites, now: now() }),
    close: (site, epoch) => tellAll(guards, site, { verb: "close", epoch }),
    reopen: (site, epoch) => tellAll(guards, site, { verb: "reopen", epoch }),
    resign: async (site, epoch) => {
      // Without a witness there is no lease to end: what is closed is closed.
      if (!witness) return;
      const seen = leaseSeen(await guards.states(), { guards, sites, now: now() });
      if (seen.guards[site] !== "closed")
        throw outOfReach({
          id: `penjaga di ${site} belum semua tertutup atau tidak menjawab`,
          en: `not every guard at ${site} is closed, or one does not answer`,
        });
      const [first] = guards.all.filter((one) => one.site === site);
      if (first) await guards.order(first, { verb: "resign", epoch });
    },
    promote: async ({ epoch, site }) => {
      if (witness) return tellAll(guards, site, { verb: "promote", epoch, by: "runbook" });
      // The steps before saw the other site closed; it must hear of it, as nothing else would tell it.
      for (const one of sites) await tellAll(guards, one, { verb: "confirm", epoch, site });
    },
    confirm: async ({ epoch, site }) => {
      if (witness) return tellAll(guards, site, { verb: "alone", epoch });
      await tellAll(guards, site, { verb: "confirm", epoch, site });
      // The other one is off, or ought to be: if it hears, it closes.
      for (const one of sites.filter((other) => other !== site))
        await tellAll(guards, one, { verb: "confirm", epoch, site }).catch(() => {});
    },
  };
}

/** @throws LumbungError (3) where no guard knows an epoch. */
export function leaseSeen(
  states: ReadonlyMap<Guard, LeaseState>,
  {
    guards,
    sites,
    now,
  }: { readonly guards: Pick<Guards, "all">; readonly sites: readonly string[]; readonly now: Date },
): LeaseSeen {
  const known = epochSeen([...states.values()]);
  if (known.epoch === null || known.site === null)
    throw outOfReach({ id: "tidak ada penjaga yang tahu epoch", en: "no guard knows an epoch" });
  const said = Object.fromEntries(sites.map((site) => [site, guardsSay(site, guards, states)]));
  const store = freshest([...states.values()]);
  // Without the store's word the guards alone say who may write.
  const open = sites.find((site) => said[site] === "open" || said[site] === "mixed") ?? null;
  const holder = store ? (store.holder?.site ?? null) : open;
  return { epoch: known.epoch, site: known.site, holder, closedBy: closedBy(), guards: said };

  function closedBy(): string | null {
    if (holder !== null) return null;
    const all = [...states.values()];
    const { marginSeconds = 0 } = all[0] ?? {};
    // Every guard of the site that had the epoch says that it is closed: then it is, whatever the lease would have allowed.
    if (said[known.site as string] === "closed") return now.toISOString();
    // Each guard counts from its own first look, and any of them has seen it: the longest absence counts, whoever read last.
    const absences = freshReads(all).flatMap(({ absentSeconds }) => absentSeconds ?? []);
    if (absences.length === 0) return null;
    // A lease that is gone ran out, or was resigned by guards that are all closed; the margin is for clocks of different speed.
    return new Date(now.getTime() + (marginSeconds - Math.max(...absences)) * 1000).toISOString();
  }
}

/** What guards know of the epoch: the store's word where somebody just read it, else the highest that any remembers. */
export function epochSeen(states: readonly LeaseState[]): EpochSeen {
  const store = freshest(states);
  if (store && store.epoch > 0) return { epoch: store.epoch, site: store.site, majority: true };
  const remembered = states.flatMap(({ epoch, epochSite, known }) => [
    { epoch, site: epochSite },
    ...known.map((one) => ({ epoch: one.epoch, site: one.site })),
  ]);
  const best = remembered.reduce((most, one) => (one.epoch > most.epoch ? one : most), { epoch: 0, site: "" });
  return best.epoch === 0
    ? { epoch: null, site: null, majority: false }
    : { epoch: best.epoch, site: best.site, majority: false };
}

const freshReads = (states: readonly LeaseState[]): LeaseStore[] =>
  states.flatMap(({ store }) => (store && store.agoSeconds <= FRESH_SECONDS ? [store] : []));

const freshest = (states: readonly LeaseState[]): LeaseStore | undefined =>
  freshReads(states).sort((a, b) => b.revision - a.revision || a.agoSeconds - b.agoSeconds)[0];

function guardsSay(
  site: string,
  { all }: Pick<Guards, "all">,
  states: ReadonlyMap<Guard, LeaseState>,
): LeaseSeen["guards"][string] {
  const told = all.filter((one) => one.site === site).map((one) => states.get(one));
  if (told.length === 0 || told.includes(undefined)) return "unknown";
  // One that is still about to close takes writes yet.
  const open = told.filter((one) => one?.state === "open").length;
  return open === 0
    ? "closed"
    : open === told.length && told.every((one) => one?.code !== "closing")
      ? "open"
      : "mixed";
}
