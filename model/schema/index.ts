/** All kinds in one table: what an inventory may hold. */
import { z } from "zod";
import { applications } from "./applications.ts";
import { assets } from "./assets.ts";
import { auditors } from "./auditors.ts";
import { backup, backupPolicies } from "./backup.ts";
import { cables } from "./cables.ts";
import { certificates } from "./certificates.ts";
import { costCentres } from "./costs.ts";
import { databaseServers, databases } from "./databases.ts";
import { documents } from "./documents.ts";
import { links } from "./links.ts";
import { objectStore } from "./objects.ts";
import { opd } from "./opd.ts";
import { pools } from "./pools.ts";
import { region } from "./region.ts";
import { codeRepository } from "./repository.ts";
import { roles } from "./roles.ts";
import { backbone, sites } from "./sites.ts";
import { waivers } from "./waivers.ts";
import { witness } from "./witness.ts";
import { subdomains, zones } from "./zones.ts";

// An inventory is checked once in a process: to compile the checks first (zod's default) costs more than it saves, up to 1,000 OPD.
z.config({ jitless: true });

/** Schema of each top-level key. */
export const schemas = {
  region,
  sites,
  backbone,
  witness,
  pools,
  opd,
  databaseServers,
  databases,
  applications,
  zones,
  subdomains,
  objectStore,
  codeRepository,
  backup,
  backupPolicies,
  certificates,
  costCentres,
  roles,
  auditors,
  links,
  cables,
  assets,
  documents,
  waivers,
} as const;

export type Key = keyof typeof schemas;

export const keys = Object.keys(schemas) as Key[];

/** Keys without which there is no model. A list that is not required defaults to an empty one. */
export const requiredKeys: readonly Key[] = ["region", "sites", "backbone", "pools", "opd", "zones", "subdomains"];

/** Names of the files that a folder may hold, and the keys that are looked for there. A small region may put all in `inventory.yaml`. */
export const fileNames: Readonly<Record<string, readonly Key[]>> = {
  "inventory.yaml": keys,
  "region.yaml": ["region"],
  "sites.yaml": ["sites", "backbone"],
  "witness.yaml": ["witness"],
  "pools.yaml": ["pools"],
  "opd.yaml": ["opd"],
  "databases.yaml": ["databaseServers", "databases"],
  "applications.yaml": ["applications"],
  "zones.yaml": ["zones", "subdomains"],
  "objects.yaml": ["objectStore"],
  "repository.yaml": ["codeRepository"],
  "backup.yaml": ["backup", "backupPolicies"],
  "certificates.yaml": ["certificates"],
  "costs.yaml": ["costCentres"],
  "roles.yaml": ["roles"],
  "auditors.yaml": ["auditors"],
  "links.yaml": ["links"],
  "assets.yaml": ["assets", "cables"],
  "documents.yaml": ["documents"],
  "waivers.yaml": ["waivers"],
};

type Parsed = { readonly [K in Key]: z.output<(typeof schemas)[K]> };

type Optional = "witness" | "objectStore" | "codeRepository" | "backup" | "certificates";

/** A valid inventory: every reference resolves, every rule holds. */
export type Inventory = Omit<Parsed, Optional> & {
  readonly [K in Optional]?: Parsed[K];
};

/**
 * What is valid of an inventory that may have mistakes: an invalid item is `undefined` at its index, an invalid field of the
 * region is absent, any other invalid kind is absent.
 */
export type View = {
  readonly [K in Exclude<Key, "region">]?: Parsed[K] extends (infer Item)[] ? readonly (Item | undefined)[] : Parsed[K];
} & { readonly region?: Partial<Parsed["region"]> };
