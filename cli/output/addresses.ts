import type { Model } from "../../model/types.ts";
import type { Status } from "../status/types.ts";
import { say } from "./language.ts";
import { table } from "./table.ts";

/** Where a running region is reached: the table that `up` ends with. */
export function addresses(model: Model, status: Status): string {
  const active = status.sites.find((site) => site.state === "active");
  const sites = model.sites.map((site) => {
    const state = status.sites.find((one) => one.id === site.id)?.state ?? "unknown";
    return [
      site.id,
      site.name,
      state,
      `https://${site.publicAddress}`,
      `${site.publicAddress}:53`,
      `${site.publicAddress}:5432`,
    ];
  });
  const hosts = model.hosts.filter((host) => host.serves.kind !== "opd");
  const shown = hosts.map((host) => [`https://${host.host}`, active?.address ?? "–", host.owner]);
  const opd = model.hosts.length - hosts.length;
  return [
    table(
      [
        { title: say({ id: "situs", en: "site" }) },
        { title: say({ id: "tempat", en: "place" }) },
        { title: say({ id: "keadaan", en: "state" }) },
        { title: say({ id: "gerbang", en: "gateway" }) },
        { title: say({ id: "nama (DNS)", en: "names (DNS)" }) },
        { title: "PostgreSQL" },
      ],
      sites,
    ),
    "",
    table(
      [
        { title: say({ id: "alamat", en: "address" }) },
        { title: say({ id: "dijawab oleh", en: "answered by" }) },
        { title: say({ id: "pemilik", en: "owner" }) },
      ],
      shown,
    ),
    say({ id: `dan ${opd} situs OPD`, en: `and ${opd} sites of agencies` }),
    "",
    say({
      id: `coba: curl --resolve ${model.region.domain}:443:${active?.address ?? ""} --cacert <akar> https://${model.region.domain}/`,
      en: `try: curl --resolve ${model.region.domain}:443:${active?.address ?? ""} --cacert <root> https://${model.region.domain}/`,
    }),
  ].join("\n");
}
