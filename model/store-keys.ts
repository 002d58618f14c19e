/** How a repository host or a drill room gets the store's credentials of the epoch in force: from its secrets, in the forms in which its programs read them. */
import { objectKeysOf } from "./object-keys.ts";

/** What stands in `store/pgbackrest.conf` in the places of the credentials. */
export const PLACES = { accessKey: "<access key of the epoch>", secretKey: "<secret key of the epoch>" } as const;

/** `store/secrets.json`. */
export interface StoreSecrets {
  /** The use as which pgBackRest, restic and curl ask. */
  readonly first: string;
  /** By use. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Content by file name, all of it secret.
 * @param template `store/pgbackrest.conf`.
 * @throws RangeError where there is no secret of the first use, or the epoch is none.
 */
export function storeFiles(
  { first, secrets }: StoreSecrets,
  template: string,
  epoch: number,
): Readonly<Record<string, string>> {
  const identities = Object.fromEntries(
    Object.entries(secrets).map(([use, secret]) => [use, objectKeysOf(secret, epoch)]),
  );
  const own = identities[first];
  if (own === undefined) throw new RangeError(`secrets.json: expected a secret of ${first}, received none`);
  const { accessKey, secretKey } = own;
  return {
    "pgbackrest.conf": template.replaceAll(PLACES.accessKey, accessKey).replaceAll(PLACES.secretKey, secretKey),
    credentials: `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`,
    curl: `user = "${accessKey}:${secretKey}"\naws-sigv4 = "aws:amz:us-east-1:s3"\n`,
    "objects.json": `${JSON.stringify(identities, null, 1)}\n`,
  };
}
