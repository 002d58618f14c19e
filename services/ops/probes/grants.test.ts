/** What roles hold against what they may. */
import { expect, test } from "vitest";
import type { DeclaredGrant } from "../../../model/grants.ts";
import type { HeldGrant } from "../../../model/lease.ts";
import { grantsItem } from "./grants.ts";

const NOW = new Date("2026-07-01T02:00:00Z");
const DECLARED: readonly DeclaredGrant[] = [
  { role: "postgres", database: "*", may: ["SUPERUSER"] },
  { role: "pajak", database: "pajak", may: "all" },
  { role: "checkpointer", database: "pajak", may: ["CONNECT"] },
  { role: "ppid@%", database: "ppid", may: "all" },
  { role: "perencana", database: "pajak", may: "read" },
  { role: "pencatat", database: "pajak", may: "write" },
  { role: "tamu", database: "pajak", may: "read", until: "2026-07-01T01:59:59Z" },
];
const more = (...grants: readonly HeldGrant[]) => grantsItem({ databases: ["pajak"], grants }, DECLARED, NOW).more;

test("what the platform makes, owners hold and leave is recorded for is accounted for", () => {
  const held: readonly HeldGrant[] = [
    ["postgres", "*", "SUPERUSER"],
    ["pajak", "pajak", "OWNER"],
    ["pajak", "pajak", "OWNER of table data.objek"],
    ["checkpointer", "pajak", "CONNECT"],
    ["ppid@%", "ppid", "ALL PRIVILEGES"],
    ["perencana", "pajak", "CONNECT"],
    ["perencana", "pajak", "USAGE on schema data"],
    ["perencana@10.0.0.9", "pajak", "SELECT on table objek"],
    ["pencatat", "pajak", "INSERT on table data.objek"],
  ];
  const databases = ["pajak", "ppid"];
  expect(grantsItem({ databases, grants: held }, DECLARED, NOW)).toEqual({ databases, grants: 9, more: [], untold: 0 });
});

test.each<readonly [string, HeldGrant]>([
  ["a role that nobody declared", ["intip", "pajak", "SELECT on table data.objek"]],
  ["everybody", ["public", "pajak", "CONNECT"]],
  ["an owner's role in another's database", ["pajak", "simpeg", "SELECT on table data.pegawai"]],
  ["an owner's role on the whole server", ["pajak", "*", "MEMBER OF simpeg"]],
  ["a role of the platform that holds more than it needs", ["checkpointer", "pajak", "INSERT on table data.objek"]],
  ["an application's account from another host", ["ppid@localhost", "ppid", "SELECT"]],
  ["a pattern that stands for more than one database", ["ppid@%", "pp% (pattern)", "ALL PRIVILEGES"]],
  ["a reader who may write", ["perencana", "pajak", "INSERT on table data.objek"]],
  ["a writer who may change the structure", ["pencatat", "pajak", "CREATE on schema data"]],
  ["a reader who may hand it on", ["perencana", "pajak", "GRANT OPTION on table objek"]],
  ["a reader by a word that only begins alike", ["perencana", "pajak", "SELECTED"]],
  ["a leave that has ended", ["tamu", "pajak", "CONNECT"]],
])("%s is told", (_, held) => {
  expect(more(held)).toEqual([held]);
});

test("so many are told, and how many more there are", () => {
  const grants = Array.from({ length: 130 }, (_, index): HeldGrant => [`intip${index}`, "pajak", "CONNECT"]);
  const item = grantsItem({ databases: ["pajak"], grants }, DECLARED, NOW);
  expect([item.grants, item.more.length, item.untold]).toEqual([130, 100, 30]);
});
