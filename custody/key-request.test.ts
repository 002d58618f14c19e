/** Requests that somebody brings: only a public key is taken, strong enough and proven to be theirs. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { afterAll, expect, test } from "vitest";
import { readKeyRequest } from "./key-request.ts";

const folder = mkdtempSync(join(tmpdir(), "key-request-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function requestOf(algorithm: object, change: (der: Buffer) => void = () => {}): Promise<string> {
  const keys = (await webcrypto.subtle.generateKey(algorithm as never, true, ["sign", "verify"])) as never;
  const signingAlgorithm = algorithm as never;
  const made = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: "CN=ops.dc.lab.internal", keys, signingAlgorithm },
    webcrypto,
  );
  const der = Buffer.from(made.rawData);
  change(der);
  return x509.PemConverter.encode(der, x509.PemConverter.CertificateRequestTag);
}

const rsa = (modulusLength: number) => ({
  ...{ name: "RSASSA-PKCS1-v1_5", modulusLength, hash: "SHA-256" },
  publicExponent: new Uint8Array([1, 0, 1]),
});
const ec = (namedCurve: string) => ({ name: "ECDSA", namedCurve, hash: "SHA-256" });

test.each([
  ["P-256", ec("P-256")],
  ["P-384", ec("P-384")],
  ["RSA 2048", rsa(2048)],
])("%s is taken", async (_, algorithm) => {
  expect(await readKeyRequest(await requestOf(algorithm))).toMatchObject({
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test.each<[string, () => Promise<string> | string, string]>([
  ["a weak key", () => requestOf(rsa(1024)), "its key is neither"],
  ["a curve that browsers do not take", () => requestOf(ec("P-521")), "its key is neither"],
  [
    "somebody else's key",
    () => requestOf(ec("P-256"), (der) => der.writeUInt8((der.at(-1) ?? 0) ^ 1, der.length - 1)),
    "not signed with its own key",
  ],
  ["something else", () => "halo", "no certification request"],
  [
    "a private key",
    () =>
      generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    "given to nobody",
  ],
])("%s is refused", async (_, content, why) => {
  const read = await readKeyRequest(await content());
  expect("wrong" in read ? read.wrong.en : "taken").toContain(why);
});

test("what the handbook's command makes is taken", async () => {
  const { status, pem } = openssl();
  if (status === "absent") return;
  expect(await readKeyRequest(pem)).toHaveProperty("sha256");
});

/** The command of docs/handbook/reports.md. */
function openssl(): { readonly status: "there" | "absent"; readonly pem: string } {
  const words =
    "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=auditor -keyout auditor.key -out auditor.csr";
  writeFileSync(join(folder, "nothing"), "");
  try {
    execFileSync("openssl", words.split(" "), { cwd: folder, stdio: "pipe" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { status: "absent", pem: "" };
    throw error;
  }
  return { status: "there", pem: readFileSync(join(folder, "auditor.csr"), "utf8") };
}
