/** Look-ups over the model that every page needs, made once: linear in the model (D14). */
import type { ApplicationModel, HostModel, Model, OpdModel } from "../model/types.ts";

/** Order in which kinds of OPD are listed. */
export const KIND_ORDER = [
  "sekretariat",
  "inspektorat",
  "dinas",
  "badan",
  "rsud",
  "kecamatan",
  "puskesmas",
  "lainnya",
] as const satisfies readonly OpdModel["kind"][];

/** The application that takes complaints, by its id in the inventory (EL 13, LS 23(4) f). */
export const COMPLAINTS_APPLICATION = "pengaduan";

export interface Atlas {
  readonly model: Model;
  /** The portal's canonical host: the apex if it is served, else the first that is; absent if none is. */
  readonly portalHost?: string;
  /** OPD that exist, by kind and name. */
  readonly active: readonly OpdModel[];
  /** OPD that were merged into another. */
  readonly merged: readonly OpdModel[];
  readonly opds: ReadonlyMap<string, OpdModel>;
  /** Canonical host of an OPD's site, by OPD: only hosts that the gateway serves. */
  readonly opdHosts: ReadonlyMap<string, string>;
  /** First served host of an application, by application. */
  readonly applicationHosts: ReadonlyMap<string, string>;
  readonly applications: readonly ApplicationModel[];
  /** OPD that were merged into this one, directly, by OPD. */
  readonly absorbed: ReadonlyMap<string, readonly OpdModel[]>;
  readonly hosts: ReadonlyMap<string, HostModel>;
  /** Address of the form for complaints, without path; absent where that application is not running. */
  readonly complaintsHost?: string;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** By kind, then name, then id: the order never depends on the machine's locale. */
export function inOrder(opds: readonly OpdModel[]): readonly OpdModel[] {
  const rank = new Map<string, number>(KIND_ORDER.map((kind, index) => [kind, index]));
  return [...opds].sort(
    (left, right) =>
      (rank.get(left.kind) ?? 0) - (rank.get(right.kind) ?? 0) ||
      compareText(left.name, right.name) ||
      compareText(left.id, right.id),
  );
}

export function atlasOf(model: Model): Atlas {
  const hosts = new Map(model.hosts.map((host) => [host.host, host]));
  const opdHosts = new Map<string, string>();
  const applicationHosts = new Map<string, string>();
  const portalHosts: string[] = [];
  for (const { host, serves } of model.hosts) {
    if (serves.kind === "portal") portalHosts.push(host);
    else if (serves.kind === "opd" && !opdHosts.has(serves.opd)) opdHosts.set(serves.opd, host);
    else if (serves.kind === "application" && !applicationHosts.has(serves.application))
      applicationHosts.set(serves.application, host);
  }
  const absorbed = new Map<string, OpdModel[]>();
  for (const opd of model.opds) {
    if (opd.host !== undefined && hosts.has(opd.host)) opdHosts.set(opd.id, opd.host);
    if (opd.mergedInto === undefined) continue;
    const sources = absorbed.get(opd.mergedInto.opd) ?? [];
    sources.push(opd);
    absorbed.set(opd.mergedInto.opd, sources);
  }
  const portalHost = portalHosts.includes(model.region.domain) ? model.region.domain : portalHosts[0];
  const complaintsHost = applicationHosts.get(COMPLAINTS_APPLICATION);
  return {
    model,
    ...(portalHost === undefined ? {} : { portalHost }),
    ...(complaintsHost === undefined ? {} : { complaintsHost }),
    active: inOrder(model.opds.filter((opd) => opd.mergedInto === undefined)),
    merged: inOrder(model.opds.filter((opd) => opd.mergedInto !== undefined)),
    opds: new Map(model.opds.map((opd) => [opd.id, opd])),
    opdHosts,
    applicationHosts,
    applications: [...model.applications].sort(
      (left, right) => compareText(left.name, right.name) || compareText(left.id, right.id),
    ),
    absorbed,
    hosts,
  };
}
