/** The auditor's bundle: renderings in both languages, the evidence that they cite, the keys, a signed manifest; as one archive. */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, bundleOf, render, SIGNATURE, type Sources } from "../../compliance/render/index.ts";
import { findSite } from "../../custody/read.ts";
import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import type { StoredRecord } from "../../evidence/store.ts";
import { refused } from "../../io/errors.ts";
import { isAbsence, writeAtomically } from "../../io/files.ts";
import { tarOf } from "../../io/images-tar.ts";
import { pdfMaker } from "../../io/pdf.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { LANGS } from "../../web/text.ts";
import { modelOf } from "../context.ts";
import { evidenceKeysOf } from "../evidence/keys.ts";
import { sourcesOf as evidenceSources } from "../evidence/sources.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";

/** Writes `auditor.<region>.<day>.tar` and says what is cited and not in it. Exit code 1 where something is not. */
export async function bundle(options: Options, sources: Sources, out: string): Promise<number> {
  const { key, signer } = await signingKey(options);
  const renderings = await renderingsOf(sources);
  const records = await citedRecords(options, sources);
  const made = bundleOf(sources, {
    ...{ renderings, records, signer },
    documents: await documentsOf(sources),
    keys: await evidenceKeysOf(options),
  });
  const { assessment, today } = sources;
  const path = join(out, `auditor.${assessment.region.id}.${today}.tar`);
  await mkdir(out, { recursive: true });
  await writeAtomically(path, archiveOf(made, sign(null, made.manifest, key)));
  process.stdout.write(`${path}\n`);
  for (const id of made.absent)
    process.stderr.write(
      `! ${say({ id: `dikutip, tidak ada di bundel: ${id}`, en: `cited, not in the bundle: ${id}` })}\n`,
    );
  return made.absent.length === 0 ? 0 : 1;
}

/** Every file in one folder, readable by anybody. */
export function archiveOf({ files }: Bundle, signature: Uint8Array): Buffer {
  const all = new Map([...files, [SIGNATURE, signature] as const]);
  return tarOf([...all].map(([path, content]) => ({ path: `auditor/${path}`, mode: 0o644, content })));
}

/** The audit report in every format, the letter to the head of the region and all letters, in both languages. */
async function renderingsOf(sources: Sources): Promise<Map<string, Uint8Array>> {
  const wanted = LANGS.flatMap((lang) => [
    ...render(sources, "audit", "json", lang),
    ...render(sources, "audit", "html", lang),
    ...render(sources, "audit", "csv", lang),
    ...render(sources, "audit", "oscal", lang),
    ...render(sources, "audit", "pdf", lang),
    ...render(sources, "bupati", "pdf", lang),
  ]);
  const pdf = pdfMaker();
  const made = new Map<string, Uint8Array>();
  for (const { path, content, as } of wanted)
    made.set(path, as === "pdf" ? await step(path, () => pdf(String(content))) : Buffer.from(content));
  return made;
}

async function citedRecords(options: Options, { cites }: Sources): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  // An assessment's own file is no store: then evidence is read from the sites, or from --bucket.
  const { from, ...others } = options;
  const asked = from?.endsWith(".json") ? others : options;
  for (const source of await evidenceSources(asked))
    for await (const record of source.records()) if (cites(record.id)) found.push(record);
  return found;
}

/** Files of the inventory that are cited, by `documents/<id>`; one that is not there is left to the bundle to name. */
async function documentsOf({ assessment }: Sources): Promise<Map<string, Uint8Array>> {
  const top = join(process.env.LUMBUNG_INVENTORY ?? join(REPOSITORY, "inventory"), assessment.region.id, "documents");
  const found = new Map<string, Uint8Array>();
  for (const { id, file } of assessment.documents) {
    if (file === null) continue;
    const bytes = await readFile(join(top, file)).catch((error: unknown) => {
      if (isAbsence(error)) return undefined;
      throw error;
    });
    if (bytes !== undefined) found.set(`documents/${id}`, bytes);
  }
  return found;
}

/** The evidence key of the site that --site names, default the primary's, from the secrets at hand. @throws LumbungError (4) where it is not here. */
async function signingKey(
  options: Options,
): Promise<{ key: ReturnType<typeof createPrivateKey>; signer: PublicEvidenceKey }> {
  const { region, sites } = await modelOf(options);
  const site = sites.find(({ id, designation }) =>
    options.site === undefined ? designation === "primary" : id === options.site,
  );
  const pem = site === undefined ? undefined : (await findSite(region.id, site.id, process.env))?.evidenceKey?.key;
  if (site === undefined || pem === undefined)
    throw refused(
      {
        id: "kunci untuk menandatangani bundel tidak ada di mesin ini",
        en: "the key that signs the bundle is not on this machine",
      },
      {
        id: "jalankan di mesin yang memegang rahasia wilayah (--site <situs>)",
        en: "run it where the region's secrets are (--site <site>)",
      },
    );
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  return { key, signer: { site: site.id, publicKey } };
}
