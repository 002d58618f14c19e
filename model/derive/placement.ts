/** Which workloads run at a site, where, and how large (in order of start). */

import type { Application } from "../schema/applications.ts";
import type { DatabaseServer } from "../schema/databases.ts";
import type { Inventory } from "../schema/index.ts";
import type { Backbone, Site } from "../schema/sites.ts";
import type { Witness } from "../schema/witness.ts";
import type { WorkloadKind, WorkloadPlacement } from "../types.ts";
import { addressAt, type Subnet, subnetOf } from "./addresses.ts";
import { applicationWorkload, databaseWorkload, witnessId, workloadHostName } from "./names.ts";

const mebibyte = 1024 * 1024;

/** A workload before it has addresses. `slot` is the number of its address in the site's network. */
export interface Slot {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly of?: string;
  readonly slot?: number;
  readonly onBackbone: boolean;
  /** Not in the site's own network. Default: it is. */
  readonly onBackboneAlone?: true;
  readonly memoryMiB: number;
  readonly cpus?: number;
  /** Path in the inventory of what asks for it. */
  readonly path: readonly (string | number)[];
}

/** Slots on the backbone end below this; the next site's offset must lie at least this far. */
export const backboneSlots = 64;
const databaseSlot = 32;
const applicationSlot = 64;
/** Of the epoch store's member. */
export const epochSlot = 20;

/** Memory that a workload gets unless the site says otherwise, MiB. */
export const defaultMemoryMiB = {
  config: 32,
  etcd: 128,
  epoch: 96,
  dns: 128,
  gateway: 128,
  web: 64,
  /** It takes some 35; each look at its health or its records is a process of its own that takes as much for a moment. */
  signer: 128,
  ops: 256,
  objects: 768,
  code: 192,
  backup: 320,
  drill: 512,
} as const;

/** Whether the server is one that we run: engines that are not ours to run have no workload. */
export const isRunningServer = (server: Pick<DatabaseServer, "status" | "engine">): boolean =>
  server.status === "running" && server.engine !== "external";

/** Whether the application is one that we run. */
export const isRunningApplication = (application: Application): boolean =>
  application.status === "running" && application.hostedBy === "region" && application.run !== undefined;

type Placed = Pick<Inventory, "databaseServers" | "applications"> & {
  readonly objectStore?: { readonly status: string } | undefined;
  readonly codeRepository?: { readonly status: string } | undefined;
  readonly backup?: { readonly status: string } | undefined;
  readonly witness?: Witness | undefined;
};

/** Workloads of a site in order of start: what others need comes first. */
export function slotsOf(site: Site, siteIndex: number, placed: Placed): Slot[] {
  const own = (name: keyof typeof defaultMemoryMiB, slot: number | undefined, onBackbone: boolean): Slot => ({
    name,
    kind: name,
    ...(slot === undefined ? {} : { slot }),
    onBackbone,
    memoryMiB: site.memoryMiB?.[name] ?? defaultMemoryMiB[name],
    path: ["sites", siteIndex],
  });
  const servers = byNumber(placed.databaseServers, isRunningServer).map(
    ([server, index]): Slot => ({
      name: databaseWorkload(server),
      kind: server.engine === "mariadb" ? "mariadb" : "postgresql",
      of: server.id,
      slot: databaseSlot + server.number,
      onBackbone: true,
      memoryMiB: server.memoryMiB,
      path: ["databaseServers", index],
    }),
  );
  const applications = byNumber(placed.applications, isRunningApplication).map(
    ([application, index]): Slot => ({
      name: applicationWorkload(application.id),
      kind: "application",
      of: application.id,
      slot: applicationSlot + application.number,
      onBackbone: false,
      memoryMiB: application.run?.memoryMiB ?? 0,
      cpus: application.run?.cpus ?? 0,
      path: ["applications", index],
    }),
  );
  return [
    own("config", undefined, false),
    own("etcd", 12, false),
    ...(placed.witness?.status === "running"
      ? [{ ...own("epoch", epochSlot, true), onBackboneAlone: true } as const]
      : []),
    ...servers,
    ...(placed.objectStore?.status === "running" ? [own("objects", 15, true)] : []),
    ...(placed.codeRepository?.status === "running" ? [own("code", 16, true)] : []),
    ...(placed.backup?.status === "running" ? [own("backup", 18, true), own("drill", 19, false)] : []),
    own("dns", 11, true),
    own("gateway", 10, true),
    own("web", 13, false),
    ...applications,
    own("signer", 17, true),
    own("ops", 14, true),
  ];
}

function byNumber<T extends { readonly number: number }>(
  items: readonly T[],
  runs: (item: T) => boolean,
): [T, number][] {
  return items
    .map((item, index): [T, number] => [item, index])
    .filter(([item]) => runs(item))
    .sort(([a], [b]) => a.number - b.number);
}

/** Address of a slot in the site's network, or undefined if the network is too small. */
export const siteAddress = (network: Subnet, slot: number): string | undefined => addressAt(network, slot);

/** Address of a slot on the backbone, or undefined if the backbone is too small. */
export const backboneAddress = (network: Subnet, site: Site, slot: number): string | undefined =>
  addressAt(network, slot + site.network.backboneOffset);

/** The site's workloads with their addresses. Throws a RangeError if a network is too small (the loader refuses that before). */
export function placements(
  region: string,
  site: Site,
  siteIndex: number,
  backbone: Backbone,
  placed: Placed,
): WorkloadPlacement[] {
  const siteNetwork = subnetOf(site.network.subnet);
  const backboneNetwork = subnetOf(backbone.subnet);
  return slotsOf(site, siteIndex, placed).map((slot) => ({
    name: slot.name,
    kind: slot.kind,
    ...(slot.of === undefined ? {} : { of: slot.of }),
    ...(slot.slot === undefined || slot.onBackboneAlone
      ? {}
      : { address: found(siteAddress(siteNetwork, slot.slot), slot, site) }),
    ...(slot.slot === undefined || !slot.onBackbone
      ? {}
      : { backboneAddress: found(backboneAddress(backboneNetwork, site, slot.slot), slot, site) }),
    hostName: workloadHostName(region, site.id, slot.name),
    memoryBytes: slot.memoryMiB * mebibyte,
  }));
}

function found(address: string | undefined, slot: Slot, site: Site): string {
  if (address === undefined) {
    throw new RangeError(
      `placements: expected an address for ${slot.name} at ${site.id}, slot ${slot.slot} is outside the network`,
    );
  }
  return address;
}

/** Address of the witness's member of the epoch store on the backbone, or undefined if the backbone is too small. */
export const witnessAddress = (backbone: Subnet, { backboneOffset }: Witness): string | undefined =>
  addressAt(backbone, epochSlot + backboneOffset);

/** The witness's workloads. Throws a RangeError if the backbone is too small (the loader refuses that before). */
export function witnessPlacements(region: string, witness: Witness, backbone: Backbone): WorkloadPlacement[] {
  const backboneAddress = witnessAddress(subnetOf(backbone.subnet), witness);
  if (backboneAddress === undefined) {
    throw new RangeError(
      `witnessPlacements: expected an address in ${backbone.subnet}, it has no slot for the witness`,
    );
  }
  const placed = (name: "config" | "epoch") => ({
    name,
    kind: name,
    hostName: workloadHostName(region, witnessId, name),
    memoryBytes: ((name === "epoch" && witness.memoryMiB?.epoch) || defaultMemoryMiB[name]) * mebibyte,
  });
  return [placed("config"), { ...placed("epoch"), backboneAddress }];
}
