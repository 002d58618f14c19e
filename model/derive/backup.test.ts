import { describe, expect, it } from "vitest";
import { deriveModel } from "../index.ts";
import { byId, labValues, loadAltered, problemsOf, valid } from "../testing/lab.ts";
import { backupPlan } from "./backup.ts";
import { type CopyFact, coverage } from "./backup-coverage.ts";
import { defaultMemoryMiB } from "./placement.ts";

// biome-ignore lint/suspicious/noExplicitAny: the lab's values are loosely typed
function withBackups(lab: any): void {
  lab.objectStore.buckets.push({
    id: "cadangan-lokasi",
    owner: "diskominfo",
    purpose: "Repositori cadangan",
    classification: "secret",
    lockDays: 14,
    copied: false,
  });
  lab.backup = {
    status: "running",
    bucket: "cadangan-lokasi",
    evidenceBucket: "bukti",
    policies: { zones: "harian", state: "harian", inventory: "harian", evidence: "arsip" },
  };
}

const lab = valid(loadAltered(withBackups));
const plan = backupPlan(lab);

describe("backupPlan", () => {
  it("has every server, upload, repository, bucket and the region's own things, each at both sites", () => {
    expect([...new Set(plan.targets.map(({ id }) => id))]).toEqual([
      "postgresql:utama",
      "mariadb:php",
      "application:server/simrs",
      "files:ppid",
      "files:pengetahuan",
      "repositories",
      "objects:arsip-lpse",
      "objects:data-terbuka",
      "zones",
      "state",
      "inventory",
      "evidence",
    ]);
    for (const { id } of plan.targets)
      expect(plan.targets.filter((one) => one.id === id).map(({ site }) => site)).toEqual(["dc", "drc"]);
    expect(plan.targets[0]).toEqual({
      id: "postgresql:utama",
      kind: "postgresql",
      site: "dc",
      policy: "basis-data",
      rpoSeconds: 300,
      engine: "pgbackrest",
    });
  });

  it("says of everything else why, in both languages, and whether that leaves data without a copy", () => {
    const told = new Map(plan.without.map((one) => [one.id, one]));
    expect(told.get("application:pengaduan")?.reason.en).toContain('database "pengaduan"');
    expect(told.get("application:sipd")?.reason.id).toContain("pemerintah pusat");
    expect(told.get("application:simda")?.reason.en).toBe("retired");
    expect(told.get("objects:cadangan-lokasi")?.holdsData).toBe(false);
    expect(told.get("objects:bukti")?.reason.en).toBe("backed up as evidence");
    expect(told.get("objects:cadangan")).toMatchObject({ holdsData: true });
    for (const { reason } of plan.without) expect(reason.id && reason.en).toBeTruthy();
  });

  it("forgets nothing: every server, application and bucket is a target or has a reason, never both", () => {
    const values = labValues();
    const covered = new Set(plan.targets.map(({ id }) => id));
    const excused = new Set(plan.without.map(({ id }) => id));
    expect([...covered].filter((id) => excused.has(id))).toEqual([]);
    const names = [
      // biome-ignore lint/suspicious/noExplicitAny: the lab's values are loosely typed
      ...values.databaseServers.map(({ id, engine }: any) =>
        engine === "external" ? `application:server/${id}` : `${engine}:${id}`,
      ),
      ...values.objectStore.buckets.map(({ id }: { id: string }) => `objects:${id}`),
    ];
    for (const name of names) expect([name, covered.has(name) || excused.has(name)]).toEqual([name, true]);
    for (const { id } of values.applications)
      expect([`files:${id}`, `application:${id}`].filter((one) => covered.has(one) || excused.has(one))).toHaveLength(
        1,
      );
  });

  it("counts what lost its policy as data without a copy", () => {
    const { without } = backupPlan(
      valid(
        loadAltered((lab) => {
          withBackups(lab);
          delete byId(lab.databaseServers, "php").backup;
          delete lab.backup.policies.zones;
        }),
      ),
    );
    expect(without.filter(({ holdsData }) => holdsData).map(({ id }) => id)).toEqual([
      "mariadb:php",
      "objects:cadangan",
      "zones",
    ]);
  });

  it("is part of the model only where backups run", () => {
    expect(deriveModel(lab).backup).toMatchObject({ workload: "backup", bucket: "cadangan-lokasi", lockDays: 14 });
    expect(deriveModel(lab).backup?.policies[0]).toMatchObject({ id: "basis-data", startsAtSeconds: 5400 });
    const without = loadAltered((lab) => {
      delete lab.backup;
    });
    expect(deriveModel(valid(without)).backup).toBeUndefined();
    const placed = deriveModel(lab).sites.map(({ workloads }) => workloads.find(({ kind }) => kind === "backup"));
    expect(placed.map((one) => [one?.address, one?.backboneAddress, one?.memoryBytes])).toEqual([
      ["10.91.0.18", "10.90.0.18", defaultMemoryMiB.backup * 1024 ** 2],
      ["10.92.0.18", "10.90.0.118", defaultMemoryMiB.backup * 1024 ** 2],
    ]);
  });
});

describe("coverage", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const sites = ["dc", "drc"];
  const facts = (newestAge: number, restorable?: boolean): CopyFact[] =>
    plan.targets.map(({ id, site }) => ({
      target: id,
      site,
      newest: ago(newestAge),
      oldest: ago(1e6),
      ...(restorable === undefined ? {} : { restorable }),
    }));
  const only = (fact: CopyFact) =>
    coverage("lab", plan, sites, [fact], now).items.find(
      ({ target, site }) => target === fact.target && site === fact.site,
    );

  it("counts a copy that is fresh and was restored, and the things without a policy as missing", () => {
    const told = coverage("lab", plan, sites, facts(200, true), now);
    expect(told).toMatchObject({ region: "lab", declared: 24, covered: 22, share: 22 / 24 });
    expect(told.items.filter(({ state }) => state !== "ok").map(({ target, state }) => [target, state])).toEqual([
      ["objects:cadangan", "missing"],
      ["objects:cadangan", "missing"],
    ]);
    expect(told.items[0]).toEqual({
      target: "postgresql:utama",
      kind: "postgresql",
      site: "dc",
      newestAge: 200,
      rpo: 300,
      oldest: ago(1e6),
      state: "ok",
      reason: null,
    });
    expect(told.without.every(({ holdsData }) => !holdsData)).toBe(true);
  });

  it("lists what others run apart, each thing once, and never in the share", () => {
    const id = "application:server/simrs";
    const told = coverage("lab", plan, sites, [], now);
    expect(told.items.some(({ target }) => target === id)).toBe(false);
    expect(told.elsewhere).toEqual([
      { target: id, reason: expect.objectContaining({ en: "run by others, who have not reported a copy" }) },
    ]);
    const some = coverage("lab", plan, sites, facts(200, true), now).elsewhere;
    expect(some).toEqual([
      {
        target: id,
        site: "dc",
        reason: expect.objectContaining({ en: `run by others; the newest copy that was reported: ${ago(200)}` }),
      },
    ]);
    const reason = { id: "tanpa", en: "without" };
    const unkept = {
      targets: [],
      without: [
        { id: "application:x", kind: "application", holdsData: true, reason },
        { id: "objects:y", kind: "objects", holdsData: true, reason },
      ],
    } as const;
    expect(coverage("lab", unkept, sites, [], now)).toMatchObject({
      declared: 2,
      covered: 0,
      elsewhere: [{ target: "application:x", reason }],
    });
  });

  it("never counts what is unknown", () => {
    const nothing = coverage("lab", plan, sites, [], now);
    expect(nothing).toMatchObject({ covered: 0, share: 0 });
    expect(new Set(nothing.items.map(({ state }) => state))).toEqual(new Set(["unknown", "missing"]));
    expect(coverage("lab", plan, sites, facts(200), now)).toMatchObject({ covered: 0, share: 0 });
    expect(coverage("lab", plan, sites, facts(-60, true), now)).toMatchObject({ covered: 0, share: 0 });
    expect(only({ target: "zones", site: "dc", newest: "yesterday", restorable: true })?.state).toBe("unknown");
    const unlisted = { id: "toko diam", en: "the store is silent" };
    expect(
      only({ target: "zones", site: "dc", newest: ago(1), oldest: ago(9), restorable: true, unlisted }),
    ).toMatchObject({ state: "unknown", newestAge: null, oldest: null, reason: unlisted });
  });

  it("tells late from missing, with the reason", () => {
    const late = only({ target: "postgresql:utama", site: "drc", newest: ago(301), restorable: true });
    expect(late).toMatchObject({ state: "late", newestAge: 301 });
    expect(late?.reason?.en).toBe("the newest copy is 301 seconds old, at most 300 are accepted");
    expect(only({ target: "postgresql:utama", site: "drc", newest: ago(300), restorable: true })?.state).toBe("ok");
    expect(only({ target: "zones", site: "dc" })?.state).toBe("missing");
    expect(only({ target: "zones", site: "dc", newest: ago(1), restorable: false })?.state).toBe("missing");
  });

  it("one site's copy does not stand for the other's", () => {
    const told = coverage(
      "lab",
      plan,
      sites,
      facts(200, true).filter(({ site }) => site === "dc"),
      now,
    );
    expect(told.covered).toBe(11);
  });

  it("a population of zero has no share", () => {
    expect(coverage("lab", { targets: [], without: [] }, sites, [], now).share).toBeNull();
  });
});

describe("rules of backups", () => {
  const codes = (alter: (lab: ReturnType<typeof labValues>) => void) =>
    problemsOf((lab) => {
      withBackups(lab);
      alter(lab);
    }).map(({ code, path }) => [code, path]);

  it("want a bucket that locks and that no other site copies", () => {
    expect(codes((lab) => (lab.backup.bucket = "data-terbuka"))).toEqual([
      ["backup-bucket-unfit", "backup.bucket"],
      ["backup-bucket-unfit", "backup.bucket"],
    ]);
    expect(codes((lab) => (lab.backup.bucket = "cadangam-lokasi"))).toEqual([
      ["backup-bucket-missing", "backup.bucket"],
    ]);
    expect(codes((lab) => (lab.backup.evidenceBucket = "cadangan-lokasi"))).toEqual([
      ["backup-bucket-unfit", "backup.bucket"],
    ]);
    expect(codes((lab) => (lab.objectStore.status = "planned"))).toEqual([["backup-without-store", "backup.status"]]);
  });

  it("want policies that are declared and intervals in order", () => {
    expect(codes((lab) => (lab.backup.policies.state = "harianx"))).toEqual([["undeclared", "backup.policies.state"]]);
    expect(codes((lab) => (lab.backupPolicies[0].differentialEverySeconds = 86_400))).toEqual([
      ["differential-interval", "backupPolicies[0].differentialEverySeconds"],
    ]);
  });
});
