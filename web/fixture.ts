/** A small model for tests: every shape that the pages must handle, and a made one of any size. */
import type { ApplicationModel, HostModel, Model, OpdModel } from "../model/types.ts";

const DOMAIN = "lumbungkab.go.id";
const DECREE = { number: "555/12/2026", date: "2026-01-05" };

function opd(id: string, number: number, more: Partial<OpdModel>): OpdModel {
  return {
    id,
    number,
    name: `Dinas ${id}`,
    shortName: id,
    kind: "dinas",
    aliases: [],
    network: { subnet: "10.99.0.0/24", gateway: "10.99.0.1" },
    bandwidth: { guaranteedMbps: 10, maximumMbps: 50 },
    host: `${id}.${DOMAIN}`,
    contents: {},
    ...more,
  };
}

function host(name: string, serves: HostModel["serves"], owner: string): HostModel {
  return { host: name, serves, owner, decree: DECREE, expires: "2027-01-05" };
}

function application(id: string, number: number, more: Partial<ApplicationModel>): ApplicationModel {
  return {
    id,
    number,
    name: `Aplikasi ${id}`,
    owner: "kominfo",
    status: "running",
    hostedBy: "region",
    class: "general",
    hosts: [],
    ...more,
  };
}

/** Contents with every field that the model has. */
export const FULL_CONTENTS: OpdModel["contents"] = {
  profile: "Dinas ini melayani warga.\nKantor pusatnya di ibu kota kabupaten.",
  duties: ["Merumuskan kebijakan teknis", "Membina pelaksanaan layanan"],
  structure: ["Kepala dinas", "Sekretariat", "Bidang pelayanan"],
  programmes: ["Program peningkatan layanan dasar"],
  services: [
    { name: "Izin praktik bidan", requirements: "KTP, ijazah", fee: "Gratis", duration: "3 hari kerja" },
    { name: "Surat keterangan sehat", requirements: "KTP" },
  ],
  news: [
    { date: "2026-02-03", title: "Posyandu keliling dimulai", body: "Jadwal tersedia di setiap desa." },
    { date: "2026-03-09", title: "Imunisasi tahap kedua", body: "Dilaksanakan di 12 puskesmas." },
  ],
  regulations: [{ title: "Standar pelayanan minimal", number: "Perbup 7/2025" }],
  policies: ["Prosedur pengajuan izin"],
  contact: { address: "Jalan Padi 1", email: "dinkes@lumbungkab.go.id", phone: "(0711) 123456" },
  updated: "2026-03-10",
};

/** Text that tries to break out of every context of a page. */
export const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\`&lt;\u0000\u202E\ud800`;

const HOSTILE_CONTENTS: OpdModel["contents"] = {
  profile: HOSTILE,
  duties: [HOSTILE],
  structure: [HOSTILE],
  programmes: [HOSTILE],
  services: [{ name: HOSTILE, requirements: HOSTILE, fee: HOSTILE, duration: HOSTILE }],
  news: [{ date: HOSTILE, title: HOSTILE, body: HOSTILE }],
  regulations: [{ title: HOSTILE, number: HOSTILE }],
  policies: [HOSTILE],
  contact: { address: HOSTILE, email: `javascript:alert(1)${HOSTILE}`, phone: `1${HOSTILE}` },
  updated: HOSTILE,
};

/** A model around the given OPD, hosts of the applications and applications. */
export function modelOf(
  opds: readonly OpdModel[],
  applications: readonly ApplicationModel[] = [],
  applicationHosts: readonly HostModel[] = [],
): Model {
  const hosts = [
    host(DOMAIN, { kind: "portal" }, "kominfo"),
    host(`www.${DOMAIN}`, { kind: "portal" }, "kominfo"),
    ...opds.flatMap((each) => (each.host ? [host(each.host, { kind: "opd", opd: each.id }, each.id)] : [])),
    ...applicationHosts,
  ].sort((left, right) => (left.host < right.host ? -1 : 1));
  return {
    region: {
      id: "lab",
      name: "Kabupaten Lumbung",
      government: "Pemerintah Kabupaten Lumbung",
      domain: DOMAIN,
      timezone: "Asia/Jakarta",
      regulations: ["empat-lawang-30-2019", "langsa-34-2020"],
      lab: true,
      internalDomain: "lab.internal",
      approvers: [],
      assessments: { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 },
      gatewayName: `gerbang.${DOMAIN}`,
    },
    sites: [],
    backbone: { name: "lab-backbone", subnet: "10.90.0.0/24", gateway: "10.90.0.1" },
    opds,
    databaseServers: [],
    applications,
    zones: [
      {
        name: DOMAIN,
        ttlSeconds: 300,
        soa: {
          primary: `ns1.${DOMAIN}`,
          hostmaster: `hostmaster.${DOMAIN}`,
          refresh: 3600,
          retry: 600,
          expire: 1209600,
          minimum: 300,
        },
        records: [],
        runbookNames: [],
      },
    ],
    hosts,
    warnings: [],
  };
}

/** Full, empty, hostile and merged OPD, one without a host, and applications of every kind. */
export function fixtureModel(): Model {
  return modelOf(
    [
      opd("dinkes", 1, {
        name: "Dinas Kesehatan",
        shortName: "Dinkes",
        contents: FULL_CONTENTS,
        aliases: ["Kesehatan"],
      }),
      opd("kominfo", 2, { name: "Dinas Komunikasi dan Informatika", shortName: "Diskominfo" }),
      opd("jahat", 3, { name: HOSTILE, shortName: HOSTILE, aliases: [HOSTILE], contents: HOSTILE_CONTENTS }),
      opd("pasar", 4, {
        name: "Dinas Pasar",
        shortName: "Dispasar",
        mergedInto: { opd: "dinkes", on: "2025-01-02" },
      }),
      {
        ...modelWithoutHost("arsip", 5),
        mergedInto: { opd: "kominfo", on: "2024-07-01" },
      },
      modelWithoutHost("baru", 6),
    ],
    [
      application("pengaduan", 1, { name: "Pengaduan warga", hosts: [`pengaduan.${DOMAIN}`] }),
      application("data-terbuka", 2, { name: "Portal data terbuka", hosts: [`data.${DOMAIN}`] }),
      application("srikandi", 3, { name: "Srikandi", hostedBy: "central" }),
      application("absensi", 4, { name: HOSTILE, status: "planned", owner: HOSTILE }),
    ],
    ["pengaduan", "data"].map((name) =>
      host(
        `${name}.${DOMAIN}`,
        {
          kind: "application",
          application: name === "data" ? "data-terbuka" : name,
          workload: `app-${name}`,
        },
        "kominfo",
      ),
    ),
  );
}

function modelWithoutHost(id: string, number: number): OpdModel {
  const { host: _host, ...rest } = opd(id, number, {});
  return rest;
}

/** A made region of a number of OPD, all with full contents. */
export function madeModel(count: number): Model {
  const opds = Array.from({ length: count }, (_, index) =>
    opd(`opd-${index + 1}`, index + 1, {
      name: `Dinas Urusan Nomor ${index + 1}`,
      shortName: `Dinas ${index + 1}`,
      contents: FULL_CONTENTS,
    }),
  );
  return modelOf(
    opds,
    [application("pengaduan", 1, {})],
    [
      host(
        `pengaduan.${DOMAIN}`,
        { kind: "application", application: "pengaduan", workload: "app-pengaduan" },
        "opd-1",
      ),
    ],
  );
}
