/** The keys of a site's repositories, sealed to those who may open a copy: `age --decrypt -i key.txt keys.age` gives this JSON. */
import { Decrypter, Encrypter } from "age-encryption";
import { z } from "zod";
import type { SiteSecrets } from "../../custody/types.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import type { KeyHolder } from "../../model/types.ts";

const schema = z.strictObject({
  kind: z.literal("lumbung-backup-keys"),
  region: z.string(),
  site: z.string(),
  /** By repository: `postgresql:utama/base`, …, `restic`. */
  passphrases: z.record(z.string(), z.string()),
});

export type RepositoryKeys = z.output<typeof schema>;

export function keysOf({ region, site, backupKeys }: SiteSecrets): RepositoryKeys {
  const passphrases = Object.fromEntries(
    Object.entries(backupKeys).map(([name, { passphrase }]) => [name, passphrase]),
  );
  return { kind: "lumbung-backup-keys", region, site, passphrases };
}

/** Any one of the holders opens it. @throws LumbungError (2) where none of them has a key. */
export async function sealKeys(keys: RepositoryKeys, holders: readonly KeyHolder[]): Promise<Uint8Array> {
  const recipients = holders.flatMap((holder) => holder.recipients);
  if (recipients.length === 0)
    throw wrongUse(
      { id: "tak satu pun pemegang situs ini punya kunci age", en: "no custodian of this site has an age key" },
      { id: "isi roles[].ageRecipients", en: "fill roles[].ageRecipients" },
    );
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(JSON.stringify(keys));
}

/** @throws LumbungError (2) where no identity fits, (4) where the file is damaged. */
export async function openKeys(
  sealed: Uint8Array,
  identities: readonly string[],
  name: string,
): Promise<RepositoryKeys> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  let text: string;
  try {
    text = await decrypter.decrypt(sealed, "text");
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith("no identity matched"))
      throw wrongUse(
        {
          id: `${name}: tidak terbuka oleh kunci yang diberikan`,
          en: `${name}: the keys that were given do not open it`,
        },
        {
          id: "beri kunci pemegang situs itu dengan --identity <berkas>",
          en: "give a key of that site's custodian with --identity <file>",
        },
        { cause },
      );
    throw damaged(name, cause);
  }
  const parsed = schema.safeParse(JSON.parse(text));
  // What the file holds has no place in a message.
  if (!parsed.success) throw damaged(name, undefined);
  return parsed.data;
}

const damaged = (name: string, cause: unknown) =>
  refused(
    { id: `${name}: rusak atau terpotong`, en: `${name}: damaged or cut short` },
    { id: "pakai salinan lain dari berkas ini", en: "use another copy of this file" },
    { cause },
  );
