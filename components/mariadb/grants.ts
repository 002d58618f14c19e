/** What accounts may hold in a MariaDB server: what its agent makes (accounts.ts), what MariaDB makes itself, and what the inventory records leave for. */
import { leavesOf } from "../../model/derive/leaves.ts";
import type { DeclaredGrant } from "../../model/grants.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { knownAccounts } from "./accounts.ts";

/** Made by `mariadb-install-db`, and let in over the local socket alone: the server's own user, and root. `mariadb.sys` owns views of the system and is locked. */
const BUILT_IN: readonly DeclaredGrant[] = [
  ...["root@localhost", "mysql@localhost"].map((role) => ({ role, database: "*", may: ["ALL PRIVILEGES"] })),
  {
    role: "mariadb.sys@localhost",
    database: "mysql",
    may: ["SELECT on table global_priv", "DELETE on table global_priv"],
  },
];

export function declaredGrants(model: Model, site: SiteModel, server: DatabaseServerModel): DeclaredGrant[] {
  return [
    ...BUILT_IN,
    ...knownAccounts(model, site, server).flatMap(({ user, host, grants }) =>
      grants.map(([privileges, on]) => heldOn(`${user}@${host}`, privileges, on)),
    ),
    ...leavesOf(model, server),
  ];
}

/** As the agent tells it of a pair as SHOW GRANTS writes it. */
function heldOn(role: string, privileges: string, on: string): DeclaredGrant {
  const [database = "", object = ""] = on.split(".").map((part) => part.replaceAll("`", "").replaceAll("\\", ""));
  const where = object === "*" ? "" : ` on table ${object}`;
  if (privileges === "ALL PRIVILEGES") return { role, database, may: "all" };
  return { role, database, may: privileges.split(", ").map((one) => one + where) };
}
