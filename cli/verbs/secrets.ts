import { loadSite } from "../../custody/read.ts";
import { rotateRegionSecrets } from "../../custody/store.ts";
import { systemClock } from "../../io/clock.ts";
import { wrongUse } from "../../io/errors.ts";
import type { Model } from "../../model/types.ts";
import { modelOf, siteOption } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { listSecrets } from "./secrets-list.ts";
import { rotatePassphrase } from "./secrets-passphrase.ts";

/** `secrets list`: what there is and until when, no value; `secrets rotate <what>`: make one anew (then `up` brings it out). */
export async function secrets(options: Options): Promise<number> {
  const model = await modelOf(options);
  const [what, name, ...more] = options.words;
  if (what === "rotate" && name === "passphrase") return rotatePassphrase(model, options);
  if (what === "rotate" && name !== undefined) return rotate(model, name, options);
  if (what === "show") return show(model, options, name === undefined ? [] : [name, ...more]);
  if (what === "list" || what === undefined) return listSecrets(model, options.json ?? false);
  throw wrongUse(
    {
      id: `"secrets ${options.words.join(" ")}" tidak dikenal`,
      en: `"secrets ${options.words.join(" ")}" is not known`,
    },
    {
      id: "secrets list, secrets show [nama] --site <situs>, secrets rotate <apa> [--finish], atau secrets rotate passphrase --site <situs>",
      en: "secrets list, secrets show [name] --site <site>, secrets rotate <what> [--finish], or secrets rotate passphrase --site <site>",
    },
  );
}

/** One secret's value on standard output, for whoever holds the site's passphrase; of several, as JSON; without a name, the names alone. */
async function show(model: Model, options: Options, names: readonly string[]): Promise<number> {
  const site = siteOption(options, model);
  const values = leaves(await loadSite(model.region.id, site.id, process.env));
  if (names.length === 0) {
    process.stdout.write(
      options.json ? `${JSON.stringify([...values.keys()], null, 2)}\n` : `${[...values.keys()].join("\n")}\n`,
    );
    return 0;
  }
  const unknown = names.find((name) => !values.has(name));
  if (unknown !== undefined) {
    throw wrongUse(
      { id: `rahasia "${unknown}" tidak ada di situs ${site.id}`, en: `site ${site.id} has no secret "${unknown}"` },
      {
        id: `lihat namanya: lumbung secrets show --site ${site.id}`,
        en: `see the names: lumbung secrets show --site ${site.id}`,
      },
    );
  }
  const shown = names.map((name) => [name, values.get(name) ?? ""] as const);
  const [[, first] = ["", ""], ...others] = shown;
  process.stdout.write(
    options.json || others.length > 0
      ? `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`
      : `${first.trimEnd()}\n`,
  );
  return 0;
}

/** Every text in a value, by its path: `databaseRoles.utama/pengaduan.password`. */
export function leaves(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (typeof value === "string") return new Map([[path.join("."), value]]);
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, [...path, key])]));
}

async function rotate(model: Model, what: string, options: Options): Promise<number> {
  const dsTtl = options["ds-ttl"];
  const request = {
    what,
    finish: options.finish ?? false,
    dsPublished: options["ds-published"] ?? false,
    ...(dsTtl === undefined ? {} : { dsTtlSeconds: seconds(dsTtl) }),
  };
  const { changes, warnings, told } = await rotateRegionSecrets(model, request, {
    env: process.env,
    clock: systemClock,
  });
  for (const { message } of changes) process.stdout.write(`${say(message)}\n`);
  for (const warning of warnings) process.stdout.write(`! ${say(warning)}\n`);
  for (const text of told) process.stdout.write(`${say(text)}\n`);
  return 0;
}

function seconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw wrongUse({
    id: `--ds-ttl: harus bilangan detik, bukan "${text}"`,
    en: `--ds-ttl: expected a number of seconds, received "${text}"`,
  });
}
