/**
 * A new root without a moment in which somebody meets a certificate that he does not trust, in three steps with an `up` after each:
 * the next root is trusted by all; it signs, and the old one is still trusted; the old one is trusted no longer. The old key is
 * destroyed at the second step. Every step renews every leaf: some engines read what they trust only when their own certificate changes.
 */
import { refused, wrongUse } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import { createRoot, type Making } from "./pki.ts";
import {
  type Deployment,
  isBroughtOut,
  isLeaf,
  notBroughtOut,
  type Rotation,
  type RotationRequest,
} from "./rotation.ts";
import type { RegionSecrets, RootSecrets } from "./types.ts";

/** The certificates that every workload trusts, the older first: the same bytes before and after the second step. */
export function trustedRoots({ previous, certificate, next }: RootSecrets): string {
  return `${previous?.certificate ?? ""}${certificate}${next?.certificate ?? ""}`;
}

/** @throws LumbungError (4) where a bundle or the root key is not at hand, or the step before is not in use everywhere. */
export async function rollRoot(
  secrets: RegionSecrets,
  { finish = false }: RotationRequest,
  deployment: Deployment,
  making: Making,
): Promise<Rotation> {
  const { root } = secrets;
  if (root === undefined) throw refused(NO_ROOT, NO_ROOT_HINT);
  const { sites, witness } = deployment.model;
  const absent: string[] = sites.map(({ id }) => id).filter((id) => secrets.sites[id] === undefined);
  if (witness && secrets.witness === undefined) absent.push(witness.id);
  if (absent.length > 0) throw refused(ABSENT(absent));
  const now = making.now.toISOString();
  if (!finish) {
    if (root.next !== undefined || root.previous !== undefined) throw wrongUse(UNDER_WAY, UNDER_WAY_HINT);
    const { certificate, key } = await createRoot(`Lumbung ${root.region} root ${now.slice(0, 10)}`, making);
    return step({ ...root, next: { certificate, key, created: now } }, secrets, isLeaf, [TRUSTED]);
  }
  const { next, previous, ...rest } = root;
  if (next !== undefined) {
    if (!isBroughtOut(next.created, deployment)) throw notBroughtOut("root");
    const { certificate, key } = next;
    const promoted = { ...rest, certificate, key, previous: { certificate: root.certificate, since: now } };
    return step(promoted, secrets, (what) => isLeaf(what) || what.startsWith("intermediate:"), [SIGNS]);
  }
  if (previous === undefined) throw wrongUse(NOT_UNDER_WAY);
  if (!isBroughtOut(previous.since, deployment)) throw notBroughtOut("root");
  return step(rest, secrets, isLeaf, [GONE]);
}

function step(
  root: RootSecrets,
  secrets: RegionSecrets,
  renew: (what: string) => boolean,
  told: readonly Text[],
): Rotation {
  return { secrets: { ...secrets, root }, renew, settle: () => false, told };
}

/** Where the root's rotation is; undefined where none is under way. */
export function rootStep(root: RootSecrets | undefined, deployment: Pick<Deployment, "broughtOut">): Text | undefined {
  if (root?.next) return isBroughtOut(root.next.created, deployment) ? READY(1) : WAITS(1);
  if (root?.previous) return isBroughtOut(root.previous.since, deployment) ? READY(2) : WAITS(2);
  return undefined;
}

const WAITS = (number: 1 | 2): Text => ({
  id: `langkah ${number} dari 3 dibuat: jalankan \`lumbung up\``,
  en: `step ${number} of 3 made: run \`lumbung up\``,
});
const READY = (number: 1 | 2): Text => ({
  id: `langkah ${number} dari 3 dipakai: berikutnya \`lumbung secrets rotate root --finish\``,
  en: `step ${number} of 3 in use: next \`lumbung secrets rotate root --finish\``,
});
const TRUSTED: Text = {
  id: "langkah 1 dari 3: akar berikutnya dibuat dan akan dipercaya di samping yang lama. Jalankan `lumbung up`; pasang kedua akar (`lumbung secrets show authority.root --site <situs>`) di mesin yang mempercayai akar ini; lalu `lumbung secrets rotate root --finish`",
  en: "step 1 of 3: the next root is made and will be trusted beside the old one. Run `lumbung up`; install both roots (`lumbung secrets show authority.root --site <site>`) on the machines that trust this root; then `lumbung secrets rotate root --finish`",
};
const SIGNS: Text = {
  id: "langkah 2 dari 3: akar baru menandatangani semuanya, kunci lama dimusnahkan, akar lama masih dipercaya. Jalankan `lumbung up`, lalu `lumbung secrets rotate root --finish`",
  en: "step 2 of 3: the new root signs everything, the old key is destroyed, the old root is still trusted. Run `lumbung up`, then `lumbung secrets rotate root --finish`",
};
const GONE: Text = {
  id: "langkah 3 dari 3: akar lama tidak lagi dipercaya. Jalankan `lumbung up`, dan simpan root/root.age yang baru di luar jaringan",
  en: "step 3 of 3: the old root is trusted no longer. Run `lumbung up`, and keep the new root/root.age off line",
};
const NO_ROOT: Text = {
  id: "root: kunci akar wilayah tidak tersedia di sini",
  en: "root: the region's root key is not at hand",
};
const NO_ROOT_HINT: Text = {
  id: "sediakan root/root.age dan frasa sandinya (root/passphrase atau LUMBUNG_ROOT_PASSPHRASE_FILE)",
  en: "put root/root.age and its passphrase in place (root/passphrase or LUMBUNG_ROOT_PASSPHRASE_FILE)",
};
const ABSENT = (sites: readonly string[]): Text => ({
  id: `root: bundel situs ${sites.join(", ")} tidak tersedia; situs itu tidak akan mempercayai akar baru`,
  en: `root: the bundle of site ${sites.join(", ")} is not at hand; that site would not trust the new root`,
});
const UNDER_WAY: Text = { id: "root: penggantian sedang berjalan", en: "root: a rotation is under way" };
const UNDER_WAY_HINT: Text = {
  id: "lihat `lumbung secrets list`; langkah berikutnya: `lumbung up`, lalu `lumbung secrets rotate root --finish`",
  en: "see `lumbung secrets list`; next: `lumbung up`, then `lumbung secrets rotate root --finish`",
};
const NOT_UNDER_WAY: Text = {
  id: "root: tidak ada penggantian yang sedang berjalan; mulai dengan `lumbung secrets rotate root`",
  en: "root: no rotation is under way; begin with `lumbung secrets rotate root`",
};
