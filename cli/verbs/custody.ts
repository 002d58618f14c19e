import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recordHandedOver } from "../../custody/brought-out.ts";
import { type Handover, openHandover } from "../../custody/handover.ts";
import { withRegionLock } from "../../custody/store.ts";
import { systemClock } from "../../io/clock.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import { ensurePrivateFolder, isAbsence, readIfThere, readPrivate, writeAtomically } from "../../io/files.ts";
import { lumbungHome } from "../../io/home.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { modelOf, siteOption } from "../context.ts";
import { INVENTORY, sealedHandover } from "../handover.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";

/** `custody export`, `custody escrow`: a site's secrets and state in one sealed file; `custody import`: the way back. */
export async function custody(options: Options): Promise<number> {
  const [what] = options.words;
  switch (what) {
    case "export":
      return exportSite(options, (site) => [site.custodians]);
    case "escrow":
      return exportSite(options, (_, { region }) => {
        if (region.escrow) return [region.escrow.operators, region.escrow.approvers];
        throw wrongUse(
          { id: "pembuka titipan belum dinyatakan", en: "nobody is declared to open an escrow" },
          { id: "isi region.escrow di region.yaml", en: "fill region.escrow in region.yaml" },
        );
      });
    case "import":
      return importSite(options);
    default:
      throw wrongUse(
        {
          id: `"custody ${options.words.join(" ")}" tidak dikenal`,
          en: `"custody ${options.words.join(" ")}" is not known`,
        },
        {
          id: "custody export|escrow --site <situs> --to <berkas>, atau custody import --from <berkas> --identity <kunci>",
          en: "custody export|escrow --site <site> --to <file>, or custody import --from <file> --identity <key>",
        },
      );
  }
}

type Layers = (site: SiteModel, model: Model) => readonly SiteModel["custodians"][];

async function exportSite(options: Options, layersOf: Layers): Promise<number> {
  const model = await modelOf(options);
  const site = siteOption(options, model);
  const to = needed(options.to, "--to");
  const region = model.region.id;
  const sealed = await sealedHandover(region, site.id, layersOf(site, model));
  await mkdir(dirname(to), { recursive: true });
  await writeAtomically(to, sealed);
  await recordHandedOver(region, site.id, systemClock.now(), process.env);
  const holders = layersOf(site, model).map((layer) => layer.map(({ role }) => role).join(" | "));
  const text = {
    id: `${to}: serah terima situs ${site.id}, dibuka oleh ${holders.join(" bersama ")}`,
    en: `${to}: handover of site ${site.id}, opened by ${holders.join(" together with ")}`,
  };
  process.stdout.write(`${say(text)}\n`);
  return 0;
}

async function importSite(options: Options): Promise<number> {
  const from = needed(options.from, "--from");
  const sealed = await readIfThere(from);
  if (sealed === undefined) throw wrongUse({ id: `${from}: tidak ada`, en: `${from}: not there` });
  const handover = await openHandover(sealed, await identitiesOf(options.identity ?? []), from);
  await withRegionLock(handover.region, process.env, () => place(handover));
  const inventory = join(lumbungHome(), handover.region, INVENTORY);
  const text = {
    id: `situs ${handover.region}-${handover.site} diterima (dibuat ${handover.at}). Inventaris saat itu: ${inventory}\nBerikutnya: lumbung status --region ${handover.region}, lalu lumbung up --region ${handover.region} --site ${handover.site}`,
    en: `site ${handover.region}-${handover.site} taken over (made ${handover.at}). The inventory of then: ${inventory}\nNext: lumbung status --region ${handover.region}, then lumbung up --region ${handover.region} --site ${handover.site}`,
  };
  process.stdout.write(`${say(text)}\n`);
  return 0;
}

/** Private age keys, one a line, as `age-keygen` writes them. @throws LumbungError where a file is missing or others may read it. */
async function identitiesOf(paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    paths.map((path) =>
      readPrivate(path).catch((cause: unknown) => {
        if (isAbsence(cause))
          throw wrongUse({ id: `${path}: tidak ada`, en: `${path}: not there` }, undefined, { cause });
        throw cause;
      }),
    ),
  );
  const keys = texts.flatMap((text) => text.split("\n").filter((line) => line.startsWith("AGE-SECRET-KEY-1")));
  if (keys.length > 0) return keys.map((key) => key.trim());
  throw wrongUse(
    { id: "tidak ada kunci age yang diberikan", en: "no age key was given" },
    { id: "--identity <berkas dari age-keygen>", en: "--identity <file from age-keygen>" },
  );
}

/** All of the handover's parts, each moved into place whole; nothing that is here is overwritten. */
async function place({ region, files }: Handover): Promise<void> {
  const root = join(lumbungHome(), region);
  const parts = [...new Set(Object.keys(files).map((path) => path.split("/")[0] ?? ""))];
  const site = parts.filter((part) => part !== BACKBONE && part !== INVENTORY);
  for (const part of site) {
    if (await isThere(join(root, part))) throw occupied(join(root, part));
  }
  const scratch = join(root, `import-${process.pid}`);
  await rm(scratch, { recursive: true, force: true });
  try {
    for (const [path, content] of Object.entries(files)) {
      const target = join(scratch, path);
      await ensurePrivateFolder(dirname(target));
      await writeFile(target, content, { mode: 0o600 });
    }
    // The site last: where it is, all of it is, and an import that was cut short can be done again.
    for (const part of [...parts.filter((one) => !site.includes(one)), ...site]) {
      // The backbone and the inventory belong to no site alone: what is here already stays.
      if (await isThere(join(root, part))) continue;
      await rename(join(scratch, part), join(root, part));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function occupied(path: string) {
  return refused(
    { id: `${path}: situs ini sudah ada di mesin ini`, en: `${path}: this site is on this machine already` },
    {
      id: "pindahkan folder itu dahulu bila memang hendak diganti; tidak ada yang ditimpa",
      en: "move that folder away first if it is to be replaced; nothing is overwritten",
    },
  );
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw wrongUse(
    { id: `${option} belum diberikan`, en: `${option} was not given` },
    { id: `tambahkan ${option} <berkas>`, en: `add ${option} <file>` },
  );
}
