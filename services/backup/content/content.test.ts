import { expect, it } from "vitest";
import type { TablesProof } from "../wire.ts";
import { WorkFault } from "../work.ts";
import { TryAgain, tryCheckpoint } from "./checkpoint.ts";
import { compareTables } from "./compare.ts";
import { furthest, liesBeyond, parsePosition, samePosition, span } from "./gtid.ts";
import { liesBefore, positionNumber } from "./log-position.ts";
import { isPassing as passesMariadb } from "./mariadb-checkpoint.ts";
import { rowBytes } from "./mariadb-digest.ts";
import { orderOf as mariadbOrder, selectStatement } from "./mariadb-tables.ts";
import { isPassing as passesPostgres } from "./postgres-checkpoint.ts";
import { sessionSettings } from "./postgres-connection.ts";
import { linesIn } from "./postgres-digest.ts";
import { copyStatement, lockStatement, orderOf } from "./postgres-tables.ts";
import { saidOf, TableUnread, unlessStopped, unread } from "./unread.ts";

const BYTES = '::pg_catalog.text COLLATE pg_catalog."C"';

it("orders by the primary key, texts by their bytes, names quoted", () => {
  const key = [
    { name: "id", type: "int8" },
    { name: 'Nama "1"', type: "varchar" },
    { name: "jenis", type: "" },
  ];
  expect(orderOf(key)).toBe(`r."id", r."Nama ""1"""${BYTES}, r."jenis"${BYTES}`);
});

it("orders a table without a key by the whole row", () => {
  expect(copyStatement({ schema: "S.1", name: 'T"', key: [] })).toBe(
    `COPY (SELECT * FROM ONLY "S.1"."T""" AS r ORDER BY (r.*)${BYTES}) TO STDOUT`,
  );
});

it("locks all tables at once, and none where there are none", () => {
  expect(lockStatement([])).toBeUndefined();
  const tables = ["a", "b"].map((name) => ({ schema: "public", name, key: [] }));
  expect(lockStatement(tables)).toBe('LOCK TABLE ONLY "public"."a", ONLY "public"."b" IN ACCESS SHARE MODE');
});

it("fixes every setting that changes how a value is written", () => {
  const names = [
    "datestyle",
    "intervalstyle",
    "timezone",
    "extra_float_digits",
    "bytea_output",
    "lc_monetary",
    "search_path",
  ];
  for (const name of names) expect(sessionSettings).toHaveProperty(name);
  expect(sessionSettings.row_security).toBe("off");
});

it("counts the lines of chunks", () => {
  expect(linesIn(Buffer.from(""))).toBe(0);
  expect(linesIn(Buffer.from("a\\nb\nc\n"))).toBe(2);
  expect(linesIn(Buffer.from("c"))).toBe(0);
});

it("compares by name: what differs, is missing, is too many", () => {
  const table = (name: string, sha256: string, rows = 1) => ({ name, sha256, rows });
  const compared = compareTables(
    [table("a", "1"), table("b", "1"), table("c", "1"), table("e", "1", 2)],
    [table("d", "4"), table("b", "2"), table("a", "1"), table("e", "1", 3)],
  );
  expect(compared).toEqual([
    { name: "a", same: true, expected: "1", received: "1", rows: 1 },
    { name: "b", same: false, expected: "1", received: "2", rows: 1 },
    { name: "c", same: false, expected: "1", received: null, rows: 1 },
    { name: "d", same: false, expected: null, received: "4", rows: 1 },
    { name: "e", same: false, expected: "1", received: "1", rows: 3 },
  ]);
});

it("compares log positions as numbers", () => {
  expect(positionNumber("1/0")).toBe(0x1_0000_0000n);
  expect(liesBefore("0/FF000000", "1/A")).toBe(true);
  expect(liesBefore("9/0", "10/0")).toBe(true);
  expect(liesBefore("0/A", "0/A")).toBe(false);
  expect(() => positionNumber("0-1-5")).toThrow("expected X/Y");
});

it("puts GTID positions together, the furthest of each domain", () => {
  expect(furthest("1-1-29", "", "2-1-5,1-2-30")).toBe("1-2-30,2-1-5");
  expect(furthest("")).toBe("");
  expect(furthest("1-1-9", "1-1-10")).toBe("1-1-10");
  expect(samePosition("2-1-5, 1-2-30", "1-2-30,2-1-5")).toBe(true);
  expect(liesBeyond("1-1-30", "1-1-29")).toBe(true);
  expect(liesBeyond("1-1-29", "1-1-29,2-1-1")).toBe(false);
  expect(liesBeyond("3-1-1", "1-1-29")).toBe(true);
  expect(() => parsePosition("binlog.000001")).toThrow("expected <domain>");
});

it("reads a log only in domains where something is to come", () => {
  expect(span("1-1-29,2-1-2", "1-1-31,2-1-2,3-1-4")).toEqual({ start: "1-1-29", stop: "1-1-31,3-1-4" });
});

it("orders MariaDB's rows by key in bytes, without one or with a history by digests of the columns", () => {
  const table = {
    database: "db",
    name: "t`",
    versioned: false,
    columns: [
      { name: "id", type: "int" },
      { name: "nama", type: "varchar" },
      { name: "f", type: "float" },
    ],
    key: ["nama", "id"],
  };
  expect(selectStatement(table)).toBe(
    "SELECT `id`, `nama`, CAST(`f` AS DOUBLE) FROM `db`.`t```".concat(" ORDER BY CAST(`nama` AS BINARY), `id`"),
  );
  const digests = "SHA2(`id`, 256), SHA2(`nama`, 256), SHA2(CAST(`f` AS DOUBLE), 256)";
  expect(mariadbOrder({ ...table, key: [] })).toBe(digests);
  expect(selectStatement({ ...table, versioned: true })).toContain(`FOR SYSTEM_TIME ALL ORDER BY ${digests}`);
});

it("tells NULL from nothing, and values that only look alike side by side", () => {
  const bytes = (...values: (string | null)[]) =>
    Buffer.concat(rowBytes(values.map((value) => (value === null ? null : Buffer.from(value))))).toString("hex");
  const all = [bytes(null, "a"), bytes("", "a"), bytes("a", ""), bytes("a", null), bytes("ab"), bytes("a", "b")];
  expect(new Set(all).size).toBe(all.length);
});

const proof: TablesProof = { proof: "tables", engine: "postgresql", at: "x", position: "0/1", tables: [] };
const failing = (...errors: Error[]) => {
  let tries = 0;
  const attempt = async () => {
    const error = errors[tries++];
    if (error) throw error;
    return proof;
  };
  return { attempt, tries: () => tries };
};
const taken = Object.assign(new Error("conflict with recovery"), { code: "40001" });

it("tries again what the server took back, also within a table", async () => {
  const { attempt, tries } = failing(taken, new TableUnread("a.b.c", taken));
  expect(await tryCheckpoint(attempt, passesPostgres)).toEqual({ proof });
  expect(tries()).toBe(3);
});

it("gives up after three times, and says why", async () => {
  const { attempt, tries } = failing(taken, taken, new TryAgain("replay went on"), taken);
  expect(await tryCheckpoint(attempt, passesPostgres)).toEqual({
    unproven: {
      id: "titik periksa isi gagal 3 kali; yang terakhir: replay went on",
      en: "the digest checkpoint failed 3 times; the last time: replay went on",
    },
  });
  expect(tries()).toBe(3);
});

it("does not try again what does not pass by itself", async () => {
  const denied = Object.assign(new Error("permission denied"), { code: "42501" });
  const one = failing(denied);
  expect(await tryCheckpoint(one.attempt, passesPostgres)).toMatchObject({
    unproven: { en: expect.stringContaining("permission denied") },
  });
  expect(one.tries()).toBe(1);
  const told = failing(new WorkFault({ id: "tidak", en: "no standby" }));
  expect(await tryCheckpoint(told.attempt, passesPostgres)).toEqual({ unproven: { id: "tidak", en: "no standby" } });
});

it("throws the reason of whoever stops it", async () => {
  const stop = AbortSignal.abort(new Error("stopped"));
  await expect(tryCheckpoint(async () => proof, passesPostgres, stop)).rejects.toThrow("stopped");
  expect(unread("a", taken, stop)).toBe(stop.reason);
  expect(saidOf(unread("a", taken))).toBe(taken);
});

it.each([
  ["40001", true],
  ["57014", true],
  ["55P03", true],
  ["42P01", true],
  ["42501", false],
  ["28000", false],
])("PostgreSQL's %s passes: %s", (code, passes) =>
  expect(passesPostgres(Object.assign(new Error("x"), { code }))).toBe(passes),
);

it.each([
  [1412, true],
  [1146, true],
  [1045, false],
  [1142, false],
])("MariaDB's %s passes: %s", (errno, passes) =>
  expect(passesMariadb(Object.assign(new Error("x"), { errno }))).toBe(passes),
);

it("stops waiting for a server that says nothing", async () => {
  const stop = new AbortController();
  const waiting = unlessStopped(new Promise(() => {}), stop.signal);
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  await expect(unlessStopped(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
  await expect(unlessStopped(Promise.reject(taken))).rejects.toBe(taken);
});
