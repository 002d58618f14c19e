import { expect, test } from "vitest";
import { byId, loadAltered, valid } from "../testing/lab.ts";
import { backupModel } from "./backup.ts";

const DIGEST = `registry.example/x@sha256:${"a".repeat(64)}`;

// biome-ignore lint/suspicious/noExplicitAny: the lab's values are loosely typed
const ids = (alter: (lab: any) => void = () => {}) =>
  backupModel(valid(loadAltered(alter))).backup?.applications?.map(({ id }) => id);

test("every application that runs here on an image of ours, with the targets that hold its database and files", () => {
  expect(backupModel(valid(loadAltered(() => {}))).backup?.applications).toEqual([
    { id: "application:pengaduan", application: "pengaduan", database: "postgresql:utama" },
    { id: "application:ppid", application: "ppid", database: "mariadb:php", files: "files:ppid" },
    {
      id: "application:pengetahuan",
      application: "pengetahuan",
      database: "postgresql:utama",
      files: "files:pengetahuan",
    },
  ]);
});

/** Not run any more, and so without a name. */
// biome-ignore lint/suspicious/noExplicitAny: the lab's values are loosely typed
function plan(lab: any, ...names: readonly string[]): void {
  for (const name of names) byId(lab.applications, name).status = "planned";
  lab.subdomains = lab.subdomains.filter(
    ({ application }: { application?: string }) => !names.includes(application ?? ""),
  );
}

test("none that only another one runs, that is planned, or whose parts have no copy", () => {
  expect(ids((lab) => plan(lab, "ppid"))).toEqual(["application:pengaduan", "application:pengetahuan"]);
  expect(ids((lab) => delete byId(lab.applications, "ppid").backup)).not.toContain("application:ppid");
  expect(ids((lab) => delete byId(lab.applications, "ppid").run.uploads)).toContain("application:ppid");
  expect(ids((lab) => delete byId(lab.databaseServers, "utama").backup)).toEqual(["application:ppid"]);
});

test("no service that the drill room does not have", () => {
  expect(
    ids((lab) => Object.assign(byId(lab.applications, "ppid").run, { image: "node", runtime: "service" })),
  ).toEqual(["application:pengaduan", "application:pengetahuan"]);
});

test("none whose code in production is another than the drill room's", () => {
  const replaced = (images: Record<string, string>) => ids((lab) => Object.assign(lab.region, { images }));
  expect(replaced({ wordpress: DIGEST })).not.toContain("application:ppid");
  expect(replaced({ gateway: DIGEST })).toContain("application:ppid");
  // A region that brings both answers for what is in them.
  expect(replaced({ wordpress: DIGEST, room: DIGEST })).toContain("application:ppid");
});

test("a region none of whose applications are drilled says nothing of them", () => {
  expect(ids((lab) => plan(lab, "pengaduan", "ppid", "pengetahuan"))).toBeUndefined();
});
