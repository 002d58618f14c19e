import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ObjectKeys, objectKeysOf } from "./object-keys.ts";
import { PLACES, storeFiles } from "./store-keys.ts";

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../images/objects/test/keys.json"), "utf8"),
) as readonly (ObjectKeys & { readonly secret: string; readonly epoch: number })[];

describe("credentials of an epoch", () => {
  it.each(vectors)("of epoch $epoch are those that the store derives", ({ secret, epoch, ...wanted }) => {
    expect(objectKeysOf(secret, epoch)).toEqual(wanted);
  });

  it("have the shape of S3's, and differ by epoch and by secret", () => {
    const all = Array.from({ length: 40 }, (_, index) => objectKeysOf(index < 20 ? "satu" : "dua", 1 + (index % 20)));
    for (const { accessKey, secretKey } of all) expect(`${accessKey} ${secretKey}`).toMatch(/^[0-9A-F]{20} [\w-]{40}$/);
    expect(new Set(all.flatMap(({ accessKey, secretKey }) => [accessKey, secretKey])).size).toBe(80);
  });

  it.each([0, -1, 1.5, Number.NaN])("%s is no epoch", (epoch) => {
    expect(() => objectKeysOf("satu", epoch)).toThrow(/expected a whole number from 1/);
  });
});

describe("files that ask the store", () => {
  const secrets = { first: "b/write", secrets: { "b/read": "satu", "b/write": "dua" } };
  const template = `repo1-s3-key=${PLACES.accessKey}\nrepo1-s3-key-secret=${PLACES.secretKey}\nrepo2-s3-key=${PLACES.accessKey}\n`;

  it("hold the credentials of that epoch, in every place", () => {
    const { accessKey, secretKey } = objectKeysOf("dua", 12);
    const files = storeFiles(secrets, template, 12);
    expect(files["pgbackrest.conf"]).toBe(
      `repo1-s3-key=${accessKey}\nrepo1-s3-key-secret=${secretKey}\nrepo2-s3-key=${accessKey}\n`,
    );
    expect(files.curl).toContain(`user = "${accessKey}:${secretKey}"\n`);
    expect(files.credentials).toContain(`aws_secret_access_key = ${secretKey}\n`);
    expect(JSON.parse(files["objects.json"] ?? "")).toEqual({
      "b/read": objectKeysOf("satu", 12),
      "b/write": objectKeysOf("dua", 12),
    });
  });

  it("are not made where the first use has no secret", () => {
    expect(() => storeFiles({ ...secrets, first: "c/write" }, template, 1)).toThrow(/expected a secret of c\/write/);
  });
});
