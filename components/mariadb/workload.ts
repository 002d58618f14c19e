import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { leaseFile } from "../epoch/lease-env.ts";
import { identityVolume } from "../keep.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { accountsOf, passwordOf } from "./accounts.ts";
import { guardEnv } from "./guard-env.ts";
import { myCnf } from "./my-cnf.ts";
import { internalAccounts, placementAt } from "./names.ts";

/**
 * A MariaDB server at one site, under its agent, which is the founding guard as well, and below the keeper of the lease. The same at both sites but for names, numbers and
 * addresses: which of them is the primary is not declared. Throws if the site has no place for it or its secrets lack something.
 */
export function mariadbWorkload(
  model: Model,
  site: SiteModel,
  server: DatabaseServerModel,
  secrets: SiteSecrets,
): Workload {
  const placement = placementAt(site, server);
  if (!placement.address) throw new Error(`site ${site.id}: ${placement.name}: expected an address, received none`);
  const accounts = accountsOf(model, site, server, secrets);
  const replicator = passwordOf(server, internalAccounts.replicator, secrets);
  return {
    name: placement.name,
    kind: "mariadb",
    image: "mariadb",
    user: { uid: 2009, gid: 2009 },
    files: [
      ...tlsFiles(secrets, placement.name),
      { path: "my.cnf", content: myCnf(site, server) },
      { path: "guard.env", content: guardEnv(model, site, server, secrets) },
      leaseFile(model, site, placement.name, secrets),
      { path: "accounts.json", content: `${JSON.stringify(accounts, null, 1)}\n`, secret: true },
      { path: "replicator-password", content: `${replicator}\n`, secret: true },
    ],
    volumes: [{ name: "data", path: "/var/lib/mysql", keeps: "data" }, identityVolume],
    reached: {
      address: placement.address,
      ...(placement.backboneAddress ? { backboneAddress: placement.backboneAddress } : {}),
    },
    limits: { memoryBytes: placement.memoryBytes },
    stopSeconds: 60,
    healthStartSeconds: 120,
  };
}
