/** The auditor's bundle: renderings in both languages, the evidence that they cite, the keys, a manifest that a site's signer signs; as one archive. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, bundleOf, render, type Sources, signaturePath } from "../../compliance/render/index.ts";
import { keyRing, type PublicEvidenceKey } from "../../evidence/keys.ts";
import type { StoredRecord } from "../../evidence/store.ts";
import { systemClock } from "../../io/clock.ts";
import { commitOf } from "../../io/commit.ts";
import { LumbungError } from "../../io/errors.ts";
import { isAbsence, writeAtomically } from "../../io/files.ts";
import { tarOf } from "../../io/images-tar.ts";
import { pdfMaker } from "../../io/pdf.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { Text } from "../../model/types.ts";
import { LANGS } from "../../web/text.ts";
import { askOpsOf } from "../backup/ask-ops.ts";
import { modelOf, regionOf, siteOption } from "../context.ts";
import { engineOf } from "../engine.ts";
import { evidenceKeysOf } from "../evidence/keys.ts";
import { sourcesOf as evidenceSources } from "../evidence/sources.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { isEvidence } from "./assessment.ts";
import { type SignedBundle, type Signing, signBundle } from "./sign-bundle.ts";

/**
 * Writes `auditor.<region>.<day>.tar`, signed by a site's signer, and says what is cited and not in it; where no signer can be reached,
 * `auditor.<region>.<day>.unsigned.tar`, which says so.
 * @returns 3 where it is not signed, else 1 where something cited is not in it, else 0.
 */
export async function bundle(options: Options, sources: Sources, out: string): Promise<number> {
  const keys = await evidenceKeysOf(options);
  const parts = {
    ...{ keys, renderings: await renderingsOf(sources), records: await citedRecords(options, sources) },
    documents: await documentsOf(sources),
  };
  const name = `auditor.${sources.assessment.region.id}.${sources.today}`;
  const whole = bundleOf(sources, { ...parts, signed: true });
  const signed = await signBundle(whole, sources, await signingOf(options, keys, name));
  const path = join(out, "record" in signed ? `${name}.tar` : `${name}.unsigned.tar`);
  await mkdir(out, { recursive: true });
  await writeAtomically(
    path,
    archiveOf(...packed(signed, whole, () => bundleOf(sources, { ...parts, signed: false }))),
  );
  process.stdout.write(`${path}\n`);
  for (const id of whole.absent)
    warn({ id: `dikutip, tidak ada di bundel: ${id}`, en: `cited, not in the bundle: ${id}` });
  if ("record" in signed) return whole.absent.length === 0 ? 0 : 1;
  warn({ id: `bundel TIDAK ditandatangani: ${signed.why.id}`, en: `the bundle is NOT signed: ${signed.why.en}` });
  return 3;
}

const warn = (words: Text): void => void process.stderr.write(`! ${say(words)}\n`);

/** The guides in a bundle say whether it is signed, so one that is not is another bundle. */
function packed(signed: SignedBundle, whole: Bundle, unsigned: () => Bundle): Parameters<typeof archiveOf> {
  return "record" in signed ? [whole, signed.record] : [unsigned()];
}

async function signingOf(options: Options, keys: readonly PublicEvidenceKey[], name: string): Promise<Signing> {
  const model = await modelOf(options);
  const sites = options.site === undefined ? model.sites : [siteOption(options, model)];
  const ask = askOpsOf(regionOf(options), engineOf);
  const commit = (await commitOf(REPOSITORY)) ?? null;
  return { sites, ask, ring: keyRing(keys), name, now: systemClock.now(), commit };
}

/** Every file in one folder, readable by anybody. @param record that signs the manifest. Default: nobody did. */
export function archiveOf({ files }: Bundle, record?: StoredRecord): Buffer {
  const all = [...files, ...(record === undefined ? [] : [[signaturePath(record.id), record.bytes] as const])];
  return tarOf(all.map(([path, content]) => ({ path: `auditor/${path}`, mode: 0o644, content })));
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

/** A store that does not answer is told; what is read nowhere is named in the bundle. */
async function citedRecords(options: Options, { cites }: Sources): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  // An assessment is no store: then evidence is read from the sites, or from --bucket.
  const { from, ...others } = options;
  const asked = from !== undefined && (await isEvidence(from)) ? options : others;
  for (const source of await evidenceSources(asked)) {
    try {
      for await (const record of source.records()) if (cites(record.id)) found.push(record);
    } catch (error) {
      if (!(error instanceof LumbungError) || error.exitCode !== 3) throw error;
      warn(error.text);
    }
  }
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
