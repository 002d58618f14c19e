/**
 * Secrets that all sites share: region identity, TSIG and DNSSEC keys, passwords of databases, applications and the code repository. Where only some sites' bundles are at
 * hand, what these hold counts; where two sites changed one while apart, the newer counts, except where only a person can tell.
 */
import { isDeepStrictEqual } from "node:util";
import { refused } from "../io/errors.ts";
import type { Model } from "../model/types.ts";
import {
  declaredApplicationSecrets,
  declaredCodeTokens,
  declaredObjectReaders,
  declaredRoles,
  declaredZones,
} from "./declared.ts";
import { randomText } from "./entropy.ts";
import type { Journal } from "./journal.ts";
import { createKey, type Making } from "./pki.ts";
import { scramVerifier } from "./scram.ts";
import type {
  ApplicationSecret,
  BackupKey,
  DatabaseRoleSecret,
  ObjectSecret,
  RegionSecrets,
  SiteSecrets,
  TsigKey,
  ZoneKey,
} from "./types.ts";

export type SharedSecrets = Pick<
  SiteSecrets,
  | "regionIdentity"
  | "tsig"
  | "dnssec"
  | "databaseRoles"
  | "applicationSecrets"
  | "objectReaders"
  | "codeHostKey"
  | "codeTokens"
>;

/** What the sites at hand share, with what is missing made and what is no longer declared dropped. */
export async function sharedSecrets(
  model: Model,
  previous: RegionSecrets,
  recordedIdentity: string | undefined,
  journal: Journal,
  making: Making,
): Promise<SharedSecrets> {
  const sites = Object.values(previous.sites);
  const region = model.region.id;
  const one = <T extends { readonly created?: string }>(what: string, pick: (site: SiteSecrets) => T | undefined) =>
    agreed(what, sites, pick, journal);
  const tsig = async (name: TsigUse): Promise<TsigKey> => {
    const what = `tsig:${name}`;
    const pick = (site: SiteSecrets) => site.tsig[name];
    return journal.settled(
      what,
      one(what, pick) ?? journal.made(what, newTsig(name, region, newestOf(sites, pick), making)),
    );
  };

  const dnssec = await collect(declaredZones(model), async (zone) => {
    const what = `dnssec:${zone}`;
    return one(what, (site) => site.dnssec[zone]) ?? journal.made(what, await newSigningKey(making));
  });
  const databaseRoles = await collect(declaredRoles(model), async (role) => {
    const what = `database-role:${role}`;
    const pick = (site: SiteSecrets) => site.databaseRoles[role];
    return journal.settled(
      what,
      one(what, pick) ?? journal.made(what, newRole(newestOf(sites, pick)?.password, making)),
    );
  });
  const applicationSecrets = await collect(declaredApplicationSecrets(model), async (application) => {
    const what = `application-secret:${application}`;
    const pick = (site: SiteSecrets) => site.applicationSecrets[application];
    return one(what, pick) ?? journal.made(what, newApplicationSecret(newestOf(sites, pick), making));
  });
  const objectReaders = await collect(declaredObjectReaders(model), async (name) => {
    const what = `object-reader:${name}`;
    const pick = (site: SiteSecrets) => site.objectReaders[name];
    return journal.settled(what, one(what, pick) ?? journal.made(what, newObjectSecret(newestOf(sites, pick), making)));
  });
  const codeTokens = await collect(declaredCodeTokens(model), async (role) => {
    const what = `code-token:${role}`;
    return one(what, (site) => site.codeTokens[role]) ?? journal.made(what, newToken(making));
  });
  const codeHostKey =
    model.code === undefined
      ? undefined
      : (one("code-host-key", (site) => site.codeHostKey) ??
        journal.made("code-host-key", { key: await createKey(making.entropy), created: making.now.toISOString() }));
  const dropped = (prefix: string, pick: (site: SiteSecrets) => Readonly<Record<string, unknown>>, after: object) =>
    journal.droppedKeys(prefix, sites.map(pick), { ...after });
  dropped("dnssec:", (site) => site.dnssec, dnssec);
  dropped("database-role:", (site) => site.databaseRoles, databaseRoles);
  dropped("application-secret:", (site) => site.applicationSecrets, applicationSecrets);
  dropped("object-reader:", (site) => site.objectReaders, objectReaders);
  dropped("code-token:", (site) => site.codeTokens, codeTokens);
  return {
    regionIdentity: agreedIdentity(previous) ?? recordedIdentity ?? making.entropy.uuid(),
    tsig: { transfer: await tsig("transfer"), update: await tsig("update"), evidence: await tsig("evidence") },
    dnssec,
    databaseRoles,
    applicationSecrets,
    objectReaders,
    ...(codeHostKey === undefined ? {} : { codeHostKey }),
    codeTokens,
  };
}

/**
 * The one region identity of everything at hand, if there is any.
 * @throws LumbungError (4) where bundles of different regions lie side by side.
 */
export function agreedIdentity(previous: RegionSecrets): string | undefined {
  const holders = [...Object.values(previous.sites), ...(previous.root ? [previous.root] : [])];
  const identities = [...new Set(holders.map((holder) => holder.regionIdentity))];
  if (identities.length > 1) {
    throw refused(
      {
        id: `berkas rahasia berasal dari wilayah yang berbeda: identitas ${identities.join(" dan ")}`,
        en: `the secrets at hand belong to different regions: identities ${identities.join(" and ")}`,
      },
      {
        id: "pulihkan berkas yang benar dari .previous atau dari cadangan; jangan menghapus keduanya",
        en: "put the right file back, from .previous or from a copy; do not delete both",
      },
    );
  }
  return identities[0];
}

/** The value that all sites have, the newest where they differ, or undefined where none has it or it is to be renewed. */
function agreed<T extends { readonly created?: string }>(
  what: string,
  sites: readonly SiteSecrets[],
  pick: (site: SiteSecrets) => T | undefined,
  journal: Journal,
): T | undefined {
  if (journal.isRenewed(what)) return undefined;
  const held = sites.flatMap((site) => {
    const value = pick(site);
    return value === undefined ? [] : [{ site: site.site, value }];
  });
  const [first] = held;
  if (first === undefined) return undefined;
  const newest = held.reduce((best, next) => ((next.value.created ?? "") > (best.value.created ?? "") ? next : best));
  const differing = held.filter(({ value }) => !isDeepStrictEqual(value, newest.value));
  const strangers = differing.filter(({ value }) => !isDeepStrictEqual(present(value), present(newest.value)));
  if (
    differing.some(() => what.startsWith("dnssec:")) ||
    strangers.some(({ value }) => (value.created ?? "") === (newest.value.created ?? ""))
  ) {
    throw undecidable(
      what,
      held.map(({ site }) => site),
    );
  }
  const without = sites.map((site) => site.site).filter((site) => !held.some((holder) => holder.site === site));
  for (const site of [...without, ...differing.map((holder) => holder.site)]) journal.copied(what, newest.site, site);
  return newest.value;
}

/** Without what was before: of that a site may have been told less. */
function present(value: object): object {
  const { previous, previousPassword, ...rest } = value as { previous?: unknown; previousPassword?: unknown };
  return rest;
}

function undecidable(what: string, sites: readonly string[]) {
  return refused(
    {
      id: `${what}: situs ${sites.join(" dan ")} memegang nilai yang berbeda dan tidak dapat diputuskan mana yang berlaku`,
      en: `${what}: sites ${sites.join(" and ")} hold different values, and nothing tells which one counts`,
    },
    {
      id: "pakai kunci yang sedang terbit (catatan DS di zona induk, atau yang dipakai situs aktif): pulihkan bundel situs lain dari .previous",
      en: "keep the one in use (the DS record in the parent zone, or the active site's): put the other site's bundle back from .previous",
    },
  );
}

/** What counts where sites differ, whether or not it is to be renewed. */
function newestOf<T extends { readonly created?: string }>(
  sites: readonly SiteSecrets[],
  pick: (site: SiteSecrets) => T | undefined,
): T | undefined {
  return sites
    .map(pick)
    .reduce((best, next) => ((next?.created ?? "") > (best?.created ?? "") ? next : (best ?? next)), undefined);
}

type TsigUse = keyof SiteSecrets["tsig"];

/** A renewed key has the moment in its name: a name server tells keys apart by name, and takes both for a while. */
function newTsig(use: TsigUse, region: string, before: TsigKey | undefined, { now, entropy }: Making): TsigKey {
  const secret = Buffer.from(entropy.bytes(32)).toString("base64");
  const moment = now.toISOString().replace(/[-:TZ]|\.\d+/g, "");
  const name = before === undefined ? `${use}.${region}.internal` : `${use}-${moment}.${region}.internal`;
  const made = { name, algorithm: "hmac-sha256", secret, created: now.toISOString() } as const;
  if (before === undefined) return made;
  const { previous, ...held } = before;
  return { ...made, previous: held };
}

async function newSigningKey({ now, entropy }: Making): Promise<ZoneKey> {
  return { key: await createKey(entropy), algorithm: "ecdsap256sha256", created: now.toISOString() };
}

function newRole(previousPassword: string | undefined, { now, entropy }: Making): DatabaseRoleSecret {
  const password = randomText(entropy, 32);
  return {
    password,
    scramVerifier: scramVerifier(password, entropy.bytes(16)),
    created: now.toISOString(),
    ...(previousPassword === undefined ? {} : { previousPassword }),
  };
}

/** The administrator's first password is the application's own once it is installed: another one here would open nothing. */
function newApplicationSecret(before: ApplicationSecret | undefined, { now, entropy }: Making): ApplicationSecret {
  const secret = randomText(entropy, 64);
  return { secret, adminPassword: before?.adminPassword ?? randomText(entropy, 24), created: now.toISOString() };
}

export function newObjectSecret(before: ObjectSecret | undefined, { now, entropy }: Making): ObjectSecret {
  const made = { secret: randomText(entropy, 64), created: now.toISOString() };
  if (before === undefined) return made;
  const { previous, ...held } = before;
  return { ...made, previous: held };
}

export function newBackupKey({ now, entropy }: Making): BackupKey {
  return { passphrase: randomText(entropy, 64), created: now.toISOString() };
}

function newToken({ now, entropy }: Making): SiteSecrets["codeTokens"][string] {
  return { token: randomText(entropy, 32), created: now.toISOString() };
}

async function collect<T>(names: readonly string[], make: (name: string) => Promise<T>): Promise<Record<string, T>> {
  const result: Record<string, T> = {};
  for (const name of names) result[name] = await make(name);
  return result;
}
