/** Copiers as runbooks ask and tell them: what is silent is unknown, and never whole or turned round. */
import { describe, expect, test } from "vitest";
import type { CopyState } from "../../../model/copies.ts";
import type { LeaseState } from "../../../model/lease.ts";
import type { Copies } from "../../../runbooks/ports.ts";
import type { Copier } from "../config.ts";
import { Away, type call } from "../jobs/call.ts";
import { copiesThrough } from "./copies.ts";
import { followEpoch } from "./follow-epoch.ts";

const AT = "2026-03-01T03:00:00.000Z";
const copier = (site: string, workload: string, copies: readonly string[]): Copier => ({
  ...{ site, workload, kind: workload === "objects" ? "objects" : "application", copies },
  ...{ host: `${workload}.${site}`, address: "192.0.2.1", port: 8010 },
});
const COPIERS = [
  copier("drc", "objects", ["objects:bukti", "objects:unggahan"]),
  copier("drc", "app-ppid", ["files:ppid"]),
  copier("dc", "objects", ["objects:bukti", "objects:unggahan"]),
];
const stored = (epoch: number): CopyState[] => [{ id: "objects:bukti", completeAt: AT, epoch }];

/** Doors by host, and what was asked of them; one that is not there is silent. */
function region(doors: Readonly<Record<string, readonly CopyState[] | number>>) {
  const asked: string[] = [];
  const ask: typeof call = async (peer, _, { method, path, body = "" }) => {
    asked.push(`${peer.host} ${method} ${path} ${body}`.trim());
    const said = doors[peer.host];
    if (said === undefined) throw new Away(peer, { id: "diam", en: "silent" });
    if (typeof said === "number") return { status: said, text: '{"code":"x","message":"no"}' };
    return method === "GET"
      ? { status: 200, text: JSON.stringify(said) }
      : { status: 202, text: JSON.stringify({ copies: said, note: "" }) };
  };
  return { asked, copies: copiesThrough(COPIERS, {}, ask) };
}

describe("copies of a site", () => {
  test("are those that are declared; one that a copier does not tell of was never whole", async () => {
    const files = [{ id: "files:ppid", completeAt: AT, epoch: null }];
    const { copies } = region({ "objects.drc": stored(4), "app-ppid.drc": files });
    expect(await copies.seen("drc")).toEqual([
      { id: "objects:bukti", completeAt: AT, epoch: 4 },
      { id: "objects:unggahan", completeAt: null, epoch: null },
      ...files,
    ]);
  });

  test("of a silent application are unknown; a silent store leaves the epoch unknown, which is no answer", async () => {
    const { copies } = region({ "objects.drc": stored(4) });
    expect((await copies.seen("drc")).at(-1)).toEqual({ id: "files:ppid", completeAt: null, epoch: null });
    await expect(copies.seen("dc")).rejects.toThrow(/objects\.dc: silent/);
    await expect(region({ "objects.dc": 409 }).copies.seen("dc")).rejects.toThrow(/objects\.dc refuses \(409\)/);
  });

  test("a round is ordered of every copier of that site; who refuses or is silent is told when all were asked", async () => {
    const well = region({ "objects.drc": stored(4), "app-ppid.drc": [] });
    await well.copies.round("drc");
    expect(well.asked).toEqual([
      'objects.drc POST /copies {"verb":"round"}',
      'app-ppid.drc POST /copies {"verb":"round"}',
    ]);
    const bad = region({ "objects.drc": 409, "app-ppid.drc": [] });
    await expect(bad.copies.round("drc")).rejects.toThrow(/objects\.drc refuses \(409\)/);
    expect(bad.asked).toHaveLength(2);
  });

  test("an epoch is raised where credentials are of one: an application that is down holds nothing up", async () => {
    const { asked, copies } = region({ "objects.drc": stored(4) });
    await copies.raise("drc", 5);
    expect(asked).toEqual(['objects.drc POST /copies {"verb":"raise","epoch":5}']);
    await expect(copies.raise("dc", 5)).rejects.toThrow(/objects\.dc: silent/);
  });
});

describe("a store that was away when the epoch was raised", () => {
  const guards = (epoch: number, agoSeconds = 1): LeaseState[] =>
    [
      {
        ...{ epoch, epochSite: "dc", known: [] },
        store: { epoch, site: "dc", holder: null, revision: 1, term: 1, agoSeconds, absentSeconds: null },
      },
    ] as unknown as LeaseState[];
  async function followed(own: number, states: LeaseState[], leaseSeconds: number | null = 15) {
    const raised: number[] = [];
    const copies: Copies = {
      seen: async () => stored(own),
      round: async () => {},
      raise: async (_, epoch) => void raised.push(epoch),
    };
    return { epoch: await followEpoch({ leaseSeconds }, states, copies, "drc"), raised };
  }

  test("takes the region's up, and one that has it is left alone", async () => {
    expect(await followed(1, guards(9))).toEqual({ epoch: 9, raised: [9] });
    for (const own of [9, 10]) expect(await followed(own, guards(9))).toEqual({ epoch: undefined, raised: [] });
  });

  test("where a witness runs and no majority says so, nothing is raised", async () => {
    expect((await followed(1, guards(9, 60))).raised).toEqual([]);
    expect((await followed(1, [])).raised).toEqual([]);
    expect((await followed(1, guards(9, 60), null)).raised).toEqual([9]);
  });
});
