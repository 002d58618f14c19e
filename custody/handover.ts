/**
 * A site's handover: what one needs to run that site from another machine, in one age file (age-encryption.org/v1). Sealed to the site's
 * custodians, any one of whom opens it; or, as escrow, in two layers: one who acts and one who approves open it together.
 * Without Lumbung: `age --decrypt -i key.txt file` (twice for an escrow) gives JSON, whose files are in base64.
 */
import { Decrypter, Encrypter } from "age-encryption";
import { z } from "zod";
import { type LumbungError, refused, wrongUse } from "../io/errors.ts";
import { digestOf } from "../io/kept.ts";
import type { KeyHolder, Text } from "../model/types.ts";

const HEAD = "age-encryption.org/v1";
/** An escrow has two. */
const MOST_LAYERS = 2;

export interface Handover {
  readonly region: string;
  readonly site: string;
  /** ISO 8601 */
  readonly at: string;
  /** Path below the region's folder (`drc/secrets.age`, `inventory/lab/sites.yaml`) to content. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9._/-]+$/);
const schema = z.strictObject({
  kind: z.literal("lumbung-handover"),
  version: z.literal(1),
  region: z.string(),
  site: z.string(),
  at: z.string(),
  files: z.array(z.strictObject({ path, sha256: z.string(), base64: z.string() })),
});

/**
 * @param layers innermost first; each is opened by any one key of its holders.
 * @throws LumbungError (2) where nobody of a layer has a public key.
 */
export async function sealHandover(handover: Handover, layers: readonly (readonly KeyHolder[])[]): Promise<Uint8Array> {
  const files = Object.entries(handover.files).map(([name, content]) => ({
    path: name,
    sha256: digestOf(content),
    base64: Buffer.from(content).toString("base64"),
  }));
  const { region, site, at } = handover;
  const text = JSON.stringify(schema.parse({ kind: "lumbung-handover", version: 1, region, site, at, files }));
  let sealed: Uint8Array = new TextEncoder().encode(text);
  for (const holders of layers) {
    const recipients = holders.flatMap((holder) => holder.recipients);
    if (recipients.length === 0) throw wrongUse(NOBODY(holders), NOBODY_HINT);
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    sealed = await encrypter.encrypt(sealed);
  }
  return sealed;
}

/**
 * @param identities private age keys (`AGE-SECRET-KEY-1…`); order does not matter.
 * @param name where the bytes came from, for messages.
 * @throws LumbungError (2) where a layer has no key that fits; (4) where the file is damaged, or what it holds does not match.
 */
export async function openHandover(sealed: Uint8Array, identities: readonly string[], name: string): Promise<Handover> {
  let content = sealed;
  let layers = 0;
  while (isAge(content)) {
    if (layers === MOST_LAYERS) throw damaged(name);
    content = await openLayer(content, identities, name, layers);
    layers += 1;
  }
  if (layers === 0) throw damaged(name);
  return read(content, name);
}

async function openLayer(
  sealed: Uint8Array,
  identities: readonly string[],
  name: string,
  layer: number,
): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith("no identity matched")) {
      throw wrongUse(NO_KEY(name), layer === 0 ? NO_KEY_HINT : SECOND_KEY_HINT, { cause });
    }
    throw damaged(name, cause);
  }
}

function read(content: Uint8Array, name: string): Handover {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch (cause) {
    throw damaged(name, cause);
  }
  const parsed = schema.safeParse(value);
  // What the file holds has no place in a message.
  if (!parsed.success) throw damaged(name, parsed.error.issues.map((issue) => issue.path.join(".")).join(", "));
  const { region, site, at, files } = parsed.data;
  const entries = files.map(({ path: file, sha256: digest, base64 }): [string, Uint8Array] => {
    const bytes = new Uint8Array(Buffer.from(base64, "base64"));
    if (digestOf(bytes) !== digest) throw damaged(name, file);
    return [file, bytes];
  });
  return { region, site, at, files: Object.fromEntries(entries) };
}

function isAge(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, HEAD.length)).toString("latin1") === HEAD;
}

function damaged(name: string, cause?: unknown): LumbungError {
  return refused(
    {
      id: `${name}: rusak, terpotong, atau bukan berkas serah terima Lumbung`,
      en: `${name}: damaged, cut short, or no handover of Lumbung's`,
    },
    { id: "pakai salinan lain dari berkas ini", en: "use another copy of this file" },
    { cause },
  );
}

const NOBODY = (holders: readonly KeyHolder[]): Text => {
  const roles = holders.map(({ role }) => role).join(", ");
  return roles === ""
    ? { id: "belum ada peran pemegang yang dinyatakan", en: "no role is declared to hold it" }
    : { id: `tak satu pun dari ${roles} punya kunci age`, en: `none of ${roles} has an age key` };
};
const NOBODY_HINT: Text = {
  id: "buat kunci dengan `age-keygen`, lalu isi roles[].ageRecipients; pemegang: sites[].custodians, atau region.escrow untuk titipan",
  en: "make a key with `age-keygen` and fill roles[].ageRecipients; holders: sites[].custodians, or region.escrow for an escrow",
};
const NO_KEY = (name: string): Text => ({
  id: `${name}: tidak terbuka oleh kunci yang diberikan`,
  en: `${name}: the keys that were given do not open it`,
});
const NO_KEY_HINT: Text = {
  id: "beri kunci pemegang situs itu dengan --identity <berkas>",
  en: "give a key of that site's custodian with --identity <file>",
};
const SECOND_KEY_HINT: Text = {
  id: "lapis luar terbuka; titipan perlu kunci kedua: satu pelaksana dan satu penyetuju (--identity dua kali)",
  en: "the outer layer opened; an escrow needs a second key: one who acts and one who approves (--identity twice)",
};
