/** Every reference is to something declared. */
import { formatValue, type Path } from "../problems.ts";
import type { Key, View } from "../schema/index.ts";
import { didYouMean } from "../suggest.ts";
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

/** A place that refers: the id (or none), and the path of the field below the item. */
type Mention = readonly [id: string | undefined, ...path: Path];

interface Source {
  readonly to: Key;
  readonly mentions: (view: View) => Iterable<readonly [Path, string | undefined]>;
}

/** Mentions in a list: for each item the fields that refer. */
function inList<K extends Key>(key: K, to: Key, mentions: (item: ItemOf<K>) => readonly Mention[]): Source {
  return {
    to,
    *mentions(view) {
      for (const [index, item] of entries(view[key] as readonly (ItemOf<K> | undefined)[] | undefined)) {
        for (const [id, ...path] of mentions(item)) yield [[key, index, ...path], id];
      }
    },
  };
}

type ItemOf<K extends Key> = NonNullable<View[K]> extends readonly (infer Item)[] ? NonNullable<Item> : never;

/** Mentions in a kind that is one object. */
function inObject<K extends Key>(
  key: K,
  to: Key,
  mentions: (value: NonNullable<View[K]>) => readonly Mention[],
): Source {
  return {
    to,
    *mentions(view) {
      const value = view[key];
      if (value === undefined) return;
      for (const [id, ...path] of mentions(value)) yield [[key, ...path], id];
    },
  };
}

/** Who may refer to what. */
const sources: readonly Source[] = [
  inObject("region", "opd", (region) => [[region.operator, "operator"]]),
  inObject("region", "roles", ({ escrow }) => [
    ...(escrow?.operators ?? []).map((role, index): Mention => [role, "escrow", "operators", index]),
    ...(escrow?.approvers ?? []).map((role, index): Mention => [role, "escrow", "approvers", index]),
  ]),
  inList("sites", "costCentres", (site) => [[site.costCentre, "costCentre"]]),
  inList("sites", "roles", (site) => site.custodians.map((role, index): Mention => [role, "custodians", index])),
  inObject("witness", "costCentres", (witness) => [[witness.costCentre, "costCentre"]]),
  inList("opd", "opd", (opd) => [[opd.mergedInto?.opd, "mergedInto", "opd"]]),
  inList("databaseServers", "opd", (server) => [[server.operatedBy, "operatedBy"]]),
  inList("databaseServers", "backupPolicies", (server) => [[server.backup, "backup"]]),
  inList("databaseServers", "costCentres", (server) => [[server.costCentre, "costCentre"]]),
  inList("databases", "databaseServers", (database) => [[database.server, "server"]]),
  inList("databases", "opd", (database) => [
    [database.owner, "owner"],
    ...(database.access ?? []).map(({ opd }, index): Mention => [opd, "access", index, "opd"]),
  ]),
  inList("databases", "roles", (database) => [[database.administrator, "administrator"]]),
  inList("applications", "opd", (application) => [[application.owner, "owner"]]),
  inList("applications", "roles", (application) => [[application.steward, "steward"]]),
  inList("applications", "databases", (application) => [[application.database, "database"]]),
  inList("applications", "backupPolicies", (application) => [[application.backup, "backup"]]),
  inList("applications", "costCentres", (application) => [[application.costCentre, "costCentre"]]),
  inList("subdomains", "opd", (subdomain) => [
    [subdomain.owner, "owner"],
    [subdomain.opd, "opd"],
  ]),
  inList("subdomains", "applications", (subdomain) => [[subdomain.application, "application"]]),
  inObject("objectStore", "opd", ({ buckets }) =>
    buckets.map(({ owner }, index) => [owner, "buckets", index, "owner"]),
  ),
  inObject("objectStore", "backupPolicies", ({ buckets }) =>
    buckets.map(({ backup }, index) => [backup, "buckets", index, "backup"]),
  ),
  inObject("backup", "backupPolicies", ({ policies }) =>
    Object.entries(policies).map(([what, policy]): Mention => [policy, "policies", what]),
  ),
  inObject("codeRepository", "backupPolicies", ({ backup }) => [[backup, "backup"]]),
  inObject("codeRepository", "opd", ({ repositories }) =>
    repositories.map(({ owner }, index) => [owner, "repositories", index, "owner"]),
  ),
  inObject("codeRepository", "applications", ({ repositories }) =>
    repositories.map(({ application }, index) => [application, "repositories", index, "application"]),
  ),
  inObject("codeRepository", "roles", ({ repositories }) =>
    repositories.flatMap(({ maintainers }, index) =>
      maintainers.map((role, at): Mention => [role, "repositories", index, "maintainers", at]),
    ),
  ),
  inObject("certificates", "roles", ({ authority, public: certificates }) => [
    ...authority.keyHolders.map((role, index): Mention => [role, "authority", "keyHolders", index]),
    ...certificates.map(({ owner }, index): Mention => [owner, "public", index, "owner"]),
  ]),
  inList("costCentres", "opd", (centre) => [[centre.owner, "owner"]]),
  inList("roles", "opd", (role) => [[role.opd, "opd"]]),
  inList("links", "opd", (link) => [
    [link.opd, "opd"],
    [link.via, "via"],
  ]),
  inList("links", "sites", (link) => [[link.site, "site"]]),
  inList("links", "costCentres", (link) => [[link.costCentre, "costCentre"]]),
  inList("assets", "opd", (asset) => [[asset.opd, "opd"]]),
  inList("assets", "sites", (asset) => [[asset.site, "site"]]),
  inList("assets", "costCentres", (asset) => [[asset.costCentre, "costCentre"]]),
  inList("cables", "opd", (cable) => [[cable.opd, "opd"]]),
  inList("cables", "assets", (cable) => [
    [cable.from.asset, "from", "asset"],
    [cable.to.asset, "to", "asset"],
  ]),
  inList("documents", "opd", (document) => [[document.opd, "opd"]]),
  inList("documents", "roles", (document) => [[document.owner, "owner"]]),
];

export function* undeclaredReferences({ view, ids }: Context): Generator<Finding> {
  const declared = new Map<Key, Set<string | undefined>>();
  for (const { to, mentions } of sources) {
    const known = ids[to];
    if (known === undefined) continue;
    const set = declared.get(to) ?? new Set(known);
    declared.set(to, set);
    for (const [path, id] of mentions(view)) {
      if (id === undefined || set.has(id)) continue;
      yield undeclared(path, id, to, view, set);
    }
  }
}

function undeclared(path: Path, id: string, to: Key, view: View, known: ReadonlySet<string | undefined>): Finding {
  const renamed = to === "opd" ? idOfAlias(view, id) : undefined;
  const names = [...known].filter((name) => name !== undefined);
  return {
    path,
    message: text(`${formatValue(id)} tidak dideklarasikan`, `${formatValue(id)} is not declared`),
    expected: text(`id yang ada di ${to}`, `an id that ${to} declares`),
    hint: renamed === undefined ? didYouMean(id, names) : didYouMean(renamed, [renamed]),
  };
}

function idOfAlias(view: View, alias: string): string | undefined {
  for (const [, opd] of entries(view.opd)) {
    if (opd.aliases.includes(alias)) return opd.id;
  }
  return undefined;
}
