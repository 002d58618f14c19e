/** crypt's method 6, SHA-512, as glibc and OpenSSL have it (Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6). */
import { createHash } from "node:crypto";

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SIZE = 64;

/** `$6$rounds=<rounds>$<salt>$<hash>`. The salt is at most 16 characters; rounds from 1,000 to 999,999,999. @throws a TypeError otherwise. */
export function sha512Crypt(password: string, salt: string, rounds: number): string {
  if (!/^[A-Za-z0-9./]{1,16}$/.test(salt)) throw new TypeError("salt: expected 1 to 16 of A-Z a-z 0-9 . /");
  if (!Number.isInteger(rounds) || rounds < 1000 || rounds > 999_999_999)
    throw new TypeError(`rounds: expected 1000 to 999999999, received ${rounds}`);
  const key = Buffer.from(password, "utf8");
  const salted = Buffer.from(salt, "utf8");
  const first = initial(key, salted);
  const keyBytes = stretched(sha512(...Array.from(key, () => key)), key.length);
  const saltBytes = stretched(sha512(...Array.from({ length: 16 + (first[0] ?? 0) }, () => salted)), salted.length);
  let digest = first;
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    digest = sha512(
      odd ? keyBytes : digest,
      round % 3 === 0 ? NONE : saltBytes,
      round % 7 === 0 ? NONE : keyBytes,
      odd ? digest : keyBytes,
    );
  }
  return `$6$rounds=${rounds}$${salt}$${encoded(digest)}`;
}

const NONE = Buffer.alloc(0);

/** Steps 1 to 12 of the specification. */
function initial(key: Buffer, salt: Buffer): Buffer {
  const other = sha512(key, salt, key);
  const parts = [key, salt, stretched(other, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? other : key);
  return sha512(...parts);
}

/** The digest repeated to a length. */
function stretched(digest: Buffer, length: number): Buffer {
  return Buffer.concat(
    Array.from({ length: Math.ceil(length / SIZE) }, () => digest),
    length,
  );
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Step 22: three bytes at a time, in an order of its own, as four characters, lowest bits first. */
function encoded(digest: Buffer): string {
  const at = (index: number) => digest[index] ?? 0;
  let text = "";
  let [a, b, c] = [0, 21, 42];
  for (let group = 0; group < 21; group += 1) {
    text += characters((at(a) << 16) | (at(b) << 8) | at(c), 4);
    [a, b, c] = [b + 1, c + 1, a + 1];
  }
  return text + characters(at(63), 2);
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, place) => ALPHABET[(value >> (6 * place)) & 63] ?? "").join("");
}
