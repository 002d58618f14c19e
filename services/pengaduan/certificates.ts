/** For tests: a root, a site's intermediate, and leaves below it, as the region's own authority makes them. */
import "reflect-metadata";
import { type webcrypto as Crypto, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

export interface Leaf {
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority {
  readonly root: string;
  issue(name: string): Promise<Leaf>;
}

type Pair = Crypto.CryptoKeyPair;

async function pair(): Promise<Pair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function keyPem({ privateKey }: Pair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

export async function testAuthority(): Promise<TestAuthority> {
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + 3_600_000);
  const common = { notBefore, notAfter, signingAlgorithm: ALGORITHM };
  const [rootKeys, siteKeys] = [await pair(), await pair()];
  const basic = new x509.BasicConstraintsExtension(true, undefined, true);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    name: "CN=test root",
    keys: rootKeys,
    extensions: [basic],
  });
  const site = await x509.X509CertificateGenerator.create({
    ...common,
    subject: "CN=test site",
    issuer: root.subject,
    publicKey: siteKeys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions: [basic],
  });
  return {
    root: root.toString("pem"),
    issue: async (name) => {
      const keys = await pair();
      const leaf = await x509.X509CertificateGenerator.create({
        ...common,
        subject: `CN=${name}`,
        issuer: site.subject,
        publicKey: keys.publicKey,
        signingKey: siteKeys.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        ],
      });
      return { cert: `${leaf.toString("pem")}\n${site.toString("pem")}\n`, key: `${await keyPem(keys)}\n` };
    },
  };
}
