/** UUIDs that follow from a name (RFC 9562 section 5.5, version 5), so that the same thing has the same one from run to run. */
import { createHash } from "node:crypto";

/** Of ours: version 5 of `lumbung.example` in the namespace of domain names. */
const NAMESPACE = "6893e7a1-98a4-5963-a021-af9f60cdc4ab";

/** @param name for example `lab/finding/site.apart`. */
export function uuidOf(name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(NAMESPACE.replaceAll("-", ""), "hex"))
    .update(name)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
