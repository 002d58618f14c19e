/**
 * S3 credentials of one use of a site's object store in one epoch, derived (HKDF, RFC 5869): who holds the use's secret needs nobody to reach the store in
 * the next epoch. The same in images/objects (keys.py); both are held to `images/objects/test/keys.json`.
 */
import { hkdfSync } from "node:crypto";

export interface ObjectKeys {
  /** 20 capital letters and digits: half of them random bits of the whole, as it is no secret. */
  readonly accessKey: string;
  /** 40 characters. */
  readonly secretKey: string;
}

const ACCESS_BYTES = 10;
const SECRET_BYTES = 30;

/**
 * @param secret of the use, as custody made it.
 * @param epoch from 1.
 * @throws RangeError where the epoch is none.
 */
export function objectKeysOf(secret: string, epoch: number): ObjectKeys {
  if (!Number.isSafeInteger(epoch) || epoch < 1)
    throw new RangeError(`epoch: expected a whole number from 1, received ${epoch}`);
  const bytes = Buffer.from(
    hkdfSync("sha256", secret, "", `lumbung objects epoch ${epoch}`, ACCESS_BYTES + SECRET_BYTES),
  );
  return {
    accessKey: bytes.subarray(0, ACCESS_BYTES).toString("hex").toUpperCase(),
    secretKey: bytes.subarray(ACCESS_BYTES).toString("base64url"),
  };
}
