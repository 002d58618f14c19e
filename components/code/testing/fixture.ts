/** A small region with a code repository at two sites, for the unit tests and for trials with real engines. Not the lab. */
import type { CodeRepositoryModel, Model, OpdModel } from "../../../model/types.ts";
import { model as region } from "../../dns/test/fixture.ts";

const MIB = 1024 ** 2;
export const codeHost = "kode.lumbungkab.go.id";

/** Public keys that nobody has the private half of, but with the right shape. */
export const someKey = (letter: string): string => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`;

export const code: CodeRepositoryModel = {
  workload: "code",
  host: codeHost,
  sshPort: 2222,
  rpoSeconds: 9,
  repositories: [
    {
      id: "pengaduan",
      owner: "kominfo",
      application: "pengaduan",
      maintainers: ["kepala-aplikasi"],
      quotaBytes: 8 * MIB,
    },
    { id: "absensi", owner: "bkpsdm", maintainers: ["kepala-aplikasi", "admin-kepegawaian"], quotaBytes: 2 * MIB },
  ],
  people: [
    { role: "kepala-aplikasi", opd: "kominfo", sshKeys: [someKey("A")] },
    { role: "admin-kepegawaian", opd: "bkpsdm", sshKeys: [someKey("B")] },
    { role: "walidata", opd: "kominfo", sshKeys: [] },
  ],
};

/** The region with the code repository running, and `alter` applied to it. */
export function codeModel(alter: (code: CodeRepositoryModel) => CodeRepositoryModel = (same) => same): Model {
  return {
    ...region,
    opds: [{ id: "kominfo", shortName: "Diskominfo" } as OpdModel],
    code: alter(code),
    hosts: [
      ...region.hosts,
      {
        host: codeHost,
        serves: { kind: "code", workload: "code" },
        owner: "kominfo",
        decree: { number: "1/2026", date: "2026-01-01" },
        expires: "2031-01-01",
      },
    ],
    sites: region.sites.map((site, index) => ({
      ...site,
      workloads: [
        ...site.workloads,
        {
          name: "code",
          kind: "code" as const,
          address: `10.61.${index + 1}.16`,
          backboneAddress: `10.61.0.${16 + index * 128}`,
          hostName: `code.${site.internalDomain}`,
          memoryBytes: 192 * MIB,
        },
      ],
    })),
  };
}

/** The model with the application `pengaduan` declared to run at this revision. */
export function withRevision(model: Model, revision: string): Model {
  const run = {
    workload: "app-pengaduan",
    image: "node",
    runtime: "service" as const,
    cpus: 0.5,
    memoryBytes: 128 * MIB,
    revision,
  };
  const application = {
    id: "pengaduan",
    number: 1,
    name: "Pengaduan warga",
    owner: "kominfo",
    status: "running" as const,
  };
  return { ...model, applications: [{ ...application, hostedBy: "region", class: "general", hosts: [], run }] };
}
