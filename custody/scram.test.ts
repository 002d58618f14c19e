import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { scramKeys, scramVerifier } from "./scram.ts";

const SALT = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");

/** The exchange of RFC 7677 section 3: user "user", password "pencil". */
const AUTH_MESSAGE = [
  "n=user,r=rOprNGfwEbeRWgbNEkqO",
  "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
].join(",");

test("the keys verify the client's proof and make the server's signature of RFC 7677", () => {
  const { storedKey, serverKey } = scramKeys("pencil", SALT, 4096);
  const signature = createHmac("sha256", storedKey).update(AUTH_MESSAGE).digest();
  const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
  const clientKey = proof.map((byte, index) => byte ^ (signature[index] ?? 0));
  expect(createHash("sha256").update(clientKey).digest()).toEqual(storedKey);
  expect(createHmac("sha256", serverKey).update(AUTH_MESSAGE).digest("base64")).toBe(
    "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  );
});

test("the verifier has the form that PostgreSQL stores", () => {
  expect(scramVerifier("pencil", SALT)).toMatch(
    /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/,
  );
});

test("what SASLprep might change is refused", () => {
  expect(() => scramVerifier("kata sandi é", SALT)).toThrow(RangeError);
  expect(() => scramVerifier("", SALT)).toThrow(RangeError);
});
