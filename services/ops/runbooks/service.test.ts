/** Runbooks in `ops`, over a region in memory and a signer on loopback. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SiteSecrets } from "../../../custody/types.ts";
import type { LeaseState } from "../../../model/lease.ts";
import { type Holder, holder, signedBy } from "../../../runbooks/engine/testing/signed.ts";
import { Killer } from "../../../runbooks/engine/testing/world.ts";
import type { Preflight } from "../../../runbooks/preflight/preflight.ts";
import { portsOf, Region } from "../../../runbooks/testing/region.ts";
import { FakeSigner, leaf, siteSecrets } from "../jobs/testing/site.ts";
import { type RegionPorts, type RunbooksFiles, type RunbooksService, startRunbooks } from "./service.ts";
import type { BegunView, PlanView, RunView } from "./views.ts";

const [head, secretary, engineer] = [
  holder("kepala-diskominfo"),
  holder("penyetuju-peralihan"),
  holder("kepala-infrastruktur", ["approve"]),
] as [Holder, Holder, Holder];

let secrets: SiteSecrets;
beforeAll(async () => {
  secrets = await siteSecrets();
});

let folder: string;
let signer: FakeSigner;
let region: Region;
let service: RunbooksService;
let files: RunbooksFiles;
/** Changes what the ports do. */
let through: (ports: RegionPorts) => RegionPorts;
const log = { info: () => {}, warn: () => {}, error: () => {} } as never;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ops-runbooks-"));
  signer = new FakeSigner(secrets, await leaf(secrets, "signer"));
  region = new Region();
  through = (ports) => ports;
  const own = await leaf(secrets, "ops");
  files = {
    config: {
      ...{ region: "lab", site: "drc" },
      runbooks: {
        declared: region.declared(),
        roster: [head.entry, secretary.entry, engineer.entry],
        printed: { name: "Kabupaten Contoh", government: "Pemerintah Contoh", timezone: "Asia/Jakarta" },
        signer: await signer.fake.listen(),
        commit: "5f5b72f",
        ...{
          guards: [],
          copiers: [],
          names: [],
          publicHost: "contoh.go.id",
          capacity: { neededBytes: 1, availableBytes: 2 },
        },
      },
    },
    tls: { ca: secrets.authority.root, cert: own.chain, key: own.key, minVersion: "TLSv1.3" },
  } as unknown as RunbooksFiles;
  service = await started();
});
afterEach(async () => {
  await service.close();
  signer.fake.close();
  await rm(folder, { recursive: true });
});

/** The guards' word on the epoch, as the region has it. */
const saidBy = (): LeaseState[] => {
  const { epoch, site, holder: held } = region.store;
  const store = region.hasMajority("drc")
    ? {
        ...{ epoch, site, holder: held ? { epoch, site: held.site } : null },
        ...{ revision: 1, term: 1, agoSeconds: 0, absentSeconds: null },
      }
    : null;
  return [{ epoch, epochSite: site, known: [], store }] as unknown as LeaseState[];
};

function started(): Promise<RunbooksService> {
  return startRunbooks(() => files, {
    clock: { now: () => region.now(), monotonicMs: () => region.time * 1000 },
    ...{ log, folder, lock: join(folder, "lock") },
    around: (copies) => ({
      ...{ drills: [], drillEverySeconds: null, backups: [], certificates: [], capacity: null },
      copies: copies.map(({ id, completeAt }) => ({ id, completeAt, rpoSeconds: 900 })),
    }),
    ports: () => {
      const states = async () => new Map(saidBy().map((state) => [{} as never, state]));
      const ports = portsOf(region, "drc", new Killer());
      return through({ ...ports, guards: { states } as never });
    },
  });
}

const plan = (runbook = "switchover", more: object = {}) =>
  service.order({ verb: "plan", runbook, ...more }) as Promise<PlanView>;
const approve = (view: PlanView, ...who: readonly Holder[]) =>
  who.reduce(
    (before, one) =>
      before.then(() => {
        const approval = signedBy(one, view.plan, { now: region.now() }).toString("base64");
        return service.order({ verb: "approve", approval });
      }),
    Promise.resolve<unknown>(undefined),
  ) as Promise<PlanView>;
const begin = ({ digest }: PlanView) => service.order({ verb: "begin", plan: digest }) as Promise<BegunView>;

function gateClosed(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

async function over(run: string): Promise<RunView> {
  for (;;) {
    const view = await service.show(run);
    if (!view.running) return view;
    await pause(5);
  }
}

describe("a runbook in ops", () => {
  test("is planned, approved, carried out, reported and signed", async () => {
    const view = await plan();
    expect(view).toMatchObject({ needed: 1, approvedBy: [], plan: { runbook: "switchover", epoch: 7 } });
    await expect(begin(view)).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining("needed: 1") });
    expect((await approve(view, engineer)).approvedBy).toEqual(["kepala-infrastruktur"]);
    const { run } = await begin(view);
    const done = await over(run);
    expect(done.report).toMatchObject({ result: "succeeded", epochBefore: 7, epochAfter: 8 });
    expect(done.seen.sites).toEqual([
      { id: "dc", state: "standby" },
      { id: "drc", state: "active" },
    ]);
    await service.send();
    expect(signer.signed).toMatchObject([{ kind: "run", commit: "5f5b72f" }]);
    expect((await service.show(run)).evidence).toEqual({ id: "dc-x/1", digest: "d".repeat(64) });
    const { items, waiting } = await service.list();
    expect(items).toMatchObject([{ id: run, result: "succeeded", evidence: "dc-x/1", rpo: 0 }]);
    expect(waiting).toEqual([]);
    expect(region.violations).toEqual([]);
  });

  test("an approval that does not count is refused with every reason, and is not kept", async () => {
    const view = await plan();
    const stranger = holder("kepala-diskominfo");
    await expect(approve(view, stranger)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("roster"),
    });
    await expect(approve({ ...view, plan: { ...view.plan, epoch: 6 } }, head)).rejects.toThrow(/another (plan|epoch)/);
    expect((await service.list()).waiting).toMatchObject([{ approvedBy: [] }]);
  });

  test("an override needs two roles that may", async () => {
    region.stop("dc");
    region.witnessUp = false;
    const view = await plan("failover");
    expect(view).toMatchObject({ needed: 2, plan: { needs: "override" } });
    await expect(approve(view, engineer)).rejects.toThrow(/may not approve/);
    await approve(view, head);
    await expect(approve(view, head)).rejects.toThrow(/approved already/);
    await expect(begin(view)).rejects.toMatchObject({ exitCode: 4 });
    await approve(view, secretary);
    expect((await over((await begin(view)).run)).report.result).toBe("succeeded");
  });

  test("a step that fails is shown with what to do, and the run goes on when it is resumed", async () => {
    let broken = true;
    through = (ports) => ({
      ...ports,
      names: {
        ...ports.names,
        set: async (site, addresses) => {
          if (broken) throw new Error("server nama mati");
          return ports.names.set(site, addresses);
        },
      },
    });
    const view = await plan();
    await approve(view, head);
    const { run } = await begin(view);
    const failed = await over(run);
    expect(failed.report).toMatchObject({ result: "failed", failure: { step: "move-names" } });
    await service.send();
    // It is over for now: that is told to the signer, too.
    expect(signer.signed).toHaveLength(1);
    const next = await plan("failback", { to: "dc" }).catch((error: Error) => error.message);
    expect(next).not.toContain("is no runbook");
    broken = false;
    await service.order({ verb: "resume", run });
    expect((await over(run)).report.result).toBe("succeeded");
    await service.send();
    expect(signer.signed).toHaveLength(2);
  });

  test("one that ends while whoever asks looks at the region counts as running, and is told whole the next time", async () => {
    const [moves, looks] = [gateClosed(), gateClosed()];
    let looking = false;
    through = (ports) => ({
      ...ports,
      names: {
        ...ports.names,
        set: async (site, addresses) => {
          await moves.passed;
          return ports.names.set(site, addresses);
        },
      },
      sites: {
        ...ports.sites,
        reachable: async (site) => {
          if (looking) await looks.passed;
          return ports.sites.reachable(site);
        },
      },
    });
    const view = await plan();
    await approve(view, head);
    const { run } = await begin(view);
    looking = true;
    const shown = service.show(run);
    while ((await service.list()).items[0]?.result === "running") {
      moves.open();
      await pause(5);
    }
    looks.open();
    expect((await shown).running).toBe(true);
    expect(await over(run)).toMatchObject({ running: false, report: { result: "succeeded" } });
  });

  test("another process finds the run that the last one left, and goes on", async () => {
    let reached = () => {};
    let end = (_: Error) => {};
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    through = (ports) => ({
      ...ports,
      names: {
        ...ports.names,
        // From here on that process does nothing any more.
        set: () => {
          reached();
          return new Promise((_, reject) => {
            end = reject;
          });
        },
      },
    });
    const view = await plan();
    await approve(view, head);
    const { run: name } = await begin(view);
    await there;
    await service.close();
    // Its container went, and the lock with it.
    await rm(join(folder, "lock"));
    through = (ports) => ports;
    service = await started();
    expect((await service.list()).items).toMatchObject([{ id: name, result: "interrupted" }]);
    await service.order({ verb: "resume", run: name });
    expect((await over(name)).report.result).toBe("succeeded");
    // So that the dead one lets go of its file.
    end(new Error("killed"));
    await pause(20);
  });

  test("is paused between two steps, skipped where that may be, aborted before the point of no return", async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    through = (ports) => ({
      ...ports,
      copies: {
        ...ports.copies,
        round: async (site) => {
          await opened;
          return ports.copies.round(site);
        },
      },
    });
    const view = await plan();
    await approve(view, head);
    const { run } = await begin(view);
    while ((await service.show(run)).report.steps.find(({ id }) => id === "copy-before")?.outcome !== "begun")
      await pause(5);
    await service.order({ verb: "pause", run });
    open();
    expect((await over(run)).report.result).toBe("interrupted");
    await expect(service.order({ verb: "pause", run })).rejects.toMatchObject({ exitCode: 4 });
    const decided = { reason: "tidak jadi", by: "kepala-infrastruktur" };
    await expect(service.order({ verb: "skip", run, step: "near-by", ...decided })).rejects.toMatchObject({
      exitCode: 4,
    });
    await service.order({ verb: "abort", run, ...decided });
    expect((await over(run)).report).toMatchObject({ result: "aborted", abort: decided });
    expect(region.takesWrites("dc", "postgresql:utama")).toBe(true);
  });

  test("is refused at the wrong site, by a wrong name, for a wrong site, and where it is not called for", async () => {
    await expect(plan("recovery-lost", { to: "dc" })).rejects.toMatchObject({ exitCode: 4 });
    await expect(plan("takeover")).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("switchover"),
    });
    await expect(plan("switchover", { to: "mars" })).rejects.toMatchObject({ exitCode: 2 });
    await expect(plan("failover")).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("switchover"),
    });
    await expect(service.show("switchover-20260301t030000000z")).rejects.toMatchObject({ exitCode: 2 });
  });

  test("a store that was away takes the region's epoch up", async () => {
    region.sites.drc.copies.epoch = 3;
    await service.look();
    expect(region.sites.drc.copies.epoch).toBe(7);
  });

  test("preflight tells of the site that would take over", async () => {
    expect(await service.order({ verb: "preflight" })).toMatchObject({ to: "drc", state: "doubtful" });
    const { loss } = (await service.order({ verb: "preflight" })) as Preflight;
    expect(loss.find(({ target }) => target === "files:ppid")?.seconds).toBeGreaterThan(0);
    await expect(service.order({ verb: "preflight", to: "mars" })).rejects.toMatchObject({ exitCode: 2 });
    await service.look();
    expect(service.remark()).toBeUndefined();
    region.cut.add("dc|drc");
    region.advance(5);
    await service.look();
    expect(service.remark()).toMatch(/^NOT READY TO TAKE OVER: data/);
  });
});
