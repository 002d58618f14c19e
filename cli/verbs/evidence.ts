import { createPublicKey } from "node:crypto";
import { join } from "node:path";
import { openRecord } from "../../evidence/chain.ts";
import { keyIdOf, sha256 } from "../../evidence/dsse.ts";
import { keepMissing } from "../../evidence/keep-missing.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import { FAULTS, wrongPlace } from "../../evidence/reasons.ts";
import { AlreadyThere, type StoredRecord } from "../../evidence/store.ts";
import { type ChainSummary, Verifier } from "../../evidence/verify.ts";
import { parseRecordId, recordId } from "../../evidence/writer.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import { evidenceFolder } from "../../io/evidence-folder.ts";
import { modelOf, regionOf, siteOption } from "../context.ts";
import { checkSources } from "../evidence/check.ts";
import { headsOf } from "../evidence/heads.ts";
import { evidenceKeysOf, keyFileName, ringOf, writeKeys } from "../evidence/keys.ts";
import { askPublished, OF_A_COPY, unasked } from "../evidence/published.ts";
import { checkText, headsText, type ListItem, listText } from "../evidence/render.ts";
import { openBucket, sourcesOf } from "../evidence/sources.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { table } from "../output/table.ts";

/** Signed evidence: what there is, what one record says, whether all of it is whole; and taking it along for somebody who trusts no tool of ours. */
export async function evidence(options: Options): Promise<number> {
  const [what, name] = options.words;
  if (what === "list" || what === undefined) return list(options);
  if (what === "show" && name !== undefined) return show(options, name);
  if (what === "verify") return verify(options);
  if (what === "keys") return keys(options);
  if (what === "export") return exportTo(options);
  if (what === "store") return storeIn(options);
  throw wrongUse(
    {
      id: `"evidence ${options.words.join(" ")}" tidak dikenal`,
      en: `"evidence ${options.words.join(" ")}" is not known`,
    },
    {
      id: "evidence list, evidence show <penulis>/<nomor>, evidence verify, evidence keys, evidence export --to <folder>, evidence store --site <situs>",
      en: "evidence list, evidence show <writer>/<number>, evidence verify, evidence keys, evidence export --to <folder>, evidence store --site <site>",
    },
  );
}

async function verify(options: Options): Promise<number> {
  const ring = await ringOf(options);
  // Asked before anything is read: chains only grow.
  const isCopy = options.from !== undefined || options.bucket === true;
  const published = isCopy ? unasked(OF_A_COPY) : await askPublished(await modelOf(options));
  const check = await checkSources(await sourcesOf(options), regionOf(options), ring, published);
  process.stdout.write(options.json ? `${JSON.stringify(check, null, 2)}\n` : checkText(check));
  if (check.broken.length > 0) return 1;
  if (check.unreachable.length > 0) return 3;
  return check.records === 0 ? 1 : 0;
}

async function list(options: Options): Promise<number> {
  const ring = await ringOf(options);
  const records: StoredRecord[] = [];
  const chains: ChainSummary[] = [];
  for (const source of await sourcesOf(options)) {
    const verifier = new Verifier({ region: regionOf(options), keys: ring });
    for await (const record of source.records()) {
      records.push(record);
      verifier.take(record);
    }
    chains.push(...verifier.finish().chains);
  }
  const items = distinct(records).map((record) => itemOf(record, ring));
  const heads = headsOf(chains);
  if (!options.json) {
    process.stdout.write(`${listText(items)}\n${headsText(heads)}`);
    return 0;
  }
  const told = items.map(({ id, digest, statement, fault }) => ({
    ...{ id, digest, kind: statement?.kind ?? null, recordedAt: statement?.recordedAt ?? null },
    ...{ observedAt: statement?.observedAt ?? null, subject: statement?.subject ?? [], fault },
  }));
  process.stdout.write(`${JSON.stringify({ region: regionOf(options), items: told, heads }, null, 2)}\n`);
  return 0;
}

async function show(options: Options, name: string): Promise<number> {
  const [writer = "", number = ""] = name.split("/");
  const id = /^\d+$/.test(number) ? recordId(writer, Number(number)) : name;
  const ring = await ringOf(options);
  const found = (await recordsOf(options)).filter((record) => record.id === id);
  if (found.length === 0) {
    throw wrongUse(
      { id: `catatan "${id}" tidak ada`, en: `there is no record "${id}"` },
      { id: "lihat namanya: lumbung evidence list", en: "see the names: lumbung evidence list" },
    );
  }
  const items = found.map((record) => ({ ...itemOf(record, ring), content: Buffer.from(record.bytes).toString() }));
  for (const { digest, statement, fault, content } of items) {
    const verdict = say(fault ?? { id: "tanda tangan cocok", en: "the signature fits" });
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ id, digest, fault, statement, content }, null, 2)}\n`
        : `${id}\nSHA-256 ${digest}\n${verdict}\n${statement === null ? content : JSON.stringify(statement, null, 2)}\n`,
    );
  }
  return items.every(({ fault }) => fault === null) && items.length === 1 ? 0 : 1;
}

async function keys(options: Options): Promise<number> {
  const all = await evidenceKeysOf(options);
  if (options.to !== undefined) await writeKeys(options.to, all);
  const told = all.map((key) => ({ ...key, keyid: keyIdOf(createPublicKey(key.publicKey)), file: keyFileName(key) }));
  const columns = [{ title: say({ id: "situs", en: "site" }) }, { title: "SHA-256" }, { title: "PEM" }];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: regionOf(options), items: told }, null, 2)}\n`
      : `${table(
          columns,
          told.map(({ site, keyid, file }) => [site, keyid, file]),
        )}\n`,
  );
  return 0;
}

/** Writes every record and public key into a folder: what an auditor takes along. Nothing that is there is overwritten. */
async function exportTo(options: Options): Promise<number> {
  const { to } = options;
  if (to === undefined) throw wrongUse({ id: "--to <folder> belum disebut", en: "--to <folder> was not given" });
  const folder = evidenceFolder({ root: to, region: regionOf(options) });
  const all = await evidenceKeysOf(options);
  const records = await recordsOf(options);
  for (const { id, bytes } of records) {
    if (parseRecordId(id) === undefined) process.stderr.write(`! ${id}\n`);
    else await folder.put(id, bytes).catch(differing);
  }
  await writeKeys(join(to, "keys"), all);
  process.stdout.write(
    `${say({ id: `${records.length} catatan, ${all.length} kunci: ${to}`, en: `${records.length} records, ${all.length} keys: ${to}` })}\n`,
  );
  return 0;
}

/** Puts what the signers (or --from) have and a site's locked bucket has not into that bucket. */
async function storeIn(options: Options): Promise<number> {
  const model = await modelOf(options);
  const bucket = await openBucket(model, siteOption(options, model), "write");
  const { site, ...all } = options;
  const count = await keepMissing(await recordsOf({ ...all, bucket: false }), bucket).catch(differing);
  process.stdout.write(
    `${say({ id: `${count} catatan baru di bucket bukti`, en: `${count} new records in the bucket` })}\n`,
  );
  return 0;
}

function differing(error: unknown): never {
  if (!(error instanceof AlreadyThere)) throw error;
  throw refused(
    {
      id: `catatan yang sama berbeda isinya di dua tempat: ${error.id}`,
      en: `one record differs between two places: ${error.id}`,
    },
    {
      id: "jalankan `lumbung evidence verify`; lalu ekspor per situs (--site)",
      en: "run `lumbung evidence verify`; then export site by site (--site)",
    },
  );
}

/** Of all sources in order of name; one that two sites hold alike is there once. @throws LumbungError (3) where a source does not answer. */
async function recordsOf(options: Options): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (const source of await sourcesOf(options)) for await (const record of source.records()) found.push(record);
  return distinct(found);
}

function distinct(records: readonly StoredRecord[]): StoredRecord[] {
  const found = new Map(records.map((record) => [`${record.id} ${sha256(record.bytes)}`, record]));
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function itemOf({ id, bytes }: StoredRecord, ring: KeyRing): ListItem {
  const record = openRecord(bytes, ring);
  const digest = sha256(bytes);
  if (typeof record === "string") return { id, digest, statement: null, fault: FAULTS[record] };
  return { id, digest, statement: record.statement, fault: record.id === id ? null : wrongPlace(record.id) };
}
