import { describe, expect, test } from "vitest";
import { Region } from "../testing/region.ts";
import { type Looking, preflightOf, type Surroundings } from "./preflight.ts";

const DAY = 86_400;
const at = (seconds: number): string => new Date(Date.parse("2026-03-01T03:00:05.000Z") - seconds * 1000).toISOString();

const around: Surroundings = {
  drills: [{ target: "postgresql:utama", passedAt: at(DAY) }],
  drillEverySeconds: 7 * DAY,
  backups: [{ target: "postgresql:utama", newestAt: at(3600), rpoSeconds: DAY }],
  certificates: [{ name: "drc/gateway", expires: at(-90 * DAY) }],
  copies: [{ id: "files:ppid", completeAt: at(300), rpoSeconds: 900 }],
  capacity: { neededBytes: 4, availableBytes: 8 },
};

function looking(more: Partial<Surroundings> = {}, region = new Region()): Looking {
  return { declared: region.declared(), seen: region.seen("drc"), to: "drc", around: { ...around, ...more } };
}
const itemOf = (one: Looking, id: string) => preflightOf(one).items.find((item) => item.id === id);

describe("preflight", () => {
  test("a region that is well is ready, and says what a takeover would lose", () => {
    const { score, state, loss } = preflightOf(looking());
    expect([score, state]).toEqual([100, "ready"]);
    expect(loss.find(({ target }) => target === "files:ppid")).toEqual({ target: "files:ppid", seconds: 300 });
    expect(loss.find(({ target }) => target === "postgresql:utama")?.seconds).toBeLessThan(2);
  });

  test("where no copies are declared none can be late", () => {
    expect(itemOf(looking({ copies: [] }), "copies")?.verdict).toBe("good");
  });

  test("with sync that is followed nothing would be lost", () => {
    expect(preflightOf(looking({}, new Region({ sync: true }))).loss[0]).toEqual({
      target: "postgresql:utama",
      seconds: 0,
    });
  });

  test("with sync that people relaxed something would, however near the standby is", () => {
    const region = new Region({ sync: true });
    region.server("dc", "postgresql:utama").waits = false;
    expect(itemOf(looking({}, region), "lag")).toMatchObject({
      verdict: "bad",
      reason: { id: expect.stringContaining("dilonggarkan"), en: expect.stringContaining("sync is relaxed") },
    });
    expect(preflightOf(looking({}, region)).state).toBe("doubtful");
  });

  test("what is not known is unknown, never good", () => {
    const region = new Region();
    region.cut.add("dc|drc");
    region.advance(400);
    const seen = preflightOf(looking({}, region));
    expect(seen.state).toBe("not-ready");
    expect(itemOf(looking({}, region), "versions")?.verdict).toBe("unknown");
    expect(itemOf(looking({}, region), "data")?.verdict).toBe("bad");
    expect(itemOf(looking({}, region), "lag")).toMatchObject({
      verdict: "bad",
      reason: { en: expect.stringContaining("400") },
    });
    expect(
      itemOf(looking({ copies: [{ id: "files:ppid", completeAt: null, rpoSeconds: 900 }] }), "copies")?.verdict,
    ).toBe("unknown");
    expect(itemOf(looking({ backups: [] }), "backups")?.verdict).toBe("unknown");
    expect(itemOf(looking({ capacity: null }), "capacity")?.verdict).toBe("unknown");
  });

  test.each([
    ["drills", { drills: [{ target: "mariadb:php", passedAt: null }] }, "bad"],
    ["drills", { drillEverySeconds: null }, "warning"],
    ["backups", { backups: [{ target: "zones", newestAt: at(3 * DAY), rpoSeconds: DAY }] }, "bad"],
    ["certificates", { certificates: [{ name: "drc/dns", expires: at(-3 * DAY) }] }, "warning"],
    ["certificates", { certificates: [{ name: "drc/dns", expires: at(1) }] }, "bad"],
    ["capacity", { capacity: { neededBytes: 9, availableBytes: 8 } }, "bad"],
    ["capacity", { capacity: { neededBytes: 95, availableBytes: 100 } }, "warning"],
  ] as const)("%s %o: %s", (id, more, verdict) => {
    expect(itemOf(looking(more), id)?.verdict).toBe(verdict);
    expect(preflightOf(looking(more)).state).toBe("doubtful");
  });

  test("without a witness, and with one that is silent", () => {
    expect(itemOf(looking({}, new Region({ witness: false })), "epoch")?.verdict).toBe("warning");
    const cut = new Region();
    cut.isolate("drc");
    expect(itemOf(looking({}, cut), "epoch")?.verdict).toBe("bad");
  });

  test("name servers that say different addresses", () => {
    const region = new Region();
    region.sites.drc.names.addresses = ["198.51.100.129"];
    expect(itemOf(looking({}, region), "names")?.verdict).toBe("bad");
    expect(preflightOf(looking({}, region)).state).toBe("not-ready");
  });
});
