/** For tests only: all that evidence of a region in perfect health would say. */
import type { Json } from "../../evidence/canonical.ts";
import type { Kind } from "../../evidence/kinds.ts";
import { probeName } from "../../evidence/probes.ts";
import type { Inventory } from "../../model/index.ts";
import type { Model } from "../../model/types.ts";
import type { Catalogue } from "../catalogue.ts";
import { modelDigest, type Seen } from "../seen.ts";

export interface HealthyOptions {
  readonly model: Model;
  readonly inventory: Inventory;
  readonly catalogue: Catalogue;
  readonly now: Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Probes of both sites, backups, drills, a failover, a recovery plan, and a document of each kind, all fresh at `now`. */
export function healthyEvidence(options: HealthyOptions): Seen[] {
  return [...probes(options), ...copies(options), ...runs(options), ...attestations(options)];
}

let sequence = 0;

function seenAt(kind: Kind, about: string, observed: Json, at: number, inventory: string | null = null): Seen {
  sequence += 1;
  return {
    id: `dc-001122334455-20260301T000000000Z/${String(sequence).padStart(10, "0")}`,
    digest: String(sequence).padStart(64, "0"),
    kind,
    about,
    site: about.split("/")[0] ?? null,
    observedAt: new Date(at).toISOString(),
    observed,
    inventory,
  };
}

function probes({ model, now }: HealthyOptions): Seen[] {
  const at = now.getTime() - 5 * MINUTE_MS;
  const expires = new Date(now.getTime() + 60 * DAY_MS).toISOString();
  const opds = model.opds.map(({ id }) => id);
  const parts = [
    "profil",
    "berita",
    "agenda",
    "laporan",
    "layanan",
    "portal",
    "tautan",
    "kebijakan",
    "situs",
    "instansi",
    "data",
  ];
  const service = ["penyelenggara", "pelaksana", "standar", "prosedur", "maklumat", "pengaduan", "kinerja"];
  const here = model.applications.filter(({ run }) => run !== undefined);
  return model.sites.flatMap((site) => {
    const items: [string, Json][] = [
      ...site.workloads.map(({ name }): [string, Json] => [
        name,
        { health: "ok", certificateExpires: expires, filters: true, ...versionOf(model, name) },
      ]),
      ...model.hosts.flatMap(({ host }): [string, Json][] => [
        [probeName.name(host), { gateway: true, https: true, status: 200 }],
        [probeName.page(host), { parts, clean: true }],
      ]),
      [probeName.services(model.region.domain), { parts: service, clean: true }],
      ...here.map(({ id }): [string, Json] => [probeName.version(id), { version: "1.0", current: true }]),
      ...here.map(({ id }): [string, Json] => [probeName.handover(id), { files: ["source"], missing: [] }]),
      ...model.applications.map(({ id }): [string, Json] => [probeName.usage(id), { opds }]),
      [probeName.drift, { changed: 0, same: 40 }],
      ...model.databaseServers
        .filter(({ running, engine }) => running && engine !== "external")
        .map(({ id, databases }): [string, Json] => [
          probeName.grants(id),
          { databases: databases.map(({ name }) => name), grants: databases.length, more: [], untold: 0 },
        ]),
      [probeName.baseline, { rules: { "tls-1.2": true, hsts: true, "no-php-in-uploads": true } }],
    ];
    return items.map(([name, item]) => seenAt("probe", `${site.id}/${name}`, item, at));
  });
}

function versionOf({ databaseServers }: Model, workload: string): { readonly version?: string } {
  const server = databaseServers.find((one) => one.workload === workload);
  return server === undefined ? {} : { version: `${server.version}.3` };
}

function copies({ model, now }: HealthyOptions): Seen[] {
  const at = now.getTime() - 60 * MINUTE_MS;
  return (model.backup?.targets ?? []).flatMap(({ id, site }) => [
    seenAt(
      "backup",
      `${site}/${id}/20260628-013000F`,
      { site, run: { action: "full", target: id }, result: "succeeded", why: null, report: { report: "backup" } },
      at,
    ),
    seenAt(
      "drill",
      `${site}/${id}/20260628-013000F`,
      {
        site,
        run: { action: "drill", target: id },
        result: "succeeded",
        why: null,
        report: { report: "drill", passed: true, proven: "exactly" },
      },
      at,
    ),
  ]);
}

function runs({ model, now }: HealthyOptions): Seen[] {
  const at = now.getTime() - DAY_MS;
  const targets = model.databaseServers
    .filter(({ running }) => running)
    .map(({ id, rtoSeconds }) => ({ target: id, rto: { declaredSeconds: rtoSeconds, measuredSeconds: 30 } }));
  return [
    seenAt("run", "failover/failover-1", { runbook: "failover", run: "failover-1", result: "succeeded", targets }, at),
    seenAt("run", "drp/drp-1", { runbook: "drp", run: "drp-1", result: "succeeded" }, at, modelDigest(model)),
  ];
}

/** One document of each kind, by a role that the region declares. */
function attestations({ catalogue, inventory, now }: HealthyOptions): Seen[] {
  const kinds = new Set(
    catalogue.duties.flatMap(({ shown }) =>
      shown.flatMap((one) => (one.way === "attested" ? one.by : one.way === "running" ? (one.document ?? []) : [])),
    ),
  );
  const day = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  return [...kinds].map((kind) =>
    seenAt(
      "attestation",
      `${kind}/${kind}-1`,
      {
        kind,
        id: `${kind}-1`,
        title: `Dokumen ${kind}`,
        number: "188.45/1/2026",
        date: day(-20),
        expires: day(200),
        owner: inventory.roles[0]?.id ?? "kepala-diskominfo",
        parts: ["summary", "overview", "results", "recommendations"],
        covers: ["compliance", "security", "performance"],
        stages: ["preparation", "planning", "execution", "supervision", "reporting", "follow-up"],
      },
      now.getTime() - DAY_MS,
    ),
  );
}
