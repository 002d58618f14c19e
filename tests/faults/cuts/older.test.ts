/** Witness and one site's member of the epoch store come back as they were an epoch ago: with real engines behind the guards nothing opens until people confirm. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, throughout } from "../../lab/support/eventually.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { handover } from "../ledger/handover.ts";
import { now } from "../region/client.ts";
import { GUARDED, PATIENCE, SITES } from "../region/sites.ts";
import { standing } from "../region/standing.ts";
import { RegionTrial } from "../region/trial.ts";

const trial = new RegionTrial();
const { guards } = trial;
/** Whose members are put back: with them an older majority. */
const RESTORED = ["witness", "dc"] as const;

beforeAll(async () => {
  await trial.raise();
  await trial.load();
  trial.clients.go();
}, 1_800_000);
afterAll(() => trial.fell(), 120_000);

it("an older majority opens nothing; people's word brings the site back that had the epoch", async () => {
  const from = now();
  expect(standing(trial)).toEqual({ active: "dc", epoch: 1 });
  for (const place of RESTORED) {
    await stopped(place, () => copy(place, "data", "older"));
    await eventually(`${place}'s member is back`, PATIENCE, async () => answers(place) || undefined);
  }
  await trial.isOpen("dc", 1);
  await trial.close("dc", 1);
  await trial.askFor("drc", 2);
  await trial.open("drc", 2);
  await trial.standsBy("dc");
  await eventually("epoch 2 is in the data of both sites", PATIENCE, async () => {
    for (const site of SITES)
      for (const engine of ENGINES)
        expect(guards.sql(site, engine, "select epoch from lumbung.epoch;").said, `${site}/${engine}`).toBe("2");
    return true;
  });

  for (const place of [...RESTORED, "drc"]) guards.docker("stop", "--time", "2", guards.name(place, "epoch"));
  for (const place of RESTORED) copy(place, "older", "data");
  for (const place of RESTORED) guards.docker("start", guards.name(place, "epoch"));

  const doubted = { state: "closed", code: "doubt-older", epoch: 2, epochSite: "drc" } as const;
  for (const site of SITES) for (const workload of GUARDED) await guards.until(site, workload, doubted, PATIENCE);
  const { ttl, margin } = trial.lease;
  const closedAt = now();
  await throughout(2 * (ttl + margin), () => {
    for (const site of SITES)
      for (const engine of ENGINES) expect(guards.takesWrites(site, engine), `${site}/${engine}`).toBe(false);
  });
  const confirmedAt = now();

  // Not below what the guards know, whoever says it.
  guards.order("dc", "gateway", { verb: "confirm", epoch: 1, site: "dc" });
  await throughout(ttl, () => expect(guards.state("dc", "gateway")).toMatchObject(doubted));

  for (const workload of GUARDED) guards.order("drc", workload, { verb: "confirm", epoch: 3, site: "drc" });
  await trial.isOpen("drc", 3);
  for (const engine of ENGINES) await guards.writes("drc", engine, true, PATIENCE);
  // A permit is void where it is not due yet: at the other site only once the store says what was confirmed.
  for (const workload of GUARDED) guards.order("dc", workload, { verb: "confirm", epoch: 3, site: "drc" });
  await trial.standsBy("dc");
  for (const workload of GUARDED)
    await guards.until("dc", workload, { state: "closed", code: "other-site", epoch: 3, epochSite: "drc" }, PATIENCE);

  const kept = await trial.clients.hold();
  for (const engine of ENGINES) {
    const attempts = kept[engine] ?? [];
    expect(handover({ from, to: now(), attempts }, "dc", "drc"), engine).toMatchObject({ lies: [] });
    const meanwhile = attempts.filter(
      ({ outcome, endedAt }) => outcome === "acknowledged" && endedAt > closedAt && endedAt < confirmedAt,
    );
    expect(meanwhile, `${engine}: acknowledged in doubt`).toEqual([]);
  }
}, 900_000);

const answers = (place: string): boolean =>
  /^answers, with a majority/.test(guards.exec(place, "epoch", ["/usr/local/lib/lumbung/health"]).said);

async function stopped(place: string, work: () => void): Promise<void> {
  guards.docker("stop", "--time", "2", guards.name(place, "epoch"));
  work();
  guards.docker("start", guards.name(place, "epoch"));
}

/** From one folder of a member's volume to another, while it is stopped. */
function copy(place: string, from: string, to: string): void {
  const name = guards.name(place, "epoch");
  const [image, user] = guards.docker("inspect", "--format", "{{.Config.Image}} {{.Config.User}}", name).split(" ");
  const script = `rm -rf "/members/${to}" && cp -a "/members/${from}" "/members/${to}"`;
  guards.docker(
    ...["run", "--rm", "--network", "none", "--user", user ?? "", "-v", `${name}-data:/members`],
    ...["--entrypoint", "sh", image ?? "", "-ec", script],
  );
}
