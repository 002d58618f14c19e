/** Nothing is declared twice. */
import { witnessId } from "../derive/names.ts";
import { formatPath, type Path } from "../problems.ts";
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

const listsWithIds = [
  "sites",
  "pools",
  "opd",
  "databaseServers",
  "databases",
  "applications",
  "backupPolicies",
  "costCentres",
  "roles",
  "auditors",
  "links",
  "cables",
  "assets",
  "documents",
] as const;
const listsWithNumbers = ["opd", "databaseServers", "applications"] as const;

/** Finds each value that came before; `path` of the first is named. */
function* twice<T extends string | number>(
  values: Iterable<readonly [T, Path]>,
  id: string,
  en: string,
): Generator<Finding> {
  const first = new Map<T, Path>();
  for (const [value, path] of values) {
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      continue;
    }
    const shown = JSON.stringify(value);
    yield {
      path,
      message: text(
        `${id} ${shown} sudah dipakai oleh ${formatPath(before)}`,
        `${en} ${shown} is already used by ${formatPath(before)}`,
      ),
      expected: text(`${id} yang hanya dipakai sekali`, `${en} that is used once`),
      received: value,
    };
  }
}

/** Stacks are named by the region's id and found by the folder's name: the two must not part. */
export function* regionOfOtherFolder({ view, folder }: Context): Generator<Finding> {
  if (folder === undefined || view.region?.id === undefined || view.region.id === folder) return;
  yield {
    path: ["region", "id"],
    message: text(
      `id daerah berbeda dari nama folder "${folder}"`,
      `the region's id differs from the folder's name "${folder}"`,
    ),
    expected: text(folder, folder),
  };
}

export function* duplicateIds({ ids }: Context): Generator<Finding> {
  for (const key of listsWithIds) {
    const values = (ids[key] ?? []).flatMap((id, index) =>
      id === undefined ? [] : [[id, [key, index, "id"]] as const],
    );
    yield* twice(values, "id", "id");
  }
}

/** Parts of every region that are no site: each has a stack and a folder of its own. */
const reservedIds: readonly string[] = ["backbone", "root", witnessId];

export function* reservedSiteIds({ view }: Context): Generator<Finding> {
  for (const [index, { id }] of entries(view.sites)) {
    if (!reservedIds.includes(id)) continue;
    yield {
      path: ["sites", index, "id"],
      message: text(`"${id}" bukan nama lokasi`, `"${id}" is no name for a site`),
      expected: text(`selain ${reservedIds.join(", ")}`, `other than ${reservedIds.join(", ")}`),
    };
  }
}

export function* duplicateNumbers({ view }: Context): Generator<Finding> {
  for (const key of listsWithNumbers) {
    const values = [...entries<{ number: number }>(view[key])].map(
      ([index, item]) => [item.number, [key, index, "number"]] as const,
    );
    yield* twice(values, "nomor", "number");
  }
}

export function* duplicateHosts({ view }: Context): Generator<Finding> {
  const values = [...entries(view.subdomains)].map(
    ([index, { host }]) => [host, ["subdomains", index, "host"]] as const,
  );
  yield* twice(values, "host", "host");
}

export function* duplicateZones({ view }: Context): Generator<Finding> {
  const values = [...entries(view.zones)].map(([index, { name }]) => [name, ["zones", index, "name"]] as const);
  yield* twice(values, "zona", "zone");
}

export function* duplicateNameServers({ view }: Context): Generator<Finding> {
  const values = [...entries(view.sites)].map(
    ([index, { nameServer }]) => [nameServer, ["sites", index, "nameServer"]] as const,
  );
  yield* twice(values, "server nama", "name server");
}

export function* duplicateBuckets({ view }: Context): Generator<Finding> {
  const values = (view.objectStore?.buckets ?? []).map(
    ({ id }, index) => [id, ["objectStore", "buckets", index, "id"]] as const,
  );
  yield* twice(values, "bucket", "bucket");
}

export function* duplicateRepositories({ view }: Context): Generator<Finding> {
  const repositories = view.codeRepository?.repositories ?? [];
  const values = repositories.map(({ id }, index) => [id, ["codeRepository", "repositories", index, "id"]] as const);
  yield* twice(values, "repositori", "repository");
}

/** The code repository knows a person by the key alone: the same key of two roles would be taken for the first of them. */
export function* duplicateSshKeys({ view }: Context): Generator<Finding> {
  const values = [...entries(view.roles)].flatMap(([index, { sshKeys }]) =>
    sshKeys.map((key, at) => [key, ["roles", index, "sshKeys", at]] as const),
  );
  yield* twice(values, "kunci SSH", "SSH key");
}

/** One key is one voice: two roles that share it would be one that approves twice. */
export function* duplicateApprovalKeys({ view }: Context): Generator<Finding> {
  const values = [...entries(view.roles)].flatMap(([index, { approvalKeys }]) =>
    approvalKeys.flatMap(({ publicKey }, at) =>
      publicKey === undefined ? [] : [[publicKey.trim(), ["roles", index, "approvalKeys", at, "publicKey"]] as const],
    ),
  );
  yield* twice(values, "kunci persetujuan", "approval key");
}

/** Only a lab makes keys by itself; anywhere else a line without one approves nothing. */
export function* approvalKeysMissing({ view }: Context): Generator<Finding> {
  if (view.region?.lab !== false) return;
  for (const [index, { id, approvalKeys }] of entries(view.roles))
    for (const [at, { publicKey }] of approvalKeys.entries())
      if (publicKey === undefined)
        yield {
          path: ["roles", index, "approvalKeys", at, "publicKey"],
          message: text(`peran "${id}" tanpa kunci publik`, `role "${id}" has no public key`),
          expected: text("kunci publik dari `lumbung approve keygen`", "a public key from `lumbung approve keygen`"),
        };
}

/** A former name that is some OPD's id would make every mention of it ambiguous. */
export function* ambiguousAliases({ view, ids }: Context): Generator<Finding> {
  const known = new Set(ids.opd);
  for (const [index, { aliases }] of entries(view.opd)) {
    for (let at = 0; at < aliases.length; at += 1) {
      if (!known.has(aliases[at])) continue;
      yield {
        path: ["opd", index, "aliases", at],
        message: text(`alias "${aliases[at]}" adalah id sebuah OPD`, `alias "${aliases[at]}" is the id of an OPD`),
        expected: text("nama yang bukan id OPD", "a name that is no OPD's id"),
      };
    }
  }
}
