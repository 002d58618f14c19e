/** Governance, assets, money, and what written statements show. */

import { probeName } from "../../evidence/probes.ts";
import { text } from "../../model/text.ts";
import type { DocumentKind } from "../schema/documents.ts";
import { fieldsOf } from "../seen.ts";
import { type Check, type Checks, each, failing, ok, type Thing, unknown, when } from "./check.ts";
import { freshUntil, probed, UNREACHABLE } from "./fresh.ts";

/** The newest document of this kind is young enough, and what it lists is done. Its age is that of the document, not of its record. */
const recorded =
  (duty: string, kind: DocumentKind): Check =>
  (facts, options) => {
    const mine = facts.documents
      .filter((one) => one.counts && (one.kind === kind || one.kind === null) && one.duties.includes(duty))
      .sort((a, b) => (a.date < b.date ? 1 : -1));
    // A document of the inventory attests; that something was done is shown by a signed record alone.
    const newest = mine.find(({ observed }) => observed !== null);
    if (newest === undefined)
      return { things: [unknown(kind, facts.unreachable ? UNREACHABLE : mine.length > 0 ? UNSIGNED : NO_RECORD)] };
    const issued = `${newest.date}T00:00:00Z`;
    const age = (facts.now.getTime() - Date.parse(issued)) / 1000;
    const days = Math.floor(age / 86_400);
    const limit = Math.floor(options.freshSeconds / 86_400);
    const named = `${newest.title} ${newest.number}`;
    if (age > options.freshSeconds)
      return {
        things: [
          unknown(
            named,
            text(`berumur ${days} hari, paling lama ${limit}`, `${days} days old, at most ${limit} count`),
          ),
        ],
      };
    const evidence = newest.evidence;
    const items = fieldsOf(newest.observed).items;
    const open = (Array.isArray(items) ? items : []).map(fieldsOf);
    return {
      things: [
        ok(named, { evidence, until: freshUntil(issued, options) }),
        ...open.map((item, index): Thing => {
          const name = String(item.name ?? index + 1);
          return item.done === true
            ? ok(name, { evidence })
            : failing(name, text("belum selesai", "not done"), { evidence });
        }),
      ],
    };
  };

const NO_RECORD = text("tidak ada catatannya", "there is no record of it");
const UNSIGNED = text(
  "tercatat di inventaris, belum menjadi bukti bertanda tangan",
  "it is on record in the inventory, and not signed as evidence",
);

export const governanceChecks: Checks = {
  "site.maintenance/maintenance-recorded": recorded("site.maintenance", "maintenance-report"),
  "asset.inventory/inventory-reported": recorded("asset.inventory", "asset-report"),
  "audit.follow-up/open-recommendations-have-owners": recorded("audit.follow-up", "follow-up-record"),
  "gov.half-yearly/evaluated-within-half-a-year": recorded("gov.half-yearly", "supervision-record"),
  "gov.reports/reported-within-a-year": recorded("gov.reports", "periodic-report"),
  "gov.sanction/open-breaches-have-letters": recorded("gov.sanction", "warning-letter"),
  "sec.incident/incidents-fully-reported": recorded("sec.incident", "incident-report"),
  "gov.minimum-standard/declared-as-specified": ({ inventory }) => {
    const parts: Readonly<Record<string, boolean>> = {
      "perangkat-keras": inventory.sites.every(({ capacity }) => capacity.memoryMiB > 0 && capacity.storageGiB > 0),
      "perangkat-lunak": inventory.databaseServers.every(({ version }) => version !== ""),
      "basis-data": inventory.databases.length > 0,
      jaringan: inventory.pools.some(({ purpose }) => purpose === "opd"),
      "tata-kelola": inventory.region.recoveryPolicy !== undefined && inventory.backupPolicies.length > 0,
      keamanan: inventory.certificates !== undefined,
      orang: inventory.roles.length > 0,
    };
    return each(
      Object.entries(parts),
      ([part]) => part,
      ([, declared]) => when(!declared, "tidak dinyatakan", "not declared"),
    );
  },
  "gov.minimum-standard/running-as-specified": (facts, options) => ({
    things: facts.model.sites.map(({ id }) =>
      probed(
        facts,
        probeName.drift,
        options,
        ({ changed, same }) =>
          when(changed !== 0, `${changed} menyimpang dari pernyataan`, `${changed} differ from what is declared`) ??
          // A stack without resources differs from nothing.
          (same === 0 ? { unknown: text("tumpukannya kosong", "its stack is empty") } : undefined),
        [id],
      ),
    ),
  }),
  "ops.contact-centre/complaint-application-declared": ({ applications }) =>
    each(
      ["pengaduan"],
      (name) => name,
      () =>
        when(
          !applications.some(({ function: what }) => what?.startsWith("pengaduan")),
          "tidak ada aplikasi pengaduan",
          "there is no application for complaints",
        ),
    ),
  "fund.records/cost-centre-declared": ({ inventory, applications }) =>
    each(
      [
        ...inventory.sites.map(({ id, costCentre }) => ({ name: id, costCentre })),
        ...inventory.databaseServers.map(({ id, costCentre }) => ({ name: `server ${id}`, costCentre })),
        ...applications.map(({ id, costCentre }) => ({ name: id, costCentre })),
      ],
      ({ name }) => name,
      ({ costCentre }) => when(costCentre === undefined, "tanpa pusat biaya", "without a cost centre"),
    ),
};
