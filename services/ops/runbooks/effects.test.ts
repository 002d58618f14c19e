/** What is concluded from what guards and engines say: doubt is never good. */
import { describe, expect, test } from "vitest";
import type { LeaseData, LeaseState } from "../../../model/lease.ts";
import type { Guard } from "../config.ts";
import { Away } from "../jobs/call.ts";
import type { PatroniObservation, ProbeResult } from "../observation.ts";
import { asCompared, databasesThrough, serverOf } from "./databases.ts";
import { gtidCovers, lackedBy } from "./gtid.ts";
import { guardsOf } from "./guards.ts";
import { type History, historyFrom, isOurHistory, lsnOf, writtenLsn } from "./history.ts";
import { epochSeen, leaseSeen } from "./lease.ts";
import { stateOf } from "./observe.ts";
import { type LastWaits, noteProbe, waitsSeen } from "./waits.ts";

const now = new Date("2026-03-01T03:00:00.000Z");

describe("GTID positions", () => {
  test.each([
    ["0-1-100", "0-1-100", true],
    ["0-1-101", "0-1-100", true],
    ["0-1-99", "0-1-100", false],
    // Two that parted count on alike: the same number by another server is another transaction.
    ["0-2-100", "0-1-100", false],
    ["0-1-100,1-1-5", "0-1-100", true],
    ["0-1-100", "0-1-100,1-1-5", false],
    ["", "0-1-1", false],
    ["0-1-18446744073709551615", "0-1-18446744073709551614", true],
    ["what", "0-1-1", false],
    ["0-1-5", "what", false],
  ])("%s covers %s: %s", (position, wanted, covers) => {
    expect(gtidCovers(position, wanted)).toBe(covers);
  });
});

describe("what another server lacks of a position", () => {
  test.each([
    ["1-11-100", "1-11-100", [], 0n],
    ["1-11-100,1-12-140", "1-11-100", [], 0n],
    // The new primary has counted on, past the old one: the last three of the old one are nowhere else.
    ["1-11-100,1-12-140", "1-11-103", ["1-11-100"], 3n],
    ["1-12-140", "1-11-103", [null], null],
    ["1-11-100,2-11-7", "1-11-100,2-11-9", ["2-11-7"], 2n],
    ["", "", [], 0n],
  ] as const)("%s lacks of %s: since %j, %s", (state, position, since, count) => {
    expect(lackedBy(state, position)).toEqual({ since, count });
  });

  test("what cannot be read is unknown", () => {
    expect([lackedBy("1-11", "1-11-1"), lackedBy("1-11-1", "x")]).toEqual([undefined, undefined]);
  });
});

describe("timelines", () => {
  const at = (lsn: string): bigint => BigInt(lsnOf(lsn) ?? 0);
  /** The primary left timeline 1 at 0/3000000 and is on 2. */
  const history: History = { system: "7", timeline: 2, left: [{ timeline: 1, until: at("0/3000000") }], begun: [] };
  const data = (more: Partial<LeaseData>): LeaseData => ({
    ...{ system: "7", state: "shut down", timeline: 1, newest: 1, end: "0/3000000", history: [], kept: null },
    begun: [],
    ...more,
  });

  test("what ended where they parted, or before, is part of it", () => {
    expect(isOurHistory(data({}), history)).toEqual({ part: true });
    expect(isOurHistory(data({ end: "0/2FFFFFF" }), history)).toEqual({ part: true });
    expect(
      isOurHistory(
        data({ newest: 2, timeline: 2, end: "0/5000000", history: [{ timeline: 1, until: "0/3000000" }] }),
        history,
      ),
    ).toEqual({ part: true });
  });

  test("one byte more is not, and can be rewound", () => {
    expect(isOurHistory(data({ end: "0/3000001" }), history)).toMatchObject({
      ...{ part: false, sure: true, at: at("0/3000000") },
    });
  });

  test("a site that promoted itself to the same number is another history", () => {
    const same = data({ newest: 2, timeline: 2, end: "0/4000000", history: [{ timeline: 1, until: "0/3100000" }] });
    expect(isOurHistory(same, history)).toMatchObject({ part: false, sure: false });
  });

  test.each([
    ["another system", { system: "8" }],
    ["an end that nobody knows", { end: null }],
    ["a timeline that the primary never had", { newest: 5 }],
    ["the primary's timeline without its history", { newest: 2, history: [] }],
  ] as const)("%s is a doubt", (_, more) => {
    expect(isOurHistory(data(more), history)).toMatchObject({ part: false, sure: false });
  });

  const on2 = { newest: 2, timeline: 2, history: [{ timeline: 1, until: "0/3000000" }] };
  const began = (site: string, timeline = 2) => ({ timeline, site, id: `${site}-${timeline}` });
  const later: History = { ...history, timeline: 3, left: [...history.left, { timeline: 2, until: at("0/4000000") }] };

  test.each([
    ["both began it", history, [began("dc")], [began("drc")]],
    ["the primary writes on one of that number, and does not say who began it", history, [began("dc")], []],
    ["both began it, and the primary went on to another", later, [began("dc")], [began("drc"), began("drc", 3)]],
  ])("a timeline of the same number from the same place is a doubt where %s", (_, primary, own, theirs) => {
    expect(isOurHistory(data({ ...on2, begun: own }), { ...primary, begun: theirs })).toMatchObject({
      ...{ part: false, sure: false, why: { en: "timeline 2 was begun at both sites, at the same place" } },
    });
  });

  test.each([
    ["the primary has it from here", later, [began("dc")], [began("drc", 3)]],
    ["it is the primary's", history, [], [began("drc")]],
    ["it was copied from the primary, with its word", history, [began("drc")], [began("drc")]],
    ["the one that was begun twice is not one of these data", history, [began("dc", 3)], [began("drc", 3)]],
  ])("a timeline is one of the primary's where %s", (_, primary, own, theirs) => {
    expect(isOurHistory(data({ ...on2, begun: own }), { ...primary, begun: theirs })).toEqual({ part: true });
  });

  test("Patroni's answers, and what is none", () => {
    const said = { database_system_identifier: "7", timeline: 2 };
    expect(historyFrom(said, [[1, 50331648, "no recovery target specified"]], [])).toEqual(history);
    expect(() => historyFrom(said, [["1"]], [])).toThrow(TypeError);
    expect(() => historyFrom({}, [], [])).toThrow(TypeError);
  });

  test("positions as PostgreSQL writes them", () => {
    expect(lsnOf("1/2A")).toBe(2 ** 32 + 42);
    expect(writtenLsn(2 ** 32 + 42)).toBe("1/2A");
    expect(lsnOf("what")).toBeUndefined();
  });
});

describe("the lease", () => {
  const guard = (site: string, workload: string): Guard => ({
    ...{ site, workload, kind: "postgresql", host: workload, address: "10.0.0.1", port: 8010 },
  });
  const [own, gate, far] = [guard("drc", "postgres-utama"), guard("drc", "gateway"), guard("dc", "postgres-utama")];
  const all = { all: [own, gate, far] };
  const said = (more: Partial<LeaseState>): LeaseState =>
    ({
      ...{ epoch: 7, epochSite: "dc", state: "closed", code: "other-site", known: [], store: null },
      ...{ ttlSeconds: 15, marginSeconds: 3 },
      ...more,
    }) as LeaseState;
  const store = (more: object = {}) => ({
    ...{
      epoch: 7,
      site: "dc",
      holder: { epoch: 7, site: "dc" },
      revision: 4,
      term: 2,
      agoSeconds: 1,
      absentSeconds: null,
    },
    ...more,
  });
  const args = { guards: all, sites: ["dc", "drc"], now };

  test("is the store's where somebody just read it", () => {
    const seen = leaseSeen(
      new Map([
        [own, said({ store: store() })],
        [gate, said({})],
      ]),
      args,
    );
    expect(seen).toEqual({
      epoch: 7,
      site: "dc",
      holder: "dc",
      closedBy: null,
      guards: { dc: "unknown", drc: "closed" },
    });
  });

  test("an older read counts for nothing: what is remembered does, and says of no majority", () => {
    const old = said({
      epoch: 6,
      store: store({ agoSeconds: 9, epoch: 9 }),
      known: [{ source: "database", epoch: 8, site: "drc" }],
    });
    expect(epochSeen([old])).toEqual({ epoch: 8, site: "drc", majority: false });
    expect(epochSeen([])).toEqual({ epoch: null, site: null, majority: false });
  });

  test("nobody holds it: the old holder is surely closed after the margin, or when all of its guards say so", () => {
    const absent = said({ store: store({ holder: null, absentSeconds: 1 }) });
    const wait = leaseSeen(
      new Map([
        [own, absent],
        [gate, absent],
      ]),
      args,
    );
    expect(wait.closedBy).toBe("2026-03-01T03:00:02.000Z");
    const closed = leaseSeen(
      new Map([
        [own, absent],
        [gate, absent],
        [far, said({ code: "closed-by-order" })],
      ]),
      args,
    );
    expect(closed.closedBy).toBe(now.toISOString());
  });

  test("nobody holds it: whoever of the guards saw it first counts, in whatever order they were read", () => {
    const [first, last] = [
      said({ store: store({ holder: null, absentSeconds: 4, agoSeconds: 0.8 }) }),
      said({ store: store({ holder: null, absentSeconds: 2, agoSeconds: 0.1, revision: 5 }) }),
    ];
    for (const [one, other] of [
      [first, last],
      [last, first],
    ] as const) {
      const seen = leaseSeen(
        new Map([
          [own, one],
          [gate, other],
        ]),
        args,
      );
      expect(seen.closedBy).toBe("2026-03-01T02:59:59.000Z");
    }
    const stale = said({ store: store({ holder: null, absentSeconds: 60, agoSeconds: 9 }) });
    const held = said({ store: store({ revision: 6 }) });
    expect(
      leaseSeen(
        new Map([
          [own, stale],
          [gate, last],
        ]),
        args,
      ).closedBy,
    ).toBe("2026-03-01T03:00:01.000Z");
    expect(
      leaseSeen(
        new Map([
          [own, first],
          [gate, held],
        ]),
        args,
      ).closedBy,
    ).toBe(null);
  });

  test("one that is about to close, or one of several that is open, is neither open nor closed", () => {
    const closing = leaseSeen(new Map([[far, said({ state: "open", code: "closing", store: store() })]]), args);
    expect(closing.guards.dc).toBe("mixed");
    const mixed = leaseSeen(
      new Map([
        [own, said({ state: "open", store: store() })],
        [gate, said({})],
      ]),
      args,
    );
    expect(mixed.guards.drc).toBe("mixed");
  });
});

describe("guards", () => {
  const [near, far]: readonly [Guard, Guard] = [
    { site: "drc", workload: "dns", kind: "dns", host: "dns.drc", address: "10.0.0.1", port: 8010 },
    { site: "dc", workload: "dns", kind: "dns", host: "dns.dc", address: "10.0.0.2", port: 8010 },
  ];

  test("one that did not answer is not waited for again, and is heard when it is back", async () => {
    let gone = true;
    const asked: string[] = [];
    const guards = guardsOf([near, far], {}, async (peer, _, { method }) => {
      asked.push(`${method} ${peer.host}`);
      if (peer.host === "dns.dc" && gone) throw new Away(peer, { id: "diam", en: "silent" });
      return { status: method === "GET" ? 200 : 202, text: "{}" };
    });
    expect([...(await guards.states()).keys()]).toEqual([near]);
    // An order to it fails at once, and is not sent: it may be heard by nobody.
    await expect(guards.order(far, { verb: "reseed" })).rejects.toThrow(/did not answer/);
    expect(asked).not.toContain("POST dns.dc");
    gone = false;
    await guards.states();
    expect([...(await guards.states()).keys()]).toEqual([near, far]);
    await guards.order(far, { verb: "reseed" });
    expect(asked).toContain("POST dns.dc");
  });

  test("a server from before timelines were named began none, and one that refuses to say is no such server", async () => {
    const saying = (status: number, text: string) => guardsOf([near], {}, async () => ({ status, text }));
    expect(await saying(404, "no such path").begun(near)).toEqual([]);
    await expect(saying(409, "no-data").begun(near)).rejects.toThrow(/refuses/);
    const one = { timeline: 2, site: "dc", id: "a" };
    expect(await saying(200, JSON.stringify([one])).begun(near)).toEqual([one]);
    expect((await saying(200, "{}").data(near)).begun).toEqual([]);
    expect((await saying(200, JSON.stringify({ begun: [one] })).data(near)).begun).toEqual([one]);
  });

  test("a refusal is an answer", async () => {
    const guards = guardsOf([near], {}, async () => ({ status: 409, text: "not-leased" }));
    await expect(guards.order(near, { verb: "reseed" })).rejects.toThrow(/refuses \(409\): not-leased/);
  });
});

describe("servers", () => {
  test("a PostgreSQL standby that receives is complete; one that does not is as of its last commit, where it knows one", () => {
    const seen = { probe: "patroni", state: "running", role: "standby_leader", streaming: true, position: 42 } as const;
    expect(serverOf("postgresql:utama", seen, now)).toMatchObject({
      role: "standby",
      following: true,
      completeAt: now.toISOString(),
      position: "0/2A",
    });
    expect(serverOf("postgresql:utama", { ...seen, streaming: false }, now)).toMatchObject({
      following: false,
      completeAt: null,
    });
    const replayedAt = "2026-03-01T02:59:58.000Z";
    expect(serverOf("postgresql:utama", { ...seen, streaming: false, replayedAt }, now).completeAt).toBe(replayedAt);
    expect(serverOf("postgresql:utama", { ...seen, state: "stopped" }, now).role).toBe("closed");
    expect(serverOf("postgresql:utama", { ...seen, state: "unknown" }, now).role).toBe("unknown");
    expect(serverOf("postgresql:utama", { ...seen, state: "creating replica" }, now).role).toBe("rebuilding");
  });

  test("one into which WAL streams follows nobody where its guard found that it is no copy", () => {
    const seen = { probe: "patroni", state: "running", role: "standby_leader", streaming: true, position: 42 } as const;
    const said = serverOf("postgresql:utama", seen, now);
    for (const verdict of ["rewind", "reseed"] as const)
      expect(asCompared(said, { verdict, why: "" })).toMatchObject({ following: false, completeAt: null });
    for (const follows of [{ verdict: "well", why: "" }, { verdict: "unknown", why: "" }, null, undefined] as const)
      expect(asCompared(said, follows)).toEqual(said);
  });

  test.each([
    ["closed", "closed"],
    ["open", "unknown"],
    [undefined, "unknown"],
  ] as const)("one that says nothing, whose guard says %s, is %s", async (state, role) => {
    const guard: Guard = {
      ...{ site: "dc", workload: "postgres-utama", kind: "postgresql", server: "postgresql:utama" },
      ...{ host: "postgres-utama.dc", address: "10.0.0.3", port: 8010 },
    };
    const states = async () => new Map(state === undefined ? [] : [[guard, { state } as LeaseState]]);
    const guards = { all: [guard], states } as never;
    const databases = databasesThrough({ guards, targets: [], tls: {}, now: () => now, lastWaits: new Map() });
    expect((await databases.seen("postgresql:utama", "dc")).role).toBe(role);
  });

  test("MariaDB's agent says how old the copy is", () => {
    const seen = {
      probe: "mariadb",
      state: "running",
      role: "standby",
      healthy: true,
      line: "",
      replicating: true,
      lagSeconds: 4,
      gtid: "0-1-9",
    } as const;
    expect(serverOf("mariadb:php", seen, now)).toMatchObject({
      role: "standby",
      completeAt: "2026-03-01T02:59:56.000Z",
      position: "0-1-9",
    });
    expect(serverOf("mariadb:php", { ...seen, state: "silent" }, now).role).toBe("unknown");
    expect(serverOf("mariadb:php", { ...seen, role: "closed" }, now).role).toBe("closed");
  });

  test("whether commits wait is what the server said, and when; of one that is gone, what it said last", () => {
    const last: LastWaits = new Map();
    const seen = { probe: "patroni", state: "running", role: "primary", streaming: false } as const;
    const sync = { waits: true, satisfied: false };
    expect(serverOf("postgresql:utama", { ...seen, sync }, now)).toMatchObject({
      waits: true,
      waitsAt: now.toISOString(),
    });
    expect(serverOf("postgresql:utama", seen, now)).toMatchObject({ waits: null, waitsAt: null });
    const probed = (more: Partial<PatroniObservation>, at: Date): ProbeResult => ({
      ...{ at, atMs: 0, outcome: { ok: true, observation: { ...seen, ...more } } },
    });
    const later = new Date(now.getTime() + 10_000);
    noteProbe(last, "dc/postgres-utama", probed({ sync }, now));
    expect(waitsSeen(last.get("dc/postgres-utama"))).toEqual({ waits: true, waitsAt: now.toISOString() });
    // Neither an answer that says nothing nor none is an answer.
    noteProbe(last, "dc/postgres-utama", probed({}, later));
    noteProbe(last, "dc/postgres-utama", {
      ...{ at: later, atMs: 0, outcome: { ok: false, reason: { id: "diam", en: "silent" } } },
    });
    expect(waitsSeen(last.get("dc/postgres-utama")).waitsAt).toBe(now.toISOString());
    noteProbe(last, "dc/postgres-utama", probed({ sync: { waits: false, satisfied: false } }, later));
    expect(waitsSeen(last.get("dc/postgres-utama"))).toEqual({ waits: false, waitsAt: later.toISOString() });
    expect(waitsSeen(last.get("drc/postgres-utama"))).toEqual({ waits: null, waitsAt: null });
  });

  test("a site is what all of its servers are", () => {
    const one = (role: "primary" | "standby" | "closed" | "rebuilding" | "unknown", following = true) =>
      ({ role, following }) as Parameters<typeof stateOf>[0][number];
    expect(stateOf([one("primary"), one("primary")])).toBe("active");
    expect(stateOf([one("primary"), one("standby")])).toBe("unknown");
    expect(stateOf([one("standby"), one("standby", false)])).toBe("unknown");
    expect(stateOf([one("standby"), one("rebuilding")])).toBe("rebuilding");
    expect(stateOf([])).toBe("unknown");
  });
});
