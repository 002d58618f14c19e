import { loadSite } from "../../custody/read.ts";
import { rotatable } from "../../custody/rotate.ts";
import { loadRegion, rotateRegionSecrets } from "../../custody/store.ts";
import { systemClock } from "../../io/clock.ts";
import { wrongUse } from "../../io/errors.ts";
import type { Model } from "../../model/types.ts";
import { modelOf, siteOption } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { table } from "../output/table.ts";

/** `secrets list`: what there is and until when, no value; `secrets rotate <what>`: make one anew (then `up` brings it out). */
export async function secrets(options: Options): Promise<number> {
  const model = await modelOf(options);
  const [what, name] = options.words;
  if (what === "rotate" && name !== undefined) return rotate(model, name);
  if (what === "show") return show(model, options, name);
  if (what === "list" || what === undefined) return list(model, options);
  throw wrongUse(
    {
      id: `"secrets ${options.words.join(" ")}" tidak dikenal`,
      en: `"secrets ${options.words.join(" ")}" is not known`,
    },
    {
      id: "secrets list, secrets show [nama] --site <situs>, atau secrets rotate <apa>",
      en: "secrets list, secrets show [name] --site <site>, or secrets rotate <what>",
    },
  );
}

/** One secret's value on standard output, for whoever holds the site's passphrase; without a name, the names alone. */
async function show(model: Model, options: Options, name: string | undefined): Promise<number> {
  const site = siteOption(options, model);
  const values = leaves(await loadSite(model.region.id, site.id, process.env));
  if (name === undefined) {
    process.stdout.write(
      options.json ? `${JSON.stringify([...values.keys()], null, 2)}\n` : `${[...values.keys()].join("\n")}\n`,
    );
    return 0;
  }
  const value = values.get(name);
  if (value === undefined) {
    throw wrongUse(
      { id: `rahasia "${name}" tidak ada di situs ${site.id}`, en: `site ${site.id} has no secret "${name}"` },
      {
        id: `lihat namanya: lumbung secrets show --site ${site.id}`,
        en: `see the names: lumbung secrets show --site ${site.id}`,
      },
    );
  }
  process.stdout.write(`${value.trimEnd()}\n`);
  return 0;
}

/** Every text in a value, by its path: `databaseRoles.utama/pengaduan.password`. */
export function leaves(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (typeof value === "string") return new Map([[path.join("."), value]]);
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, [...path, key])]));
}

async function rotate(model: Model, what: string): Promise<number> {
  const { changes, warnings } = await rotateRegionSecrets(model, what, { env: process.env, clock: systemClock });
  for (const { message } of changes) process.stdout.write(`${say(message)}\n`);
  for (const warning of warnings) process.stdout.write(`! ${say(warning)}\n`);
  process.stdout.write(
    `${say({ id: "jalankan `lumbung up` agar dipakai", en: "run `lumbung up` so that it is used" })}\n`,
  );
  return 0;
}

async function list(model: Model, options: Options): Promise<number> {
  const { secrets: region } = await loadRegion(
    model.region.id,
    model.sites.map((site) => site.id),
    process.env,
  );
  const certificates = Object.entries(region.sites).flatMap(([site, { certificates, publicCertificate, operator }]) =>
    Object.entries({ ...certificates, publik: publicCertificate, operator }).map(([name, { notAfter, names }]) => ({
      site,
      name,
      notAfter,
      names,
    })),
  );
  const names = rotatable(region);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ region: model.region.id, rotatable: names, certificates }, null, 2)}\n`);
    return 0;
  }
  const columns = [
    { title: say({ id: "situs", en: "site" }) },
    { title: say({ id: "sertifikat", en: "certificate" }) },
    { title: say({ id: "berlaku s.d.", en: "valid to" }) },
    { title: say({ id: "nama", en: "names" }) },
  ];
  const rows = certificates.map(({ site, name, notAfter, names: all }) => [
    site,
    name,
    notAfter.slice(0, 10),
    all.slice(0, 2).join(", "),
  ]);
  process.stdout.write(
    `${table(columns, rows)}\n\n${say({ id: "dapat diganti", en: "can be rotated" })}: ${names.join(", ")}\n`,
  );
  return 0;
}
