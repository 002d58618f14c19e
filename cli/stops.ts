/**
 * What stops, and for how long, when a workload's container is replaced at the active site. The figures are promises: said before each
 * change, written in the handbook (docs/handbook/changes.md), and measured against by tests/lab/65-upgrade.test.ts.
 */
import type { Model, SiteModel, Text, WorkloadKind } from "../model/types.ts";

export interface Stop {
  /** For how long nothing is written through the site's gateway, at most. */
  readonly writesSeconds: number;
  /** For how long some page or name is not answered, at most. */
  readonly requestsSeconds: number;
}

const NONE: Stop = { writesSeconds: 0, requestsSeconds: 0 };

/** By kind of workload, in a lab on one machine of two cores, busy ones included. A database that has much to write before it ends takes longer: hence the checkpoint. */
export const STOPS: Readonly<Record<WorkloadKind, Stop>> = {
  config: NONE,
  etcd: NONE,
  // The other two are a majority.
  epoch: NONE,
  ops: NONE,
  // What is to be signed meanwhile is sent again.
  signer: NONE,
  // Databases keep what is to be archived meanwhile.
  backup: NONE,
  drill: NONE,
  postgresql: { writesSeconds: 30, requestsSeconds: 30 },
  mariadb: { writesSeconds: 30, requestsSeconds: 30 },
  gateway: { writesSeconds: 10, requestsSeconds: 10 },
  web: { writesSeconds: 0, requestsSeconds: 10 },
  application: { writesSeconds: 10, requestsSeconds: 10 },
  objects: { writesSeconds: 15, requestsSeconds: 15 },
  code: { writesSeconds: 10, requestsSeconds: 10 },
  // The other site's name server answers meanwhile.
  dns: NONE,
};

/** Containers are replaced side by side: the longest counts. */
export function expectedStop(kinds: readonly WorkloadKind[]): Stop {
  return {
    writesSeconds: Math.max(0, ...kinds.map((kind) => STOPS[kind].writesSeconds)),
    requestsSeconds: Math.max(0, ...kinds.map((kind) => STOPS[kind].requestsSeconds)),
  };
}

/** Kinds of a site's workloads of these names; what is no longer declared has none. */
export function kindsOf(site: SiteModel, workloads: readonly string[]): WorkloadKind[] {
  return site.workloads.filter(({ name }) => workloads.includes(name)).map(({ kind }) => kind);
}

/** One line on what is replaced at a site and what that stops where the site is active; nothing where nothing is replaced. */
export function stopText(model: Model, site: SiteModel, replaced: readonly string[]): Text | undefined {
  if (replaced.length === 0) return undefined;
  const { writesSeconds: writes, requestsSeconds: requests } = expectedStop(kindsOf(site, replaced));
  const names = replaced.join(", ");
  const stack = `${model.region.id}-${site.id}`;
  return {
    id: `${stack}: diganti: ${names}; bila situs ini aktif, tulisan berhenti paling lama ${writes} detik, permintaan paling lama ${requests} detik`,
    en: `${stack}: replaced: ${names}; where this site is active, writes stop for at most ${writes} s, requests for at most ${requests} s`,
  };
}
