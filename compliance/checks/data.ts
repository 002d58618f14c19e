/** Databases and what they hold. */

import { text } from "../../model/text.ts";
import type { Facts } from "../facts.ts";
import { type Checks, each, type Looked, notApplicable, when } from "./check.ts";
import { healthy } from "./fresh.ts";
import { NO_SERVERS, runningServers } from "./servers.ts";

export const dataChecks: Checks = {
  "data.in-dc/databases-in-the-data-centre": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ server }) => {
        const host = inventory.databaseServers.find(({ id }) => id === server);
        const keeper = host?.operatedBy;
        return (
          when(
            keeper !== undefined && keeper !== inventory.region.operator,
            `di server yang dikelola ${keeper}`,
            `on a server that ${keeper} runs`,
          ) ?? when(host?.engine === "external", "di server di luar pusat data", "on a server outside the data centre")
        );
      },
      NO_DATABASES,
    ),
  "data.in-dc/databases-healthy-there": (facts, options) => ({
    things: facts.model.sites
      .filter(({ designation }) => designation === "primary")
      .flatMap((site) => runningServers(facts).map(({ workload }) => healthy(facts, site.id, workload, options))),
    none: NO_SERVERS,
  }),
  "data.groups/every-database-grouped": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ group }) => when(group === undefined, "tanpa kelompok", "without a group"),
      NO_DATABASES,
    ),
  "data.admin/administrator-declared": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ administrator }) => when(administrator === undefined, "tanpa pengelola", "without anybody who manages it"),
      NO_DATABASES,
    ),
  "data.owner/servers-operated-by-diskominfo": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ server }) => {
        const keeper = inventory.databaseServers.find(({ id }) => id === server)?.operatedBy;
        return when(
          keeper !== undefined && keeper !== inventory.region.operator,
          `di server yang dikelola ${keeper}`,
          `on a server that ${keeper} runs`,
        );
      },
      NO_DATABASES,
    ),
  "data.fresh/period-declared": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ renewedEverySeconds }) =>
        when(
          renewedEverySeconds === undefined,
          "masa pemutakhirannya tidak dinyatakan",
          "the period in which it is renewed is not declared",
        ),
      NO_DATABASES,
    ),
  "data.metadata/described": ({ inventory }) =>
    each(
      inventory.databases,
      idOf,
      ({ description }) =>
        when(description === undefined || description === "", "tanpa keterangan", "without a description"),
      NO_DATABASES,
    ),
  "data.integrated/shared-place-declared": ({ inventory }) => {
    const place = inventory.applications.find(
      (one) => one.status !== "retired" && (one.function === "data-terbuka" || /sidata/i.test(one.s2c ?? "")),
    );
    return each(
      ["data-bersama"],
      (name) => name,
      () =>
        when(place === undefined, "tidak ada tempat berbagi data", "there is no place where data are shared") ??
        when(
          inventory.databases.every(({ classification }) => classification !== "public"),
          "tidak ada basis data yang memasoknya",
          "no database feeds it",
        ),
    );
  },
  "data.repository/repository-declared": ({ inventory }) => {
    const apart = new Set([inventory.backup?.bucket, inventory.backup?.evidenceBucket]);
    // Shared data are what others may read: neither backups, evidence nor archives.
    const shared = inventory.objectStore?.buckets.filter(
      (one) => !apart.has(one.id) && one.classification === "public",
    );
    return each(
      shared ?? [],
      idOf,
      ({ copied }) => when(!copied, "tidak disalin ke lokasi lain", "not copied to the other site"),
      { applicable: true, reason: text("tidak ada bucket data bersama", "there is no bucket of shared data") },
    );
  },
  "data.repository/object-store-healthy": (facts, options) => ({
    things: facts.model.objects
      ? facts.model.sites.map(({ id }) => healthy(facts, id, facts.model.objects?.workload ?? "objects", options))
      : [],
    none: { applicable: true, reason: text("penyimpanan objek tidak dijalankan", "no object store runs") },
  }),
  "data.classified/every-dataset-classified": ({ inventory }) =>
    each(
      [...inventory.databases, ...(inventory.objectStore?.buckets ?? [])],
      idOf,
      ({ classification }) => when(classification === undefined, "tanpa klasifikasi", "without a classification"),
      NO_DATABASES,
    ),
  "data.no-duplicate/one-owner-per-kind": ({ inventory }) => {
    const groups = new Map<string, Set<string>>();
    for (const { group, owner } of inventory.databases) {
      if (!SEVERAL_OWNERS.has(group)) groups.set(group, (groups.get(group) ?? new Set()).add(owner));
    }
    return each(
      [...groups],
      ([group]) => group,
      ([, owners]) => when(owners.size > 1, `dimiliki ${[...owners].join(", ")}`, `owned by ${[...owners].join(", ")}`),
      NO_DATABASES,
    );
  },
};

/** Groups under which several agencies keep data of different kinds; in the others one kind has one owner. */
const SEVERAL_OWNERS: ReadonlySet<string> = new Set([
  "pelayanan",
  "administrasi-manajemen",
  "pembangunan-daerah",
  "pemerintahan",
  "kewilayahan",
  "kemasyarakatan",
  "kesehatan",
  "prasarana",
  "lainnya",
] satisfies Facts["inventory"]["databases"][number]["group"][]);

const idOf = ({ id }: { readonly id: string }): string => id;

const NO_DATABASES: NonNullable<Looked["none"]> = notApplicable("tidak ada basis data", "there are no databases");
