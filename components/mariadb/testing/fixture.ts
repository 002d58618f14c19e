/** A small region for tests: one MariaDB server at two sites, with the names and addresses of the network that trials use. */
import type { DatabaseModel, DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { model as postgresModel } from "../../postgres/testing/fixture.ts";

const MIB = 1024 * 1024;

const database = (id: string): DatabaseModel => ({
  id,
  server: "php",
  owner: "diskominfo",
  role: id.replaceAll("-", "_"),
  name: id,
  group: "pemerintahan",
  classification: "public",
});

export const server: DatabaseServerModel = {
  id: "php",
  number: 1,
  engine: "mariadb",
  version: "11.8",
  replication: { mode: "async", rpoSeconds: 60 },
  rtoSeconds: 3600,
  workload: "mariadb-php",
  serviceName: "mariadb-php.lab.internal",
  running: true,
  databases: [database("jdih"), database("buku_tamu")],
};

/** The region, with a network of that many first numbers: `10.203`. Sites are `<network>.1` and `.2`; the backbone is `.0`. */
export function mariadbModel(network: string, change: Partial<DatabaseServerModel> = {}): Model {
  const sites = postgresModel.sites.map((site, index): SiteModel => {
    const subnet = `${network}.${index + 1}`;
    const place = (name: string, last: number) => ({
      name,
      address: `${subnet}.${last}`,
      backboneAddress: `${network}.0.${index * 100 + last}`,
      hostName: `${name}.${site.internalDomain}`,
    });
    return {
      ...site,
      workloads: [
        { ...place("mariadb-php", 33), kind: "mariadb", of: "php", memoryBytes: 384 * MIB },
        { ...place("gateway", 10), kind: "gateway", memoryBytes: 64 * MIB },
        { ...place("ops", 14), kind: "ops", memoryBytes: 64 * MIB },
      ],
    };
  });
  return { ...postgresModel, sites, databaseServers: [{ ...server, ...change }] };
}

export function siteOf(model: Model, id: string): SiteModel {
  const site = model.sites.find((one) => one.id === id);
  if (!site) throw new Error(`fixture: no site ${id}`);
  return site;
}
