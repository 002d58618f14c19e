import { describe, expect, test } from "vitest";
import { parseJournal } from "./engine/journal.ts";
import { failover } from "./failover/plan.ts";
import { measuredOf } from "./measure.ts";
import { switchover } from "./switchover/plan.ts";
import { lifeOf, live } from "./testing/lives.ts";
import { type Options, Region } from "./testing/region.ts";

interface Story {
  readonly cutSeconds?: number;
  /** When commits that are to wait no longer do. Default: never. */
  readonly relaxed?: "before the cut" | "unseen";
}

async function failedOver(options: Partial<Options> = {}, { cutSeconds = 30, relaxed }: Story = {}) {
  const region = new Region(options);
  const relax = (): void => {
    region.server("dc", "postgresql:utama").waits = false;
  };
  if (relaxed === "before the cut") relax();
  region.advance(5);
  // For so long the standby gets nothing; then the active site is gone.
  region.cut.add("dc|drc");
  if (relaxed === "unseen") relax();
  region.advance(cutSeconds);
  region.stop("dc");
  region.cut.clear();
  const life = lifeOf(region, failover, "drc", "drc");
  await live(life);
  return measuredOf(parseJournal(life.disk.text).events);
}

describe("what a run measured", () => {
  test("a switchover: nothing lost, as the last write was seen at the other site", async () => {
    const life = lifeOf(new Region(), switchover, "drc", "drc");
    await live(life);
    const { lost, targets, writesStoppedSeconds, epochAfter, proofs } = measuredOf(parseJournal(life.disk.text).events);
    expect(lost).toEqual([
      { target: "postgresql:utama", rows: 0, seconds: 0 },
      { target: "mariadb:php", rows: 0, seconds: 0 },
    ]);
    expect(epochAfter).toBe(8);
    expect(writesStoppedSeconds).toBeGreaterThan(0);
    expect(targets[0]?.rto.measuredSeconds).toBe(writesStoppedSeconds);
    // Nothing waits for a lease that is given back; names are told apart from all that.
    expect(measuredOf(parseJournal(life.disk.text).events)).toMatchObject({
      leaseWaitSeconds: null,
      names: {
        ttlSeconds: 60,
        serials: [
          { site: "drc", before: 1000, after: 1001 },
          { site: "dc", before: 1000, after: 1001 },
        ],
      },
    });
    expect(proofs).toMatchObject([
      { target: "postgresql:utama", row: "lumbung.epoch = 8", through: null },
      { target: "mariadb:php", row: "lumbung.epoch = 8", through: null },
    ]);
  });

  test("a failover: at most what the standby lacked until the old site was surely closed", async () => {
    const { lost, targets, names, leaseWaitSeconds, writesStoppedSeconds } = await failedOver();
    expect(leaseWaitSeconds).toBeGreaterThan(0);
    expect(leaseWaitSeconds).toBeLessThan(writesStoppedSeconds ?? 0);
    const cachesFor = (Date.parse(names?.cachesUntil ?? "") - Date.parse(names?.movedAt ?? "")) / 1000;
    expect([names?.ttlSeconds, cachesFor]).toEqual([60, 60]);
    expect(names?.serials).toEqual([
      { site: "drc", before: 1000, after: 1001 },
      { site: "dc", before: null, after: null },
    ]);
    expect(lost?.[0]?.rows).toBeNull();
    expect(lost?.[0]?.seconds).toBeGreaterThan(30);
    expect(lost?.[0]?.seconds).toBeLessThan(50);
    expect(targets[0]?.rpo).toEqual({ declaredSeconds: 300, measuredSeconds: lost?.[0]?.seconds });
  });

  test("with sync that was in force nothing; where nobody knows whether it was, not nothing", async () => {
    expect((await failedOver({ sync: true })).lost?.[0]).toEqual({ target: "postgresql:utama", rows: 0, seconds: 0 });
  });

  test("with sync that was seen to be relaxed: not nothing, for that server", async () => {
    const { lost } = await failedOver({ sync: true }, { relaxed: "before the cut" });
    expect(lost).toMatchObject([{ rows: null }, { rows: 0 }]);
    expect(lost?.[0]?.seconds).toBeGreaterThan(30);
  });

  test("with sync that people may have relaxed while nobody here saw it: not nothing", async () => {
    const { lost } = await failedOver({ sync: true }, { cutSeconds: 300, relaxed: "unseen" });
    for (const { rows, seconds } of lost ?? []) {
      expect(rows).toBeNull();
      expect(seconds).toBeGreaterThan(300);
    }
    expect(lost).toHaveLength(2);
  });

  test("names: what was there before is what caches hold, also where the new record may be kept for less", async () => {
    const region = new Region();
    region.sites.dc.names.ttlSeconds = 3600;
    const life = lifeOf(region, switchover, "drc", "drc");
    await live(life);
    const { names } = measuredOf(parseJournal(life.disk.text).events);
    expect(names?.ttlSeconds).toBe(3600);
  });

  test("a run that was stopped before the takeover: nothing is known of a loss, and the epoch is as before", async () => {
    const region = new Region();
    region.stop("dc");
    const life = lifeOf(region, failover, "drc", "drc");
    await live(life, undefined, "fence");
    expect(measuredOf(parseJournal(life.disk.text).events)).toMatchObject({
      ...{ epochAfter: 7, writesStoppedSeconds: null, lost: null, proofs: null, names: null },
      targets: [{ rpo: { measuredSeconds: null } }, {}],
    });
  });
});
