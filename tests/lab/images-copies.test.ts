/** The object store's copier as runbooks ask and tell it: two stores, a gateway that says what it is told, and epochs one after the other. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureImages } from "../../io/images.ts";
import { COPIES_PORT, type CopyOrder, type CopyState } from "../../model/copies.ts";
import { type Answer, call } from "../../services/ops/jobs/call.ts";
import { eventually } from "./support/eventually.ts";
import { askStore, clientOf, history, identityOf, put, storeAt } from "./support/objects.ts";
import * as stand from "./support/objects-stand.ts";

/** So long that no round begins by itself while this is tried. */
const RPO_SECONDS = 7200;
const BUCKET = "data-terbuka";
let two: stand.Stand;
let epoch = 1;

beforeAll(async () => {
  const { objects } = await ensureImages(["objects"], { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
  const model = await stand.standModel([{ id: BUCKET, rpoSeconds: RPO_SECONDS }]);
  two = { model, secrets: await stand.standSecrets(model), image: objects ?? "", generation: 0 };
  stand.raise(two);
  stand.role("dc", "active");
  stand.role("drc", "standby");
  stand.start(two, "dc", { permit: "found" });
  stand.start(two, "drc");
  await stand.untilHealth("dc", /^active, epoch 1/);
  // The first by itself may have asked before the other store knew that its site is active: the next would be after a third of the RPO.
  await stand.untilHealth("drc", /standby, epoch 1/);
  await round("drc");
  await stand.untilHealth("drc", /^standby, epoch 1.*copies from dc/);
}, 600_000);
afterAll(() => stand.fell());

const at = (site: string) => storeAt(stand.siteIn(two, site), stand.secretsIn(two, site));
const as = (site: string, use: string) =>
  clientOf(at(site), identityOf(stand.secretsIn(two, site), `${BUCKET}/${use}`, epoch));
const told = (site: string, object: string) => history(as(site, "read"), BUCKET, object);

/** Asks a site's door with the certificate of a workload of the recovery site. */
function ask(site: string, order?: CopyOrder, who = "ops"): Promise<Answer> {
  const { address, hostName, ca } = at(site);
  const { chain, key } = stand.secretsIn(two, "drc").certificates[who] ?? { chain: "", key: "" };
  const body = order === undefined ? {} : { body: JSON.stringify(order) };
  const question = {
    method: order ? ("POST" as const) : ("GET" as const),
    path: "/copies",
    timeoutSeconds: 30,
    ...body,
  };
  return call({ host: hostName, address, port: COPIES_PORT }, { ca, cert: chain, key }, question);
}

async function seen(site: string): Promise<CopyState> {
  const { status, text } = await ask(site);
  expect(status).toBe(200);
  const [copy] = JSON.parse(text) as CopyState[];
  if (copy === undefined) throw new Error(`${site}: no copy`);
  return copy;
}

/** Orders a round, and waits until a whole one that began after the order is told. Returns how long that took, in milliseconds. */
async function round(site: string): Promise<number> {
  const ordered = Date.now();
  expect((await ask(site, { verb: "round" })).status).toBe(202);
  await eventually(`a round at ${site}`, 20, async () => {
    const { completeAt } = await seen(site);
    return completeAt !== null && Date.parse(completeAt) >= ordered ? true : undefined;
  });
  return Date.now() - ordered;
}

/** Until a site takes nothing more: an S3 client then waits and asks again (503), ours once. */
const untilClosing = (site: string, object: string) =>
  eventually(`${site} closing`, 20, async () => {
    const asked = askStore(as(site, "write"), { method: "PUT", bucket: BUCKET, object, body: "x" });
    const refusal = await asked.then(() => "").catch((error: Error) => error.message);
    return refusal.includes("503") ? true : undefined;
  });

describe("the copier's door", () => {
  it("tells everybody of the region how old the copy is, and takes orders from ops alone", async () => {
    const state = await seen("drc");
    expect(state).toMatchObject({ id: `objects:${BUCKET}`, epoch: 1 });
    expect(Date.now() - Date.parse(state.completeAt ?? "")).toBeLessThan(120_000);
    expect((await ask("drc", undefined, "web")).status).toBe(200);
    for (const order of [{ verb: "round" }, { verb: "raise", epoch: 2 }] as const) {
      const refused = await ask("drc", order, "web");
      expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, "not-ops"]);
    }
    expect((await seen("drc")).epoch).toBe(1);
    // Without a certificate of the region there is no answer at all.
    const { address, hostName, ca } = at("drc");
    const stranger = call({ host: hostName, address, port: COPIES_PORT }, { ca }, { method: "GET", path: "/copies" });
    await expect(stranger).rejects.toThrow(/objects\.drc/);
  });

  it("a round begins when it is ordered, and not before", async () => {
    await put(as("dc", "write"), BUCKET, "pesan", "satu");
    const { completeAt } = await seen("drc");
    await pause(8000);
    expect((await seen("drc")).completeAt).toBe(completeAt);
    expect(await told("drc", "pesan")).toEqual([]);
    const took = await round("drc");
    process.stderr.write(`a round by order: ${took} ms\n`);
    expect(await told("drc", "pesan")).toEqual(["satu"]);
    expect(took).toBeLessThan(8000);
  });
});

describe("a site that is closing", () => {
  it("gives its last copies and takes nothing more from users, and no two sites copy from each other", async () => {
    await put(as("dc", "write"), BUCKET, "terakhir", "satu");
    stand.role("dc", "closing");
    await untilClosing("dc", "lambat");
    const took = await round("drc");
    process.stderr.write(`the last round: ${took} ms\n`);
    expect(await told("drc", "terakhir")).toEqual(["satu"]);
    // The one that is closing takes none, whatever the other one is.
    const { completeAt } = await seen("dc");
    for (const other of ["active", "standby"] as const) {
      stand.role("drc", other);
      expect((await ask("dc", { verb: "round" })).status).toBe(202);
      await pause(5000);
      const { said } = stand.inStore("dc", ["cat", "/run/lumbung/keeper.json"]);
      expect(said).toContain("this site is closing: it copies from nowhere");
      expect((await seen("dc")).completeAt).toBe(completeAt);
    }
    // Two that stand by give nothing, once the one that was closing knows that it stands by.
    stand.role("dc", "standby");
    const after = async (milliseconds: number) => {
      const { completeAt: at } = await seen("drc");
      await ask("drc", { verb: "round" });
      await pause(milliseconds);
      return (await seen("drc")).completeAt === at;
    };
    await eventually("no round is given", 30, async () => ((await after(2000)) ? true : undefined));
    const before = (await seen("drc")).completeAt;
    await ask("drc", { verb: "round" });
    await pause(6000);
    expect((await seen("drc")).completeAt).toBe(before);
  }, 120_000);
});

describe("epochs", () => {
  it("ten switchovers in a row: each with credentials that nobody delivered, and the ones before refused", async () => {
    const sites = ["dc", "drc"] as const;
    stand.role("dc", "active");
    stand.role("drc", "standby");
    const took: number[] = [];
    for (let turn = 1; turn <= 10; turn += 1) {
      const [from, to] = turn % 2 === 1 ? sites : ([...sites].reverse() as ["drc", "dc"]);
      const object = `giliran/${turn}`;
      await eventually(`a write at ${from}`, 20, () => put(as(from, "write"), BUCKET, object, from));
      const old = as(from, "write");
      stand.role(from, "closing");
      await untilClosing(from, `${object}x`);
      await round(to);
      expect(await told(to, object)).toEqual([from]);
      epoch += 1;
      const began = Date.now();
      for (const site of [to, from])
        for (const _ of [1, 2])
          expect((await ask(site, { verb: "raise", epoch })).status, `${site} ${epoch}`).toBe(202);
      took.push(Date.now() - began);
      stand.role(to, "active");
      stand.role(from, "standby");
      for (const site of sites) {
        expect((await seen(site)).epoch).toBe(epoch);
        // As repository hosts ask before they derive their keys: nobody has to show anything.
        const { address, hostName, ca } = at(site);
        const store = { host: hostName, address, port: 8333 };
        expect(await call(store, { ca }, { method: "GET", path: "/.lumbung/epoch" })).toEqual({
          status: 200,
          text: String(epoch),
        });
      }
      expect((await askStore(old, { method: "PUT", bucket: BUCKET, object, body: "x" })).code).toBe(
        "InvalidAccessKeyId",
      );
    }
    process.stderr.write(`two sites raised, each twice: ${took.join(" ")} ms\n`);
    const past = await ask("dc", { verb: "raise", epoch: 3 });
    expect([past.status, JSON.parse(past.text).code]).toEqual([409, "past-epoch"]);
    for (const site of sites) expect(await told(site, "giliran/9")).toEqual(["dc"]);
  }, 400_000);

  it("how old the copy is is told right after the other site is gone", async () => {
    // After ten turns the primary is active again.
    await eventually("a round", 30, () => round("drc").then(() => true));
    const { completeAt } = await seen("drc");
    stand.docker(["kill", stand.nameOf("dc")]);
    expect((await seen("drc")).completeAt).toBe(completeAt);
    expect((await ask("drc", { verb: "round" })).status).toBe(202);
    await pause(4000);
    expect((await seen("drc")).completeAt).toBe(completeAt);
    expect((await ask("drc", { verb: "raise", epoch: epoch + 1 })).status).toBe(202);
  }, 60_000);
});
