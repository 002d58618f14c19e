import { beforeAll, describe, expect, it } from "vitest";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { deriveModel } from "../../model/index.ts";
import { loadAltered, valid } from "../../model/testing/lab.ts";
import { parseConfig } from "../../services/backup/config.ts";
import { applicationFiles, toldApplications } from "./applications.ts";
import { backupWorkload, drillWorkload } from "./workload.ts";

const model = deriveModel(valid(loadAltered(() => {})));
const [site] = model.sites;
if (!site || !model.backup) throw new Error("the lab has no site or no backups");
const { backup } = model;
const place = site;
let secrets: SiteSecrets;

beforeAll(async () => {
  const made = (await makeRegionSecrets(model, undefined, new Date())).secrets.sites[place.id];
  if (!made) throw new Error("no secrets");
  secrets = made;
});

const textOf = (
  files: readonly { readonly path: string; readonly content: string | Uint8Array }[],
  path: string,
): string => String(files.find((one) => one.path === path)?.content);

describe("the drill room is told of each application", () => {
  it("which code it runs, its page's host, and its database in the restored server", () => {
    expect(toldApplications(model, backup)).toEqual([
      {
        id: "application:pengaduan",
        application: "pengaduan",
        image: "node",
        host: "pengaduan.lumbungkab.go.id",
        database: { name: "pengaduan", user: "pengaduan" },
      },
      {
        id: "application:ppid",
        application: "ppid",
        image: "wordpress",
        host: "ppid.lumbungkab.go.id",
        database: { name: "ppid", user: "ppid" },
      },
      {
        id: "application:pengetahuan",
        application: "pengetahuan",
        image: "mediawiki",
        host: expect.any(String),
        database: { name: "pengetahuan", user: "pengetahuan" },
      },
    ]);
  });

  it("its own configuration as production has it, and none of its secrets", () => {
    const files = applicationFiles(model, place, backup, secrets);
    expect(files.map(({ path }) => path)).toEqual([
      "applications/pengaduan/app.json",
      "applications/ppid/app.json",
      "applications/ppid/php-fpm.conf",
      "applications/pengetahuan/app.json",
      "applications/pengetahuan/php-fpm.conf",
    ]);
    expect(JSON.parse(textOf(files, "applications/ppid/app.json"))).toMatchObject({
      title: "PPID",
      database: { engine: "mariadb", name: "ppid" },
    });
    const said = files.map(({ content }) => String(content)).join("\n");
    const hidden = [
      ...Object.values(secrets.databaseRoles).map(({ password }) => password),
      ...Object.values(secrets.applicationSecrets).flatMap(({ secret, adminPassword }) => [
        secret,
        adminPassword ?? "",
      ]),
    ].filter((one) => one !== "");
    expect(hidden.length).toBeGreaterThan(4);
    for (const one of hidden) expect(said.includes(one)).toBe(false);
    expect(files.every(({ secret }) => secret === undefined)).toBe(true);
  });

  it("and the repository host of none of it, nor of an image that could run one", () => {
    const [room, host] = [drillWorkload(model, place, secrets), backupWorkload(model, place, secrets)];
    expect(room.image).toBe("room");
    expect(room.files.map(({ path }) => path)).toContain("applications/ppid/app.json");
    expect(parseConfig(textOf(room.files, "backup.json")).applications).toHaveLength(3);
    expect(host.image).toBe("backup");
    expect(host.files.map(({ path }) => path).filter((path) => path.startsWith("applications/"))).toEqual([]);
    expect(parseConfig(textOf(host.files, "backup.json")).applications).toBeUndefined();
  });
});

it("says which application is not there", () => {
  const other = { ...backup, applications: [{ id: "application:x", application: "x", database: "mariadb:php" }] };
  expect(() => toldApplications(model, other)).toThrow('application:x: application "x" is not declared');
});
