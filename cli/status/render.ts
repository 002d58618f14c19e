import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { expiryOf } from "./expiry.ts";
import { leaseLine } from "./lease.ts";
import type { Health, SiteState, SiteStatus, Status, WorkloadStatus } from "./types.ts";

const HEALTH: Record<
  Health,
  { readonly id: string; readonly en: string; readonly colour: "green" | "red" | "yellow"; readonly mark: string }
> = {
  ok: { id: "baik", en: "ok", colour: "green", mark: "●" },
  failing: { id: "gagal", en: "failing", colour: "red", mark: "✗" },
  unknown: { id: "tak diketahui", en: "unknown", colour: "yellow", mark: "?" },
};

const STATE: Record<SiteState, { readonly id: string; readonly en: string }> = {
  active: { id: "AKTIF", en: "ACTIVE" },
  standby: { id: "SIAGA", en: "STANDBY" },
  closed: { id: "TERTUTUP", en: "CLOSED" },
  rebuilding: { id: "DIBANGUN ULANG", en: "REBUILDING" },
  unknown: { id: "TAK DIKETAHUI", en: "UNKNOWN" },
};

const DESIGNATION = {
  primary: { id: "pusat data utama", en: "primary data centre" },
  recovery: { id: "pusat pemulihan", en: "recovery centre" },
} as const;

/** The status as a person reads it: a heading and a table per site. */
export function renderStatus(status: Status): string {
  const sites = status.sites.map((site) => siteText(site, new Date(status.at)));
  if (status.witness) {
    const { id, address, workloads } = status.witness;
    const heading = `${id} · ${say({ id: "saksi: anggota ketiga penyimpan epoch", en: "witness: third member of the epoch store" })} · ${address}`;
    sites.push(`${colour("bold", heading)}\n${workloadTable(workloads, new Date(status.at))}`);
  }
  sites.unshift(status.lease ? say(leaseLine(status.lease)) : say(NO_GUARD));
  const warnings = status.warnings.map((text) => colour("yellow", `! ${say(text)}`));
  return `${[...sites, ...(warnings.length > 0 ? [`${warningsHead(warnings.length)}\n${warnings.join("\n")}`] : [])].join("\n\n")}\n`;
}

const NO_GUARD = {
  id: "epoch tidak diketahui: tidak ada penjaga yang menjawab",
  en: "the epoch is unknown: no guard answers",
};

function warningsHead(count: number): string {
  return colour("bold", say({ id: `${count} peringatan`, en: `${count} ${count === 1 ? "warning" : "warnings"}` }));
}

function certificateCell(expires: string | null, now: Date): string {
  if (expires === null) return "–";
  const { level, text } = expiryOf(expires, now);
  const date = expires.slice(0, 10);
  return level === "ok" ? date : colour(level === "soon" ? "yellow" : "red", `${date} ${say(text)}`);
}

function siteText(site: SiteStatus, now: Date): string {
  const lag =
    site.state !== "standby"
      ? ""
      : ` · ${say({ id: "tertinggal", en: "behind by" })} ${site.lagBytes === null ? "?" : `${site.lagBytes} B`}`;
  const heading = `${site.id} · ${say(DESIGNATION[site.designation])} · ${say(STATE[site.state])} · ${site.address}${lag}`;
  return `${colour("bold", heading)}\n${workloadTable(site.workloads, now)}`;
}

function workloadTable(workloads: readonly WorkloadStatus[], now: Date): string {
  const columns = [
    { title: say({ id: "layanan", en: "workload" }) },
    { title: say({ id: "keadaan", en: "health" }) },
    { title: say({ id: "versi", en: "version" }) },
    { title: say({ id: "sertifikat s.d.", en: "certificate to" }) },
    { title: say({ id: "keterangan", en: "detail" }) },
  ];
  const rows = workloads.map((workload) => {
    const health = HEALTH[workload.health];
    return [
      workload.name,
      colour(health.colour, `${health.mark} ${say(health)}`),
      workload.version ?? "–",
      certificateCell(workload.certificateExpires, now),
      say(workload.detail),
    ];
  });
  return table(columns, rows);
}
