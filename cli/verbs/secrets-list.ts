import { stat } from "node:fs/promises";
import { allBroughtOut, handedOver } from "../../custody/brought-out.ts";
import { certificateFacts, type SecretFact, secretFacts } from "../../custody/facts.ts";
import { custodyPaths, ROOT_PART } from "../../custody/paths.ts";
import { rotatable } from "../../custody/rotate.ts";
import { loadRegion } from "../../custody/store.ts";
import { systemClock } from "../../io/clock.ts";
import { isAbsence } from "../../io/files.ts";
import type { Model, Text } from "../../model/types.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { ageText, expiryOf } from "../status/expiry.ts";

/** `secrets list`: every secret by name, how old it is, until when it holds, which step of a rotation it is in. */
export async function listSecrets(model: Model, json: boolean): Promise<number> {
  const region = model.region.id;
  const sites = model.sites.map(({ id }) => id);
  const { secrets } = await loadRegion(region, sites, process.env);
  const broughtOut = await allBroughtOut(region, sites, process.env);
  const facts = [...secretFacts(secrets, { broughtOut }), ...(await passphraseFacts(region, sites))];
  const handovers = await Promise.all(
    sites.map(async (site) => ({ site, at: (await handedOver(region, site, process.env)) ?? null })),
  );
  if (json) {
    const certificates = Object.values(secrets.sites).flatMap((site) =>
      certificateFacts(site).map(({ what, expires }) => ({ site: site.site, name: what, notAfter: expires })),
    );
    const told = { region, broughtOut: broughtOut ?? null, secrets: facts, handovers, certificates };
    process.stdout.write(`${JSON.stringify({ ...told, rotatable: rotatable(secrets) }, null, 2)}\n`);
    return 0;
  }
  process.stdout.write(`${factTable(facts, systemClock.now())}\n\n`);
  for (const { what, step } of facts) if (step) process.stdout.write(`${what}: ${say(step)}\n`);
  for (const { site, at } of handovers) process.stdout.write(`${say(handoverText(site, at))}\n`);
  return 0;
}

function factTable(facts: readonly SecretFact[], now: Date): string {
  const columns = [
    { title: say({ id: "rahasia", en: "secret" }) },
    { title: say({ id: "dibuat", en: "made" }) },
    { title: say({ id: "umur", en: "age" }), align: "right" as const },
    { title: say({ id: "berlaku s.d.", en: "valid to" }) },
    { title: say({ id: "keadaan", en: "state" }) },
  ];
  const rows = facts.map(({ what, made, expires, step }) => {
    const expiry = expires === undefined ? undefined : expiryOf(expires, now, /^(root|intermediate:)/.test(what));
    const note = expiry === undefined || expiry.level === "ok" ? undefined : expiry.text;
    const texts = [...(note ? [colour("yellow", say(note))] : []), ...(step ? [colour("yellow", say(ROTATING))] : [])];
    return [
      what,
      made?.slice(0, 10) ?? "–",
      made === undefined ? "–" : say(ageText(made, now)),
      expires?.slice(0, 10) ?? "–",
      texts.join("; ") || say({ id: "dipakai", en: "in use" }),
    ];
  });
  return table(columns, rows);
}

const ROTATING: Text = { id: "sedang diganti: lihat di bawah", en: "being rotated: see below" };

/** A passphrase is as old as its file. One that was taken away to a safe tells nothing. */
async function passphraseFacts(region: string, sites: readonly string[]): Promise<SecretFact[]> {
  const facts = await Promise.all(
    [...sites, BACKBONE, ROOT_PART].map(async (part): Promise<SecretFact | undefined> => {
      const made = await modified(custodyPaths(region, part, process.env).passphrase);
      return made === undefined ? undefined : { what: `passphrase:${part}`, made, expires: undefined, step: undefined };
    }),
  );
  return facts.filter((fact) => fact !== undefined);
}

async function modified(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).mtime.toISOString();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function handoverText(site: string, at: string | null): Text {
  return at === null
    ? {
        id: `serah terima ${site}: belum pernah dibuat dari mesin ini (lumbung custody export --site ${site})`,
        en: `handover of ${site}: none was made from this machine (lumbung custody export --site ${site})`,
      }
    : { id: `serah terima ${site}: terakhir ${at}`, en: `handover of ${site}: last ${at}` };
}
