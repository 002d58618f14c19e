import { createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { dnskeyData, dsRecord, keyTag } from "./dnskey.ts";

/** The key of RFC 6605 section 6.1. */
const DATA = Buffer.from(
  "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
  "base64",
);
const key = createPrivateKey({
  format: "jwk",
  key: {
    kty: "EC",
    crv: "P-256",
    d: Buffer.from("GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=", "base64").toString("base64url"),
    x: DATA.subarray(0, 32).toString("base64url"),
    y: DATA.subarray(32).toString("base64url"),
  },
})
  .export({ type: "pkcs8", format: "pem" })
  .toString();

test("DNSKEY, key tag and DS are those of RFC 6605's example", () => {
  expect(Buffer.from(dnskeyData(key)).subarray(4)).toEqual(DATA);
  expect(keyTag(key)).toBe(55_648);
  expect(dsRecord("example.net", key)).toBe(
    "example.net. IN DS 55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17",
  );
});

test("a name's case does not count", () => {
  expect(dsRecord("EXAMPLE.net", key).split(" DS ")[1]).toBe(dsRecord("example.net", key).split(" DS ")[1]);
});
