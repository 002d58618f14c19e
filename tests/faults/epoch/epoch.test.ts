/** The epoch store and the lease against bad luck: three real members, a keeper at each of two sites, in containers apart from the lab. */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureImages } from "../../../io/images.ts";
import { eventually, throughout } from "../../lab/support/eventually.ts";
import { seeded } from "../../seeded.ts";
import { EpochStand, type PlaceId, type SiteId, standModel } from "./epoch-stand.ts";

const SEED = Number(process.env.LUMBUNG_SEED ?? randomInt(1, 2 ** 31));
const ROUNDS = Number(process.env.LUMBUNG_ROUNDS ?? 6);
const MEMBERS: readonly PlaceId[] = ["witness", "dc", "drc"];
/** The lease, what an election adds to it, a wait as long again before a lease is taken anew, and a machine that is busy. */
const PATIENCE = 90;
let stand: EpochStand;

beforeAll(async () => {
  const images = await ensureImages(["etcd", "postgres"], {
    progress: ({ text }) => process.stderr.write(`${text.en}\n`),
  });
  stand = new EpochStand(await standModel(), { etcd: images.etcd ?? "", postgres: images.postgres ?? "" });
  await stand.raise();
}, 900_000);
afterAll(() => stand.fell(), 120_000);

/** What must hold at every moment. @throws where both sites are open. */
function alone(): void {
  const open = (["dc", "drc"] as const).filter((id) => stand.isOpen(id));
  if (open.length > 1)
    throw new Error(`both sites are open: ${JSON.stringify(open.map((id) => [id, stand.lease(id)]))}`);
}

const active = (): SiteId | undefined => (["dc", "drc"] as const).find((id) => stand.isOpen(id));
const other = (id: SiteId): SiteId => (id === "dc" ? "drc" : "dc");

it("opens nothing before it is founded, and then the primary alone", { timeout: 120_000 }, async () => {
  await stand.leaseIs("dc", { code: "not-founded" }, PATIENCE);
  stand.permit("drc", "found");
  await stand.leaseIs("drc", { code: "not-founded" }, PATIENCE);
  stand.permit("dc", "found");
  await stand.leaseIs("dc", { code: "leased", epoch: 1, site: "dc" }, 20);
  await stand.leaseIs("drc", { code: "other-site", epoch: 1, site: "dc" }, 20);
});

it("answers certificates of the region alone; members speak with members alone", () => {
  const witness = "https://epoch.witness.lab.internal";
  const ask = (url: string, ...shown: string[]) =>
    stand.exec("dc", [
      ...["curl", "--silent", "--show-error", "--max-time", "5", "--noproxy", "*"],
      ...["--cacert", "/config/current/tls/ca.crt", ...shown, url],
    ]);
  const own = ["--cert", "/config/current/tls/server.crt", "--key", "/config/current/tls/server.key"];
  expect(ask(`${witness}:2379/health`, ...own)).toMatchObject({ code: 0, said: expect.stringContaining("true") });
  expect(ask(`${witness}:2379/health`).code).not.toBe(0);
  expect(ask(`${witness}:2380/version`, ...own).said).toMatch(/alert|certificate|reset|closed/i);
  expect(ask(`${witness}:2380/version`, ...own).code).not.toBe(0);
});

it("stays open while any one member is away, its leader too", { timeout: 300_000 }, async () => {
  for (const id of MEMBERS) {
    stand.docker(["pause", stand.member(id)]);
    await throughout(20, () => expect(stand.isOpen("dc"), `${id} is frozen`).toBe(true));
    stand.docker(["unpause", stand.member(id)]);
    await eventually(`${id} is back`, 30, async () => memberIsWell(id) || undefined);
  }
});

it("closes without a majority, opens nothing meanwhile, and comes back by itself", { timeout: 300_000 }, async () => {
  for (const id of ["witness", "drc"] as const) stand.docker(["stop", "--time", "2", stand.member(id)]);
  await eventually("dc is closed", 30, async () => !stand.isOpen("dc") || undefined);
  expect(stand.promote("drc", 3).code).toBe(2);
  await throughout(10, () => expect(active()).toBeUndefined());
  for (const id of ["witness", "drc"] as const) stand.docker(["start", stand.member(id)]);
  await stand.leaseIs("dc", { code: "leased", epoch: 1 }, PATIENCE);
});

it(`never has two sites open, whatever is frozen, stopped and promoted (LUMBUNG_SEED=${SEED})`, {
  timeout: ROUNDS * 240_000,
}, async () => {
  process.stderr.write(`LUMBUNG_SEED=${SEED}\n`);
  const chance = seeded(SEED);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;
  for (let round = 0; round < ROUNDS; round += 1) {
    await eventually("one site is active", PATIENCE, async () => active());
    const site = active() ?? "dc";
    const epoch = stand.lease(site)?.epoch ?? 0;
    const [stop, back] = pick([["pause", "unpause"] as const, ["stop", "start"] as const]);
    const [member, without] = [pick(MEMBERS), chance() < 0.5];
    process.stderr.write(
      `round ${round}: ${site} in epoch ${epoch}: ${stop} its keeper${without ? `, ${member}` : ""}\n`,
    );
    if (without) stand.docker([stop, stand.member(member)]);
    stand.docker([stop, stand.keeper(site)]);
    const promoted = stand.promote(other(site), 60);
    expect(promoted, promoted.said).toMatchObject({ code: 0 });
    alone();
    if (without) stand.docker([back, stand.member(member)]);
    if (chance() < 0.5) await throughout(3, alone);
    // What wakes up must find out, not go on.
    stand.docker([back, stand.keeper(site)]);
    await throughout(8, alone);
    await stand.leaseIs(other(site), { code: "leased", epoch: epoch + 1 }, PATIENCE);
    await stand.leaseIs(site, { code: "other-site", epoch: epoch + 1 }, PATIENCE);
  }
});

it("doubts a majority that was put back from a copy, until people confirm", { timeout: 600_000 }, async () => {
  await eventually("one site is active", PATIENCE, async () => active());
  const [site, epoch] = [active() ?? "dc", stand.lease(active() ?? "dc")?.epoch ?? 0];
  const restored = ["witness", site] as const;
  each(MEMBERS, (id) => stand.docker(["stop", "--time", "2", stand.member(id)]));
  for (const id of restored) stand.copyData(id, "data", "older");
  each(MEMBERS, (id) => stand.docker(["start", stand.member(id)]));
  await stand.leaseIs(site, { code: "leased", epoch }, PATIENCE);
  stand.docker(["stop", "--time", "2", stand.keeper(site)]);
  expect(stand.promote(other(site), 60)).toMatchObject({ code: 0 });
  await stand.leaseIs(other(site), { code: "leased", epoch: epoch + 1 }, PATIENCE);

  each(MEMBERS, (id) => stand.docker(["stop", "--time", "2", stand.member(id)]));
  for (const id of restored) stand.copyData(id, "older", "data");
  each(restored, (id) => stand.docker(["start", stand.member(id)]));
  await stand.leaseIs(other(site), { code: "doubt-older" }, PATIENCE);
  await throughout(25, () => expect(stand.isOpen(other(site))).toBe(false));

  stand.permit(other(site), `confirm ${epoch + 2} ${other(site)}`);
  await stand.leaseIs(other(site), { code: "leased", epoch: epoch + 2 }, PATIENCE);
  stand.docker(["start", stand.keeper(site)]);
  await stand.leaseIs(site, { state: "closed", deadline: 0 }, 30);
});

const each = <T>(all: readonly T[], work: (one: T) => unknown): void => all.forEach((one) => void work(one));

const memberIsWell = (id: PlaceId): boolean =>
  stand.docker(["exec", stand.member(id), "/usr/local/lib/lumbung/health"]).startsWith("answers, with a majority");
