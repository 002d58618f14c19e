/** A region of 1,000 OPD and 5,000 applications in good health, and the 50,000 things that its evidence says. */
import type { Seen } from "../../../compliance/seen.ts";
import { catalogue } from "../../../compliance/testing/catalogue.ts";
import { healthyEvidence } from "../../../compliance/testing/lab-evidence.ts";
import type { Json } from "../../../evidence/canonical.ts";
import { append, type ChainRecord, chainStart, emptyChain } from "../../../evidence/chain.ts";
import { fieldsOf } from "../../../evidence/fields.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { BEGAN, newSite, type Site } from "../../../evidence/testing/made.ts";
import { deriveModel, type Inventory, type InventoryFile, type Model, parseInventory } from "../../../model/index.ts";
import { madeInventory } from "../made-inventory.ts";

export const SIZE = { opds: 1000, applications: 5000 };
export const RECORDS = 50_000;
export const NOW = new Date("2026-07-01T02:00:00Z");
const HOUR_MS = 3_600_000;
/** Agencies that use one application. */
const USERS = 10;
const TOOL = { name: "bench", version: "0.1.0" };

export interface Loaded {
  readonly inventory: Inventory;
  readonly model: Model;
}

export const madeFiles = (): InventoryFile[] => madeInventory(SIZE);

/** @throws Error where the inventory is not valid: a bench of a failure would mean nothing. */
export function load(files: readonly InventoryFile[]): Loaded {
  const parsed = parseInventory(files);
  if (!parsed.ok) throw new Error(`bench: expected a valid inventory, received ${parsed.problems.length} problems`);
  return { inventory: parsed.inventory, model: deriveModel(parsed.inventory) };
}

/** What a region in good health said of late, and hours before that. */
export function manySeen(region: Loaded): Seen[] {
  const fresh = healthyEvidence({ ...region, catalogue: catalogue(), now: NOW });
  const all: Seen[] = [];
  for (let hours = 0; all.length < RECORDS; hours += 1) {
    const at = (one: Seen): string => new Date(Date.parse(one.observedAt) - hours * HOUR_MS).toISOString();
    all.push(...fresh.map((one) => ({ ...one, id: `${one.id}-${hours}`, observedAt: at(one) })));
  }
  return all.slice(0, RECORDS);
}

/** Each thing as a record of its site's chain, signed; oldest first, after the first record of each chain. */
export function* madeRecords(region: string, seen: readonly Seen[]): Generator<ChainRecord & { readonly by: Site }> {
  const sites = ["dc", "drc"].map(newSite);
  const heads = new Map(sites.map((site) => [site.site, emptyChain(site.writer)]));
  function add(site: Site, observed: Observed, now: Date) {
    const record = append(heads.get(site.site) ?? emptyChain(site.writer), observed, { region, key: site.key, now });
    heads.set(site.site, record.head);
    return { ...record, by: site };
  }
  for (const site of sites) yield add(site, chainStart(site.site, "founded", undefined, TOOL, BEGAN), BEGAN);
  const own = new Map(sites.map((site) => [site.site, site]));
  for (const one of [...seen].reverse()) {
    const site = own.get(one.site ?? "") ?? sites[0];
    if (site !== undefined) yield add(site, observedOf(one), new Date(one.observedAt));
  }
}

function observedOf({ kind, about, site, observed, observedAt, inventory }: Seen): Observed {
  const isProbe = kind === "probe";
  const told: Json = isProbe ? { site, items: { [about.slice(about.indexOf("/") + 1)]: fewer(observed) } } : observed;
  return {
    ...{ kind, subject: [observedSubject(isProbe ? `${site}/probes` : about, told)], observed: told, observedAt },
    ...{ commit: "5f5b72f", inventory: inventory ?? "a".repeat(64), tool: TOOL },
  };
}

/** In perfect health every agency uses every application, in memory as one list; in files that would be ten million names. */
function fewer(observed: Json): Json {
  const { opds } = fieldsOf(observed);
  return Array.isArray(opds) ? { opds: opds.slice(0, USERS) } : observed;
}
