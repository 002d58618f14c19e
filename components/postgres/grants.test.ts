/** What is declared of grants against what the server's own script grants. */
import { expect, it } from "vitest";
import type { DatabaseServerModel, Model } from "../../model/types.ts";
import { databasesSql } from "./databases-sql.ts";
import { declaredGrants } from "./grants.ts";
import { model, secretsOf, server } from "./testing/fixture.ts";

const backedUp: Model = {
  ...model,
  sites: model.sites.map((site) => ({
    ...site,
    workloads: [
      ...site.workloads,
      { name: "backup", kind: "backup" as const, hostName: `backup.${site.internalDomain}`, memoryBytes: 1 },
    ],
  })),
};
const bare = (names: string): string[] => names.split(/, ?(?![^(]*\))/).map((one) => one.replaceAll('"', "").trim());

/** `role database privilege` of each statement that grants, makes a role, or makes a database. */
function madeBy(sql: string): string[] {
  const grants = [...sql.matchAll(/^grant (.+?) to (.+?);$/gm)].flatMap(([, what = "", to = ""]) => {
    const [, privilege = "", kind, on = ""] = /^(\w+) on (database|function|schema)? ?(.+)$/.exec(what) ?? [];
    return bare(to).flatMap((role) => {
      if (privilege === "") return bare(what).map((group) => `${role} * MEMBER OF ${group}`);
      if (kind === "database") return bare(on).map((database) => `${role} ${database} ${privilege.toUpperCase()}`);
      const object = `${kind ?? "table"} ${on.replace("pg_catalog.", "").replaceAll(", ", ",")}`;
      return [`${role} postgres ${privilege.toUpperCase()} on ${object}`];
    });
  });
  const roles = [...sql.matchAll(/create role ("?)(\w+)\1 (.+?)'/g)].flatMap(([, , role = "", options = ""]) =>
    options.split(" ").flatMap((one) => (one === "login" ? [] : [`${role} * ${one.toUpperCase()}`])),
  );
  const owners = [...sql.matchAll(/create database "?(\w+)"? owner "?(\w+)"?/g)].map(
    ([, name, role]) => `${role} ${name} OWNER`,
  );
  return [...grants, ...roles, ...owners].sort();
}

const declaredIn = (region: Model, of: DatabaseServerModel = server): string[] =>
  declaredGrants(region, of)
    .flatMap(({ role, database, may }) =>
      (typeof may === "string" ? [may === "all" ? "OWNER" : may] : may).map((one) => `${role} ${database} ${one}`),
    )
    .sort();

it.each([
  ["with a repository host", backedUp],
  ["without one", model],
])("is all that the script makes, and the superuser, %s", (_, region) => {
  const made = madeBy(databasesSql(region, server, secretsOf("dc")));
  expect(made.length).toBeGreaterThan(9);
  expect(declaredIn(region)).toEqual([...made, "postgres * SUPERUSER"].sort());
});

it("adds leave that is on record, to the end of its last day in the region's time", () => {
  const [database] = server.databases;
  if (database === undefined) throw new Error("the fixture has no database");
  const leaves = [
    { role: "perencana", may: "read", until: "2026-12-31" } as const,
    { role: "tamu", may: "write" } as const,
  ];
  const opened = { ...server, databases: [{ ...database, leaves }] };
  expect(declaredGrants(model, opened).slice(declaredGrants(model, server).length)).toEqual([
    { role: "perencana", database: "pengaduan", may: "read", until: "2026-12-31T17:00:00.000Z" },
    { role: "tamu", database: "pengaduan", may: "write" },
  ]);
});
