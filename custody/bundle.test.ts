import { beforeAll, expect, test } from "vitest";
import { newPassphrase, openRoot, openSite, sealRoot, sealSite, workFactor } from "./bundle.ts";
import { systemEntropy } from "./entropy.ts";
import { fixtureModel } from "./fixture.ts";
import { makeRegionSecrets } from "./secrets.ts";
import type { RootSecrets, SiteSecrets } from "./types.ts";

const passphrase = newPassphrase(systemEntropy);
let secrets: SiteSecrets;
let root: RootSecrets;
let sealed: Uint8Array;

beforeAll(async () => {
  const made = await makeRegionSecrets(fixtureModel(), undefined, new Date());
  secrets = made.secrets.sites.dc as SiteSecrets;
  root = made.secrets.root as RootSecrets;
  sealed = await sealSite(secrets, passphrase);
});

const opened = (bytes: Uint8Array, word = passphrase) => openSite(bytes, word, "dc/secrets.age");

test("what is sealed comes back the same, and nothing of it shows", async () => {
  expect(await opened(sealed)).toEqual(secrets);
  expect(Buffer.from(sealed).toString("latin1")).not.toContain("PRIVATE KEY");
  expect(await openRoot(await sealRoot(root, passphrase), passphrase, "root.age")).toEqual(root);
});

test("it is an age file with one scrypt recipient", () => {
  const head = Buffer.from(sealed).toString("latin1").split("\n");
  expect(head[0]).toBe("age-encryption.org/v1");
  expect(head[1]).toMatch(/^-> scrypt \S{22} 12$/);
});

test("only a passphrase that we made is spared the full work", () => {
  expect(workFactor(passphrase)).toBe(12);
  expect(workFactor("kata sandi yang dikarang")).toBe(18);
  expect(workFactor(`lumbung-${"a".repeat(20)}`)).toBe(18);
});

test("a wrong passphrase is the operator's error", async () => {
  const wrong = opened(sealed, newPassphrase(systemEntropy));
  await expect(wrong).rejects.toMatchObject({ fault: "wrong-passphrase", exitCode: 2 });
  await expect(wrong).rejects.toThrow(/each site has its own/);
});

test("cut short, altered, empty or something else: refused for safety, at every place", async () => {
  const headEnd = Buffer.from(sealed).indexOf("\n--- ");
  const flip = (at: number): Uint8Array => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const broken = [
    sealed.slice(0, sealed.length - 1),
    sealed.slice(0, headEnd + 20),
    sealed.slice(0, 40),
    new Uint8Array(),
    Buffer.from("not an age file\n"),
    flip(3),
    flip(headEnd + 10),
    flip(headEnd + 100),
    flip(sealed.length - 1),
  ];
  for (const [index, bytes] of broken.entries()) {
    await expect(opened(bytes), `case ${index}`).rejects.toMatchObject({ fault: "damaged", exitCode: 4 });
  }
  await expect(opened(broken[0] as Uint8Array)).rejects.toThrow("dc/secrets.age.previous");
});

test("content that we do not know is named without showing it", async () => {
  const future = { ...secrets, keepsake: "rahasia-baru", version: 2 } as unknown as SiteSecrets;
  const error = await opened(await sealSite(future, passphrase)).catch((caught: Error) => caught);
  expect(error).toMatchObject({ fault: "unknown-content", exitCode: 4 });
  expect(String(error)).toMatch(/version: invalid_value/);
  expect(JSON.stringify(error)).not.toContain("rahasia-baru");
});
