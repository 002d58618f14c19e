import { expect, test } from "vitest";
import type { LeaseState, LeaseStore } from "../../model/lease.ts";
import { leaseLine, leaseStatus, leaseWarnings } from "./lease.ts";
import { parseLease } from "./lease-report.ts";

const store: LeaseStore = {
  epoch: 3,
  site: "dc",
  holder: { epoch: 3, site: "dc" },
  revision: 40,
  term: 4,
  agoSeconds: 1.5,
  absentSeconds: null,
};

const state = (change: Partial<LeaseState> = {}): LeaseState => ({
  region: "lab",
  site: "dc",
  workload: "postgres-utama",
  at: "2026-01-01T00:00:00Z",
  witness: true,
  state: "open",
  code: "leased",
  message: "epoch 3: open for 9.8 s",
  sync: null,
  follows: null,
  epoch: 3,
  epochSite: "dc",
  leftSeconds: 9.8,
  ttlSeconds: 15,
  marginSeconds: 3,
  engine: "armed",
  exempt: null,
  closing: null,
  work: null,
  permit: null,
  store,
  known: [],
  ...change,
});
const closed = (change: Partial<LeaseState> = {}) =>
  state({ state: "closed", code: "other-site", leftSeconds: 0, engine: "exempt", site: "drc", ...change });
const told = (...states: LeaseState[]) => {
  const found = leaseStatus(states);
  if (!found) throw new Error("no status");
  return found;
};

test("epoch, holder and how long it is open at least", () => {
  const found = told(state(), state({ workload: "gateway", leftSeconds: 8.1 }), closed());
  expect(found).toMatchObject({ epoch: 3, site: "dc", holder: "dc", open: ["dc"], leftSeconds: 8.1, witness: true });
  expect(leaseLine(found)).toEqual({
    id: "epoch 3 milik dc · hak tulis (lease) dipegang dc, dc terbuka, tanpa perpanjangan 8.1 dtk lagi",
    en: "epoch 3 of dc · dc holds the lease, dc open, for 8.1 s without renewal",
  });
  expect(leaseWarnings(found)).toEqual([]);
});

test("what no guard said is unknown", () => {
  expect(leaseStatus([])).toBeNull();
});

test("the store's latest read counts, an old one does not", () => {
  const later = { ...store, epoch: 4, site: "drc", holder: null, revision: 60 };
  expect(told(state(), closed({ store: later }))).toMatchObject({ epoch: 4, site: "drc", holder: null });
  const old = { ...later, agoSeconds: 90 };
  expect(told(state({ store: null }), closed({ store: old, epoch: 2 }))).toMatchObject({ epoch: 3, site: "dc" });
  expect(leaseLine(told(closed({ store: null }))).en).toContain("nobody is seen to hold the lease");
});

test("a region without a witness says so in both languages", () => {
  const line = leaseLine(told(state({ witness: false, store: null, code: "weaker" })));
  expect(line.id).toContain("TANPA saksi");
  expect(line.en).toContain("WITHOUT a witness");
});

test("two open sites, doubt, and a store that is silent are warned of", () => {
  const both = leaseWarnings(told(state(), state({ site: "drc" })));
  expect(both[0]?.en).toBe("dc AND drc are BOTH open for writes");
  const doubted = leaseWarnings(told(closed({ code: "doubt-older", message: "the store says 2" })));
  expect(doubted[0]?.id).toBe(
    "drc/postgres-utama: epoch diragukan: tertutup sampai situs lain atau dua orang memastikannya (the store says 2)",
  );
  expect(leaseWarnings(told(state({ code: "leased-silent" })))).toHaveLength(1);
});

test("a guard's answer of another shape is a bug and no unknown", () => {
  expect(parseLease(JSON.stringify(state()))).toMatchObject({ epoch: 3, store: { holder: { site: "dc" } } });
  expect(() => parseLease(JSON.stringify({ ...state(), epoch: "3" }))).toThrow(/epoch/);
});
