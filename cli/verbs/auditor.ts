import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { modelDigest } from "../../compliance/index.ts";
import { systemEntropy } from "../../custody/entropy.ts";
import { findSite } from "../../custody/read.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { type ChainRecord, openRecord } from "../../evidence/chain.ts";
import { systemClock } from "../../io/clock.ts";
import { commitOf } from "../../io/commit.ts";
import { LumbungError, outOfReach, wrongUse } from "../../io/errors.ts";
import { writeAtomically } from "../../io/files.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { deriveModel } from "../../model/index.ts";
import { localTimeAt } from "../../model/local-time.ts";
import type { Model } from "../../model/types.ts";
import { type Allowed, allowedOf, certificateFor, type Granted } from "../auditor/grant.ts";
import { addressOf, certificateFile, FILES, guideOf } from "../auditor/guide.ts";
import { auditorItems, auditorsText } from "../auditor/list.ts";
import { type AskOps, askOpsOf } from "../backup/ask-ops.ts";
import { sitesOf, warnOf } from "../backup/sites.ts";
import { signAtSite } from "../check/sign.ts";
import { inventoryOf, modelOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import { ringOf } from "../evidence/keys.ts";
import { sourcesOf } from "../evidence/sources.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { allWrong } from "../wrong.ts";

/**
 * Read access for auditors: `grant <auditor>` issues a certificate for the key of a request that the auditor brings, once a site's signer has signed that
 * it does; `list` shows who is declared and what was given. `ask`: how a site is asked; default: in its container.
 * Exit codes: 0 done; 2 wrong use, with all that is wrong; 3 no site signed it: then there is no certificate.
 */
export async function auditor(options: Options, ask?: AskOps): Promise<number> {
  const [what, id, ...rest] = options.words;
  if (rest.length === 0) {
    if (what === "grant") return grant(options, id, ask);
    if ((what === "list" || what === undefined) && id === undefined) return list(options);
  }
  throw wrongUse(
    {
      id: `"auditor ${options.words.join(" ")}" tidak dikenal`,
      en: `"auditor ${options.words.join(" ")}" is not known`,
    },
    {
      id: "auditor list, auditor grant <auditor> --csr <berkas> --by <peran> --out <folder>",
      en: "auditor list, auditor grant <auditor> --csr <file> --by <role> --out <folder>",
    },
  );
}

async function grant(options: Options, id: string | undefined, given?: AskOps): Promise<number> {
  const inventory = await inventoryOf(options);
  const model = deriveModel(inventory);
  const { csr: file, by, out } = options;
  const csr = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  const now = systemClock.now();
  const roles = inventory.roles.map((one) => one.id);
  const allowed = await allowedOf({ id, csr, file, by, out }, model, roles, now);
  if (!("auditor" in allowed)) throw allWrong("auditor grant", allowed);
  const issuer = await issuerOf(options, model);
  const origin = {
    ...{ region: model.region.id, inventory: modelDigest(model) },
    commit: (await commitOf(REPOSITORY)) ?? null,
  };
  const granted = await certificateFor(allowed, issuer, origin, { now, entropy: systemEntropy });
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const evidence = await recorded(granted, sitesOf(options, model), ask);
  await handOver(allowed, granted, issuer, model);
  const { auditor: who } = allowed;
  const address = addressOf(model.region);
  const end = localTimeAt(Date.parse(granted.until), model.region.timezone, "minute");
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: model.region.id, auditor: who.id, until: granted.until, address, out: allowed.out, evidence })}\n`
      : `${say({
          id: `${who.id}: sertifikat sampai ${end} ditulis di ${allowed.out}; tercatat sebagai ${evidence}`,
          en: `${who.id}: a certificate until ${end} is written to ${allowed.out}; recorded as ${evidence}`,
        })}\n`,
  );
  return 0;
}

/** The first site at hand: either site's authority is trusted by both. @throws LumbungError (2) where none is. */
async function issuerOf(options: Options, model: Model): Promise<SiteSecrets> {
  for (const { id } of sitesOf(options, model)) {
    const found = await findSite(model.region.id, id, process.env);
    if (found !== undefined) return found;
  }
  throw wrongUse(
    { id: "rahasia situs tidak ada di mesin ini", en: "no site's secrets are on this machine" },
    {
      id: "sertifikat diterbitkan oleh pemegang rahasia situs, di mesin tempat `lumbung up` dijalankan",
      en: "certificates are issued by who holds a site's secrets, on the machine that runs `lumbung up`",
    },
  );
}

/** Nothing is given that stands nowhere. @returns the record's name @throws LumbungError (3) where no site's signer takes it. */
async function recorded({ told }: Granted, sites: Parameters<typeof signAtSite>[0], ask: AskOps): Promise<string> {
  const signed = await signAtSite(sites, ask, "access", canonicalJson({ ...told }));
  if ("id" in signed) return signed.id;
  throw outOfReach(
    {
      id: `akses ini tidak tercatat, jadi tidak diberikan: ${signed.why.id}`,
      en: `this access is not recorded, so it is not given: ${signed.why.en}`,
    },
    { id: "lihat `lumbung status`, lalu ulangi", en: "see `lumbung status`, then repeat" },
  );
}

/** All that is written is for anybody to read: the private key is the auditor's, and never was here. */
async function handOver(
  { auditor: who, out }: Allowed,
  { chain, until }: Granted,
  { authority }: SiteSecrets,
  { region }: Model,
): Promise<void> {
  const guide = guideOf(region, who, until);
  await mkdir(out, { recursive: true });
  await writeAtomically(join(out, certificateFile(who)), chain);
  await writeAtomically(join(out, FILES.authority), authority.root);
  await writeAtomically(join(out, FILES.guide.id), guide.id);
  await writeAtomically(join(out, FILES.guide.en), guide.en);
}

async function list(options: Options): Promise<number> {
  const model = await modelOf(options);
  const { records, silent } = await accessRecords(options);
  const items = auditorItems(model, records, systemClock.now());
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: model.region.id, items }, null, 2)}\n`
      : auditorsText(items, model.region),
  );
  warnOf(silent);
  return silent.length > 0 ? 3 : 0;
}

/** What evidence says was given, in order of time. A site that is out of reach does not keep the other from being heard. */
async function accessRecords(
  options: Options,
): Promise<{ readonly records: readonly ChainRecord[]; readonly silent: readonly LumbungError[] }> {
  const ring = await ringOf(options);
  const found = new Map<string, ChainRecord>();
  const silent: LumbungError[] = [];
  for (const source of await sourcesOf(options)) {
    try {
      for await (const { id, bytes } of source.records()) {
        const record = openRecord(bytes, ring);
        if (typeof record === "object" && record.id === id && record.statement.kind === "access") found.set(id, record);
      }
    } catch (error) {
      if (!(error instanceof LumbungError) || error.exitCode !== 3) throw error;
      silent.push(error);
    }
  }
  const records = [...found.values()].sort(
    (a, b) => Date.parse(a.statement.observedAt) - Date.parse(b.statement.observedAt),
  );
  return { records, silent };
}
