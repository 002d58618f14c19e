/** What roles hold in a database server, compared with what they may: pure but for the question itself, which is handed in. */
import type { GrantsItem } from "../../../evidence/probes.ts";
import type { DeclaredGrant, Leave } from "../../../model/grants.ts";
import type { HeldGrant, LeaseGrants } from "../../../model/lease.ts";

/** So many are told of one server; that there are any is what counts. */
const MOST = 100;

/** @param now at which a leave may have ended */
export function grantsItem(
  { databases, grants }: LeaseGrants,
  declared: readonly DeclaredGrant[],
  now: Date,
): GrantsItem {
  const may = byDatabase(declared.filter(({ until }) => until === undefined || Date.parse(until) > now.getTime()));
  const more = grants.filter((held) => !(may.get(held[1]) ?? []).some((one) => covers(one, held)));
  return { databases, grants: grants.length, more: more.slice(0, MOST), untold: Math.max(0, more.length - MOST) };
}

function byDatabase(declared: readonly DeclaredGrant[]): ReadonlyMap<string, readonly DeclaredGrant[]> {
  const lists = new Map<string, DeclaredGrant[]>();
  for (const one of declared) {
    const list = lists.get(one.database);
    if (list) list.push(one);
    else lists.set(one.database, [one]);
  }
  return lists;
}

function covers({ role, may }: DeclaredGrant, [holder, , privilege]: HeldGrant): boolean {
  if (role !== holder && role !== withoutHost(holder)) return false;
  if (may === "all") return true;
  return typeof may === "string" ? LEAVES[may].test(privilege) : may.includes(privilege);
}

const withoutHost = (account: string): string => account.slice(0, Math.max(0, account.lastIndexOf("@")));

/** Privileges of both engines, each of the whole database or of an object in it: PostgreSQL's chapter 5.8, MariaDB's "GRANT". */
const LEAVES: Readonly<Record<Leave, RegExp>> = {
  read: /^(?:CONNECT|SHOW VIEW|SELECT|USAGE on schema)(?: |$)/,
  write: /^(?:CONNECT|SHOW VIEW|SELECT|INSERT|UPDATE|DELETE|EXECUTE|USAGE on (?:schema|sequence)|TEMPORARY)(?: |$)/,
};
