/** What is declared of grants: what the agent makes for accounts, as it tells it afterwards, and what MariaDB makes itself. */
import { expect, it } from "vitest";
import { declaredGrants } from "./grants.ts";
import { mariadbModel, server, siteOf } from "./testing/fixture.ts";

const model = mariadbModel("10.60");
const backup = {
  name: "backup",
  kind: "backup" as const,
  address: "10.60.1.18",
  hostName: "backup.dc.lab.internal",
  memoryBytes: 1,
};
const backedUp = {
  ...model,
  sites: model.sites.map((one) => (one.id === "dc" ? { ...one, workloads: [...one.workloads, backup] } : one)),
};

it("names each account with its host, database and object", () => {
  const told = declaredGrants(backedUp, siteOf(backedUp, "dc"), server).map(
    ({ role, database, may }) => `${role} ${database} ${typeof may === "string" ? may : may.join(", ")}`,
  );
  expect(told).toEqual([
    "root@localhost * ALL PRIVILEGES",
    "mysql@localhost * ALL PRIVILEGES",
    "mariadb.sys@localhost mysql SELECT on table global_priv, DELETE on table global_priv",
    "jdih@% jdih all",
    "buku_tamu@% buku_tamu all",
    "lumbung_replicator@10.60.0.33 * REPLICATION SLAVE",
    "lumbung_replicator@10.60.0.133 * REPLICATION SLAVE",
    ...["10.60.1.14", "10.60.0.14", "10.60.2.14", "10.60.0.114"].flatMap((host) => [
      `lumbung_ops@${host} * PROCESS, SLAVE MONITOR`,
      `lumbung_ops@${host} lumbung SELECT`,
    ]),
    "checkpointer@10.60.1.18 * BINLOG MONITOR",
    "checkpointer@10.60.1.18 mysql SELECT on table gtid_slave_pos",
    "checkpointer@10.60.1.18 lumbung SELECT",
    "checkpointer@10.60.1.18 jdih SELECT",
    "checkpointer@10.60.1.18 buku_tamu SELECT",
  ]);
});

it("adds leave that is on record", () => {
  const databases = server.databases.map((one) => ({ ...one, leaves: [{ role: "tamu", may: "read" as const }] }));
  expect(declaredGrants(model, siteOf(model, "dc"), { ...server, databases })).toContainEqual({
    ...{ role: "tamu", database: "jdih", may: "read" },
  });
});
