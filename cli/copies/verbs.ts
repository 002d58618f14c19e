/** `backup export`, `backup import`: a copy that can be taken away, and the way back into a site's store. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSite } from "../../custody/read.ts";
import { systemClock } from "../../io/clock.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import { classesOf, policyOf, uniqueTargets } from "../../model/derive/backup-repositories.ts";
import type { BackupModel, Model, SiteModel } from "../../model/types.ts";
import { backupsOf } from "../backup/sites.ts";
import { modelOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { exportObjects, writeExportManifest } from "./export.ts";
import { GUIDE, guideText } from "./guide.ts";
import { importObjects, importPrefix } from "./import.ts";
import { keysOf, sealKeys } from "./keys.ts";
import { LABEL, labelHtml } from "./label.ts";
import { type Damage, type ExportManifest, KEYS, readManifest, verifyExport } from "./manifest.ts";
import { roomsOf } from "./room.ts";
import { openBucketAs } from "./store.ts";

const PROGRAMME = { name: "lumbung", version: "0.1.0" } as const;
const SHOWN = 20;

/** The recovery site's unless another is named: its copies are those that a lost data centre leaves. */
export function copySite(options: Options, model: Model): SiteModel {
  const wanted = options.site;
  const found = model.sites.find(({ id, designation }) =>
    wanted === undefined ? designation === "recovery" : id === wanted,
  );
  if (found) return found;
  throw wrongUse(
    { id: `situs "${wanted ?? ""}" tidak dinyatakan`, en: `site "${wanted ?? ""}" is not declared` },
    {
      id: `--site ${model.sites.map(({ id }) => id).join(" | ")}`,
      en: `--site ${model.sites.map(({ id }) => id).join(" | ")}`,
    },
  );
}

/** @returns 1 where something that is declared is not on the medium. */
export async function exportCopy(options: Options): Promise<number> {
  const model = await modelOf(options);
  const backup = backupsOf(model);
  const site = copySite(options, model);
  const folder = needed(options.to, "--to");
  const secrets = await loadSite(model.region.id, site.id, process.env);
  const keys = await sealKeys(keysOf(secrets), site.custodians);
  const client = await openBucketAs(model, site, backup.bucket, "read");
  const at = systemClock.now().toISOString();
  const copies = await roomsOf(model.region.id, site, engineOf(site)).copies();
  const title = { id: `menyalin repositori ${site.id}`, en: `copying the repositories of ${site.id}` };
  const files = await step(say(title), ({ note }) =>
    exportObjects({ client, bucket: backup.bucket, folder, onProgress: (done, all) => note(mebibytes(done, all)) }),
  );
  const absent = backup.targets
    .filter((one) => one.site === site.id && one.engine !== "foreign")
    .map(({ id }) => id)
    .filter((id) => !copies.some(({ target }) => target === id));
  const manifest: ExportManifest = {
    ...{ kind: "lumbung-backup", version: 1, region: model.region.id, site: site.id, at, programme: PROGRAMME },
    stanzas: stanzasOf(backup),
    copies: copies.map(({ target, class: name, id, at: moment, type, needs }) => ({
      ...{ target, engine: engineOfTarget(backup, target), id, at: moment, type, needs: [...needs] },
      ...(name ? { class: name } : {}),
    })),
    absent,
    files,
  };
  await writeFile(join(folder, KEYS), keys);
  await writeFile(join(folder, GUIDE.id), guideText(manifest, "id"));
  await writeFile(join(folder, GUIDE.en), guideText(manifest, "en"));
  const digest = await writeExportManifest(folder, manifest);
  await writeFile(join(folder, LABEL), labelHtml(manifest, digest));
  const holders = site.custodians.map(({ role }) => role).join(", ");
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const text = {
    id: `${folder}: ${files.length} berkas, ${copies.length} cadangan, ${mebibytes(bytes)}; dibuka oleh ${holders}\nSHA-256 manifest.json ${digest}\nlabel untuk dicetak: ${join(folder, LABEL)}`,
    en: `${folder}: ${files.length} files, ${copies.length} backups, ${mebibytes(bytes)}; opened by ${holders}\nSHA-256 manifest.json ${digest}\nlabel to print: ${join(folder, LABEL)}`,
  };
  process.stdout.write(
    options.json ? `${JSON.stringify({ folder, digest, files: files.length, bytes, absent })}\n` : `${say(text)}\n`,
  );
  if (absent.length === 0) return 0;
  const missing = {
    id: `${site.id} belum punya cadangan dari: ${absent.join(", ")}; tidak ada di media ini`,
    en: `${site.id} has no backup yet of: ${absent.join(", ")}; not on this medium`,
  };
  process.stderr.write(`${say(missing)}\n`);
  return 1;
}

export async function importCopy(options: Options): Promise<number> {
  const model = await modelOf(options);
  const backup = backupsOf(model);
  const site = copySite(options, model);
  const folder = needed(options.from, "--from");
  const manifest = await readManifest(folder);
  await step(say({ id: "memeriksa salinan", en: "checking the copy" }), ({ note }) => check(folder, manifest, note));
  const client = await openBucketAs(model, site, backup.bucket, "write");
  const title = { id: `memasukkan ke penyimpanan ${site.id}`, en: `putting it into the store of ${site.id}` };
  await step(say(title), ({ note }) =>
    importObjects({
      client,
      bucket: backup.bucket,
      folder,
      manifest,
      onProgress: (done, all) => note(mebibytes(done, all)),
    }),
  );
  const text = {
    id: `${importPrefix(manifest)} siap di ${site.id}: lumbung restore --from ${folder} --identity <kunci> --target <sasaran> --to <folder>`,
    en: `${importPrefix(manifest)} is ready at ${site.id}: lumbung restore --from ${folder} --identity <key> --target <target> --to <folder>`,
  };
  process.stdout.write(`${say(text)}\n`);
  return 0;
}

/** @throws LumbungError (4) with every file that is not as the manifest says. */
async function check(folder: string, manifest: ExportManifest, note: (text: string) => void): Promise<void> {
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const damages = await verifyExport(folder, manifest, (bytes) => {
    done += bytes;
    note(mebibytes(done, total));
  });
  await readFile(join(folder, KEYS));
  if (damages.length === 0) return;
  const list = (language: "id" | "en") =>
    damages
      .slice(0, SHOWN)
      .map(({ path, what }) => `  ${path}: ${DAMAGES[what][language]}`)
      .join("\n");
  throw refused(
    {
      id: `${damages.length} berkas tidak seperti saat disalin:\n${list("id")}`,
      en: `${damages.length} files are not as they were copied:\n${list("en")}`,
    },
    { id: "pakai salinan lain; tidak ada yang dimasukkan", en: "use another copy; nothing was put in" },
  );
}

const DAMAGES: Readonly<Record<Damage["what"], { readonly id: string; readonly en: string }>> = {
  missing: { id: "hilang", en: "missing" },
  changed: { id: "berubah", en: "changed" },
  added: { id: "tidak tercatat", en: "not listed" },
};

function stanzasOf(backup: BackupModel): ExportManifest["stanzas"] {
  return uniqueTargets(backup)
    .filter(({ engine }) => engine === "pgbackrest")
    .map((target) => ({
      name: target.id.slice(target.id.indexOf(":") + 1),
      repositories: classesOf(policyOf(backup, target).retention),
    }));
}

export const engineOfTarget = (backup: BackupModel, id: string): string =>
  uniqueTargets(backup).find((target) => target.id === id)?.engine ?? "restic";

function needed(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw wrongUse({ id: `${option} <folder> belum disebut`, en: `${option} <folder> was not given` });
}

const mebibytes = (done: number, all?: number): string => {
  const [one, whole] = [done, all ?? 0].map((bytes) => (bytes / 1024 ** 2).toFixed(1));
  return all === undefined ? `${one} MiB` : `${one} / ${whole} MiB`;
};
