import { expect, it } from "vitest";
import type { Copy } from "../../backup/wire.ts";
import { choicesOf, filesFor, partsOf, secondsApart } from "./applications.ts";

const applications = [
  { id: "application:ppid", database: "mariadb:php", files: "files:ppid" },
  { id: "application:pengaduan", database: "postgresql:utama" },
];
const copy = (target: string, id: string, at: string): Copy => ({ id, target, type: "full", at, bytes: 1, needs: [] });
const files = [
  copy("files:ppid", "f1", "2026-03-01T01:00:00Z"),
  copy("files:ppid", "f2", "2026-03-02T01:00:00Z"),
  copy("files:ppid", "f3", "2026-03-03T01:00:00Z"),
];

it("has the database first, and files where it keeps some", () => {
  expect(partsOf(applications, "application:ppid")).toEqual(["mariadb:php", "files:ppid"]);
  expect(partsOf(applications, "application:pengaduan")).toEqual(["postgresql:utama"]);
  expect(partsOf(applications, "files:ppid")).toEqual([]);
});

it("chooses among the copies of its database, and among none where one part has none", () => {
  const database = [copy("mariadb:php", "d1", "2026-03-01T02:00:00Z")];
  const of = (there: Readonly<Record<string, readonly Copy[]>>) => (target: string) =>
    choicesOf(applications, target, (one) => there[one] ?? []).map(({ id }) => id);
  const all = of({ "mariadb:php": database, "files:ppid": files });
  expect(all("application:ppid")).toEqual(["d1"]);
  expect(all("files:ppid")).toEqual(["f1", "f2", "f3"]);
  expect(of({ "mariadb:php": database })("application:ppid")).toEqual([]);
  expect(of({ "files:ppid": files })("application:ppid")).toEqual([]);
});

it("takes the newest files that are not newer than the database, else the oldest after it", () => {
  expect(filesFor(files, "2026-03-02T12:00:00Z")?.id).toBe("f2");
  expect(filesFor(files, "2026-03-02T01:00:00.000Z")?.id).toBe("f2");
  expect(filesFor(files, "2026-02-01T00:00:00Z")?.id).toBe("f1");
  expect(filesFor(files, "2026-04-01T00:00:00Z")?.id).toBe("f3");
  expect(filesFor([], "2026-04-01T00:00:00Z")).toBeUndefined();
});

it("tells which way they are apart", () => {
  expect(secondsApart("2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z")).toBe(-3600);
});
