/**
 * A zone's signing key rolled over its parent (RFC 6781 section 4.1.2, double signature): old and new key both sign; the parent's DS
 * record is exchanged by a person; when no resolver can hold the old DS record any more, the old key goes. An `up` after each step.
 */
import { refused, wrongUse } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import { dsRecord, keyTag } from "./dnskey.ts";
import { createKey, type Making } from "./pki.ts";
import { type Deployment, isBroughtOut, notBroughtOut, type Rotation, type RotationRequest } from "./rotation.ts";
import type { RegionSecrets, ZoneKey } from "./types.ts";

/** What the registries of .id and most others use. */
const DS_TTL_SECONDS = 86_400;
/** Keys of past rotations that name servers are told to forget: more than a server can be behind. */
const RETIRED_KEPT = 4;

/** @throws LumbungError (2) where the step is not due; (4) where resolvers could still hold what the step takes away. */
export async function rollZone(
  secrets: RegionSecrets,
  { what, finish = false, dsPublished = false, dsTtlSeconds = DS_TTL_SECONDS }: RotationRequest,
  deployment: Deployment,
  making: Making,
): Promise<Rotation> {
  const zone = what.slice("dnssec:".length);
  const held = agreedKey(secrets, zone, deployment);
  const now = making.now.toISOString();
  const { next } = held;
  if (!finish && !dsPublished) {
    if (next !== undefined) throw wrongUse(UNDER_WAY(what), UNDER_WAY_HINT(what));
    const key = await freshKey(held, making);
    return step(secrets, zone, { ...held, next: { key, created: now } }, BOTH_SIGN(what, dsRecord(zone, key)));
  }
  if (next === undefined) throw wrongUse(NOT_UNDER_WAY(what));
  if (dsPublished) {
    if (!isBroughtOut(next.created, deployment)) throw notBroughtOut(what);
    const wait = left(next.inUse ?? deployment.broughtOut ?? now, zoneTtl(deployment, zone), making.now);
    if (wait > 0) throw refused(TOO_EARLY(what, wait), TOO_EARLY_ZONE);
    return step(secrets, zone, { ...held, next: { ...next, dsPublished: now } }, CONFIRMED(what, dsTtlSeconds));
  }
  if (next.dsPublished === undefined) throw refused(NO_DS(what), NO_DS_HINT(what, dsRecord(zone, next.key)));
  const wait = left(next.dsPublished, dsTtlSeconds, making.now);
  if (wait > 0) throw refused(TOO_EARLY(what, wait), TOO_EARLY_PARENT);
  const retired = [...(held.retired ?? []), keyTag(held.key)].slice(-RETIRED_KEPT);
  const { key, created } = next;
  return step(secrets, zone, { key, algorithm: held.algorithm, created, retired }, ALONE(what));
}

/** Notes since when next keys are in use: every later `up` moves the sites' own note on, and the wait would begin anew each time. */
export function noteInUse(secrets: RegionSecrets, deployment: Pick<Deployment, "broughtOut">): RegionSecrets {
  const noted = (key: ZoneKey): ZoneKey => {
    const { next } = key;
    const { broughtOut } = deployment;
    if (next === undefined || next.inUse !== undefined || broughtOut === undefined) return key;
    return isBroughtOut(next.created, deployment) ? { ...key, next: { ...next, inUse: broughtOut } } : key;
  };
  const sites = Object.entries(secrets.sites).map(([id, site]) => {
    const dnssec = Object.fromEntries(Object.entries(site.dnssec).map(([zone, key]) => [zone, noted(key)]));
    return [id, { ...site, dnssec }] as const;
  });
  return { ...secrets, sites: Object.fromEntries(sites) };
}

/** Where a zone's rotation is, with the DS record that counts next; undefined where none is under way. */
export function zoneStep(
  zone: string,
  { next }: ZoneKey,
  deployment: Pick<Deployment, "broughtOut">,
): Text | undefined {
  if (next === undefined) return undefined;
  const what = `dnssec:${zone}`;
  if (!isBroughtOut(next.created, deployment))
    return { id: "langkah 1 dari 3 dibuat: jalankan `lumbung up`", en: "step 1 of 3 made: run `lumbung up`" };
  if (next.dsPublished === undefined) {
    const ds = dsRecord(zone, next.key);
    return {
      id: `langkah 1 dari 3 dipakai: minta zona induk memasang "${ds}", lalu \`lumbung secrets rotate ${what} --ds-published\``,
      en: `step 1 of 3 in use: have the parent zone show "${ds}", then \`lumbung secrets rotate ${what} --ds-published\``,
    };
  }
  return {
    id: `langkah 2 dari 3 sejak ${next.dsPublished}: bila TTL DS sudah lewat, \`lumbung secrets rotate ${what} --finish\``,
    en: `step 2 of 3 since ${next.dsPublished}: when the DS record's TTL has passed, \`lumbung secrets rotate ${what} --finish\``,
  };
}

/** A key whose tag is not that of one before: name servers are told by tag which keys to forget. */
async function freshKey({ key: old, retired = [] }: ZoneKey, making: Making): Promise<string> {
  const taken = [keyTag(old), ...retired];
  for (;;) {
    const key = await createKey(making.entropy);
    if (!taken.includes(keyTag(key))) return key;
  }
}

function agreedKey(secrets: RegionSecrets, zone: string, { model }: Deployment): ZoneKey {
  const absent = model.sites.map(({ id }) => id).filter((id) => secrets.sites[id] === undefined);
  if (absent.length > 0) throw refused(ABSENT(zone, absent));
  const held = Object.values(secrets.sites)[0]?.dnssec[zone];
  if (held !== undefined) return held;
  const there = model.zones.map(({ name }) => `dnssec:${name}`).join(", ");
  throw wrongUse(
    { id: `dnssec:${zone}: zona ini tidak dinyatakan`, en: `dnssec:${zone}: this zone is not declared` },
    { id: `yang ada: ${there}`, en: `there are: ${there}` },
  );
}

/** How long resolvers keep what the zone said before both keys signed. */
function zoneTtl({ model }: Deployment, zone: string): number {
  const found = model.zones.find(({ name }) => name === zone);
  return Math.max(found?.ttlSeconds ?? 0, ...(found?.records ?? []).map(({ ttlSeconds }) => ttlSeconds));
}

/** Seconds still to wait; 0 or less: none. */
function left(since: string, seconds: number, now: Date): number {
  return Math.ceil((Date.parse(since) + seconds * 1000 - now.getTime()) / 1000);
}

function step(secrets: RegionSecrets, zone: string, key: ZoneKey, told: Text): Rotation {
  const sites = Object.fromEntries(
    Object.entries(secrets.sites).map(([id, site]) => [id, { ...site, dnssec: { ...site.dnssec, [zone]: key } }]),
  );
  return { secrets: { ...secrets, sites }, renew: () => false, settle: () => false, told: [told] };
}

const BOTH_SIGN = (what: string, ds: string): Text => ({
  id: `${what}: langkah 1 dari 3: kunci lama dan baru sama-sama menandatangani. Jalankan \`lumbung up\`; setelah TTL zona lewat, minta zona induk mengganti catatan DS menjadi:\n  ${ds}\nlalu \`lumbung secrets rotate ${what} --ds-published\``,
  en: `${what}: step 1 of 3: the old and the new key both sign. Run \`lumbung up\`; when the zone's TTL has passed, have the parent zone replace its DS record by:\n  ${ds}\nthen \`lumbung secrets rotate ${what} --ds-published\``,
});
const CONFIRMED = (what: string, seconds: number): Text => ({
  id: `${what}: langkah 2 dari 3: DS baru dicatat terbit. Setelah ${seconds} detik (TTL DS di zona induk), \`lumbung secrets rotate ${what} --finish\``,
  en: `${what}: step 2 of 3: the new DS record is taken as published. After ${seconds} seconds (TTL of DS at the parent), \`lumbung secrets rotate ${what} --finish\``,
});
const ALONE = (what: string): Text => ({
  id: `${what}: langkah 3 dari 3: kunci baru menandatangani sendiri. Jalankan \`lumbung up\``,
  en: `${what}: step 3 of 3: the new key signs alone. Run \`lumbung up\``,
});
const UNDER_WAY = (what: string): Text => ({
  id: `${what}: penggantian sedang berjalan`,
  en: `${what}: a rotation is under way`,
});
const UNDER_WAY_HINT = (what: string): Text => ({
  id: `lihat \`lumbung secrets list\`; berikutnya --ds-published, lalu --finish (${what})`,
  en: `see \`lumbung secrets list\`; next --ds-published, then --finish (${what})`,
});
const NOT_UNDER_WAY = (what: string): Text => ({
  id: `${what}: tidak ada penggantian yang sedang berjalan; mulai dengan \`lumbung secrets rotate ${what}\``,
  en: `${what}: no rotation is under way; begin with \`lumbung secrets rotate ${what}\``,
});
const TOO_EARLY = (what: string, seconds: number): Text => ({
  id: `${what}: tunggu ${seconds} detik lagi`,
  en: `${what}: wait ${seconds} seconds more`,
});
const TOO_EARLY_ZONE: Text = {
  id: "resolver masih boleh menyimpan tanda tangan dari sebelum kedua kunci menandatangani; DS baru sebelum itu membuat zona tak sah bagi mereka",
  en: "resolvers may still keep signatures from before both keys signed; a new DS record before that makes the zone bogus for them",
};
const TOO_EARLY_PARENT: Text = {
  id: "resolver masih boleh menyimpan DS lama; kunci lama yang pergi sebelum itu membuat zona tak sah bagi mereka. TTL lain: --ds-ttl <detik>",
  en: "resolvers may still keep the old DS record; the old key gone before that makes the zone bogus for them. Another TTL: --ds-ttl <seconds>",
};
const NO_DS = (what: string): Text => ({
  id: `${what}: belum dinyatakan bahwa zona induk memasang DS yang baru; tanpa itu zona menjadi tak sah`,
  en: `${what}: nobody has confirmed that the parent zone shows the new DS record; without it the zone becomes bogus`,
});
const NO_DS_HINT = (what: string, ds: string): Text => ({
  id: `zona induk: ${ds}\nlalu: lumbung secrets rotate ${what} --ds-published`,
  en: `parent zone: ${ds}\nthen: lumbung secrets rotate ${what} --ds-published`,
});
const ABSENT = (zone: string, sites: readonly string[]): Text => ({
  id: `dnssec:${zone}: bundel situs ${sites.join(", ")} tidak tersedia; kedua situs menandatangani dengan kunci yang sama`,
  en: `dnssec:${zone}: the bundle of site ${sites.join(", ")} is not at hand; both sites sign with the same keys`,
});
