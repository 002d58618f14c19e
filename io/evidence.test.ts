import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EvidenceStore, StoredRecord } from "../evidence/store.ts";
import { AlreadyThere } from "../evidence/store.ts";
import { MadeChain, newSite, REGION, ringOf } from "../evidence/testing/made.ts";
import { verify } from "../evidence/verify.ts";
import { type EvidenceFolder, evidenceFolder, type PutStep } from "./evidence-folder.ts";
import { type Bucket, evidenceObjects } from "./evidence-objects.ts";

const dc = newSite("dc");
const { records } = new MadeChain(dc).grow(7);
const [first, second] = records;
if (first === undefined || second === undefined) throw new Error("no records");
let root: string;
let folder: EvidenceFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "evidence-"));
  folder = evidenceFolder({ root, region: REGION });
});
afterEach(() => rm(root, { recursive: true }));

async function all(listing: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for await (const one of listing) found.push(one);
  return found;
}
const check = (store: EvidenceStore) => verify(store.list(), { region: REGION, keys: ringOf(dc) });

/** A versioned bucket in memory, that lists as SeaweedFS through the npm client: pages, newest first, delete markers last. */
function fakeBucket(pageSize = 3) {
  const versions: { name: string; versionId: string; lastModified: Date; bytes: Buffer; isDeleteMarker: boolean }[] =
    [];
  const add = (name: string, bytes: Buffer, isDeleteMarker = false) =>
    versions.unshift({
      name,
      versionId: `v${versions.length}`,
      lastModified: new Date(versions.length),
      bytes,
      isDeleteMarker,
    });
  const client = {
    putObject: async (_bucket: string, name: string, bytes: Buffer) => {
      add(name, bytes);
      return { etag: "", versionId: null };
    },
    getObject: async (_bucket: string, name: string, { versionId }: { versionId?: string } = {}) => {
      const found = versions.find((one) => one.name === name && one.versionId === versionId);
      if (found === undefined) throw new Error(`no version ${versionId} of ${name}`);
      return Readable.from([found.bytes]);
    },
    listObjectsQuery: async (_bucket: string, prefix: string, _marker: string, told: { keyMarker?: string }) => {
      const from = Number(decodeURIComponent(told.keyMarker ?? "").replace("key/", ""));
      const matching = versions
        .filter(({ name }) => name.startsWith(prefix))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      const page = matching.slice(from, from + pageSize);
      const objects = [...page.filter((one) => !one.isDeleteMarker), ...page.filter((one) => one.isDeleteMarker)];
      const isTruncated = from + pageSize < matching.length;
      return { objects, isTruncated, ...(isTruncated ? { keyMarker: `key/${from + pageSize}` } : {}) };
    },
  };
  return { client: client as unknown as Bucket, add, versions };
}

describe.each([
  ["folder", (): EvidenceStore => folder],
  ["bucket", (): EvidenceStore => evidenceObjects({ client: fakeBucket().client, region: REGION })],
])("a %s", (_, make) => {
  test("keeps records, lists them in order, and verifies", async () => {
    const store = make();
    for (const { id, bytes } of [...records].reverse()) await store.put(id, bytes);
    expect((await all(store.list())).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect((await all(store.list(dc.writer, 5))).map(({ id }) => id)).toEqual(records.slice(5).map(({ id }) => id));
    expect(await store.writers()).toEqual([dc.writer]);
    expect(Buffer.from((await store.get(first.id)) ?? [])).toEqual(Buffer.from(first.bytes));
    expect(await store.get(`${dc.writer}/0000000099`)).toBeUndefined();
    expect(await check(store)).toMatchObject({ records: 7, verified: 7, broken: [] });
  });
  test("takes the same bytes again and refuses others", async () => {
    const store = make();
    await store.put(first.id, first.bytes);
    await store.put(first.id, first.bytes);
    await expect(store.put(first.id, second.bytes)).rejects.toThrow(AlreadyThere);
    expect(Buffer.from((await store.get(first.id)) ?? [])).toEqual(Buffer.from(first.bytes));
  });
  test("refuses a name that is no record's", async () => {
    await expect(async () => make().put("../../etc/passwd", first.bytes)).rejects.toThrow(/expected <writer>/);
    await expect(async () => make().get(`${dc.writer}/../x`)).rejects.toThrow(/expected <writer>/);
  });
  test("that is empty lists nothing", async () => {
    expect(await all(make().list())).toEqual([]);
    expect(await make().writers()).toEqual([]);
  });
});

test("in a folder: what lies beside the records is found, what a put left behind is not, and is swept away", async () => {
  for (const { id, bytes } of records) await folder.put(id, bytes);
  const chain = join(root, REGION, dc.writer);
  await writeFile(join(chain, ".half.tmp"), "half");
  await writeFile(join(chain, "0000000003.json.bak"), "old");
  await mkdir(join(root, REGION, "other"));
  await writeFile(join(root, REGION, "other", "x"), "x");
  expect((await check(folder)).broken.map(({ id, code }) => `${id} ${code}`)).toEqual([
    `${dc.writer}/0000000003.json.bak not-a-record`,
    "other/x not-a-record",
  ]);
  await folder.sweep();
  expect((await readdir(chain)).filter((name) => name.startsWith("."))).toEqual([]);
  expect(await readFile(join(chain, "0000000001.json"))).toEqual(Buffer.from(first.bytes));
});

test("in a folder: the steps of a put come in their order, and a disk that fails leaves nothing", async () => {
  const steps: PutStep[] = [];
  const watched = evidenceFolder({ root, region: REGION, step: (step) => void steps.push(step) });
  await watched.put(first.id, first.bytes);
  expect(steps).toEqual(["begun", "written", "flushed", "linked", "kept"]);
  const full = evidenceFolder({
    root,
    region: REGION,
    step: (step) => {
      if (step === "written") throw new Error("ENOSPC");
    },
  });
  await expect(full.put(second.id, second.bytes)).rejects.toThrow("ENOSPC");
  expect(await readdir(join(root, REGION, dc.writer))).toEqual(["0000000001.json"]);
});

test("in a bucket: an overwrite and a delete by an intruder are found, and the first version counts", async () => {
  const { client, add } = fakeBucket();
  const store = evidenceObjects({ client, region: REGION });
  for (const { id, bytes } of records) await store.put(id, bytes);
  add(`${REGION}/${first.id}.json`, Buffer.from("forged"));
  add(`${REGION}/${second.id}.json`, Buffer.alloc(0), true);
  const { broken, verified } = await check(store);
  expect(broken.map(({ id, code }) => `${id} ${code}`)).toEqual([
    `${first.id} overwritten`,
    `${second.id} overwritten`,
  ]);
  expect(verified).toBe(5);
  expect(Buffer.from((await store.get(first.id)) ?? [])).toEqual(Buffer.from(first.bytes));
});

test("in a bucket: a list that does not go on is an error, not the end", async () => {
  const { client } = fakeBucket();
  const stuck = { ...client, listObjectsQuery: async () => ({ objects: [], isTruncated: true, keyMarker: "" }) };
  await expect(all(evidenceObjects({ client: stuck, region: REGION }).list())).rejects.toThrow(/does not go on/);
});
