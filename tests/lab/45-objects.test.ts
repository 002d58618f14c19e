/** It shows 1 of the stores: a locked version survives its own writer, only the S3 port answers, and the other site has a copy in time. */
import { beforeAll, expect, test } from "vitest";
import type { SiteSecrets } from "../../custody/types.ts";
import { LEASE_PORT } from "../../model/lease.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { askStore, clientOf, history, identityOf, put, reach, read, storeAt } from "./support/objects.ts";
import { letThrough, moment, retention } from "./support/objects-refused.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";

const BUCKET = "bukti";
const OTHER = "data-terbuka";
const DAY = 86_400_000;
const object = `uji/${crypto.randomUUID()}.txt`;
let model: Model;
let primary: SiteModel;
let recovery: SiteModel;
let secrets: Readonly<Record<"primary" | "recovery", SiteSecrets>>;
let version: string;

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  recovery = siteWith(model, "recovery");
  secrets = { primary: await secretsOf(primary.id), recovery: await secretsOf(recovery.id) };
});

const at = (use: string) => clientOf(storeAt(primary, secrets.primary), identityOf(secrets.primary, use));
const there = (use: string) => clientOf(storeAt(recovery, secrets.recovery), identityOf(secrets.recovery, use));

test("a locked version stays readable after overwrite and delete by its writer", async () => {
  const writer = at(`${BUCKET}/write`);
  version = await put(writer, BUCKET, object, "pertama", { "content-type": "text/plain" });
  await put(writer, BUCKET, object, "kedua");
  expect((await askStore(writer, { method: "DELETE", bucket: BUCKET, object })).code).toBe("OK");
  expect(await read(writer, BUCKET, object)).toBe("NoSuchKey");
  expect(await read(at(`${BUCKET}/read`), BUCKET, object, version)).toBe("pertama");
});

test("removing it, shortening its lock, suspending versioning, deleting the bucket, a lifecycle rule: refused", async () => {
  const writer = at(`${BUCKET}/write`);
  const head = await askStore(writer, { method: "HEAD", bucket: BUCKET, object, query: `versionId=${version}` });
  const until = new Date(String(head.headers["x-amz-object-lock-retain-until-date"]));
  const days = model.objects?.buckets.find(({ id }) => id === BUCKET)?.lockDays ?? 0;
  expect(days).toBeGreaterThan(0);
  expect(until.getTime()).toBeGreaterThan(Date.now() + days * DAY - 3_600_000);
  expect(await letThrough(writer, { bucket: BUCKET, object, version, until, other: OTHER })).toEqual([]);
  const later = new Date(until.getTime() + DAY);
  const longer = { method: "PUT", bucket: BUCKET, object, query: `retention&versionId=${version}` };
  expect(await askStore(writer, { ...longer, body: retention(later) })).toMatchObject({ code: "OK" });
  expect(await askStore(writer, { ...longer, body: retention(until) })).toMatchObject({ code: "AccessDenied" });
  const now = await askStore(writer, { method: "HEAD", bucket: BUCKET, object, query: `versionId=${version}` });
  expect(now.headers["x-amz-object-lock-retain-until-date"]).toBe(moment(later));
  expect(await read(at(`${BUCKET}/read`), BUCKET, object, version)).toBe("pertama");
});

test("the store's administrator is refused over the network", async () => {
  const asked = await askStore(at("admin"), { method: "GET", bucket: BUCKET, query: "list-type=2" });
  expect(asked.code).toBe("InvalidAccessKeyId");
});

/** S3, and the door of the copies, which asks for a certificate of the region (images-copies). */
const ANSWERED = [8333, LEASE_PORT];

test("every port but that of S3 and of the copies' door is refused, to the host and to another workload", async () => {
  const { address } = storeAt(primary, secrets.primary);
  const listening = await engine.exec(`${REGION}-${primary.id}-objects`, ["cat", "/proc/net/tcp", "/proc/net/tcp6"]);
  const own = [...listening.stdout.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:0000 0A/gm)];
  // Those that listen, and those that SeaweedFS would use by default: master, volume, filer, each with gRPC, admin, metrics.
  const defaults = [9333, 19333, 8080, 18080, 8888, 18888, 8334, 18334, 23646, 33646, 9327];
  const ports = new Set([...own.map(([, port = ""]) => Number.parseInt(port, 16)), ...defaults]);
  expect([...ports]).toEqual(expect.arrayContaining(ANSWERED));
  for (const port of ports)
    expect(`${port} ${await reach(address, port)}`).toBe(
      `${port} ${ANSWERED.includes(port) ? "open" : "ECONNREFUSED"}`,
    );
  const others = [...ports].filter((port) => !ANSWERED.includes(port)).map(String);
  const dial = `for port in ${others.join(" ")}; do (exec 3<>/dev/tcp/${address}/$port) 2>/dev/null && echo open $port; done; echo done`;
  const { stdout } = await engine.exec(`${REGION}-${primary.id}-gateway`, ["bash", "-c", dial]);
  expect(stdout.trim()).toBe("done");
});

test("the copy at the other site is whole within the declared time", async () => {
  const rpo = model.objects?.buckets.find(({ id }) => id === BUCKET)?.rpoSeconds ?? 0;
  expect(rpo).toBeGreaterThan(0);
  const writer = at(`${BUCKET}/write`);
  const fresh = `uji/${crypto.randomUUID()}.txt`;
  await put(writer, BUCKET, fresh, "satu");
  await put(writer, BUCKET, fresh, "dua");
  expect((await askStore(writer, { method: "DELETE", bucket: BUCKET, object: fresh })).code).toBe("OK");
  const copied = await eventually("the copy", rpo, async () => {
    const all = await history(there(`${BUCKET}/read`), BUCKET, fresh);
    return all.length === 3 ? all : undefined;
  });
  expect(copied).toEqual(["satu", "dua", "-"]);
  const { stdout } = await engine.exec(`${REGION}-${recovery.id}-objects`, ["/usr/local/lib/lumbung/health"]);
  expect(stdout).toMatch(new RegExp(`^standby, epoch \\d+, .*copies from ${primary.id} at most \\d+ s old`));
});
