import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemEntropy } from "./entropy.ts";
import { fixtureModel } from "./fixture.ts";
import { createIntermediate, issueLeaf } from "./pki.ts";
import { makeRegionSecrets } from "./secrets.ts";
import type { IssuedCertificate, SiteSecrets } from "./types.ts";

let dc: SiteSecrets;
let drc: SiteSecrets;
const folder = mkdtempSync(join(tmpdir(), "custody-pki-"));

beforeAll(async () => {
  const { secrets } = await makeRegionSecrets(fixtureModel(), undefined, new Date());
  [dc, drc] = [secrets.sites.dc as SiteSecrets, secrets.sites.drc as SiteSecrets];
});
afterAll(() => rmSync(folder, { recursive: true }));

function leafOf(site: SiteSecrets, workload: string): IssuedCertificate {
  const leaf = site.certificates[workload];
  if (leaf === undefined) throw new Error(`no certificate for ${workload}`);
  return leaf;
}

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

/** `openssl verify` over leaf and intermediate, strictly; its output or its complaint. */
function opensslVerify(leaf: IssuedCertificate, root: string, ...options: string[]): string {
  const [own, ...above] = leaf.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  writeFileSync(join(folder, "leaf.pem"), own ?? "");
  writeFileSync(join(folder, "above.pem"), above.join(""));
  writeFileSync(join(folder, "root.pem"), root);
  const files = [
    "-CAfile",
    join(folder, "root.pem"),
    "-untrusted",
    join(folder, "above.pem"),
    join(folder, "leaf.pem"),
  ];
  try {
    return execFileSync("openssl", ["verify", "-x509_strict", ...options, ...files], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

test.runIf(hasOpenssl)("openssl accepts every leaf, strictly, for its names, addresses and uses", () => {
  for (const site of [dc, drc]) {
    for (const workload of Object.keys(site.certificates)) {
      const leaf = leafOf(site, workload);
      for (const purpose of ["sslserver", "sslclient"]) {
        expect(opensslVerify(leaf, site.authority.root, "-purpose", purpose)).toContain("OK");
      }
      for (const name of leaf.names) {
        const option = /^[\d.]+$/.test(name) ? "-verify_ip" : "-verify_hostname";
        expect(opensslVerify(leaf, site.authority.root, option, name)).toContain("OK");
      }
    }
    expect(
      opensslVerify(site.publicCertificate, site.authority.root, "-verify_hostname", "ns1.lumbungkab.go.id"),
    ).toContain("OK");
    expect(opensslVerify(site.operator, site.authority.root, "-purpose", "sslclient")).toContain("OK");
    expect(opensslVerify(site.operator, site.authority.root, "-purpose", "sslserver")).toContain(
      "unsuitable certificate purpose",
    );
  }
});

test.runIf(hasOpenssl)("an intermediate cannot issue for another site or for a stranger's name", async () => {
  const making = { now: new Date(), entropy: systemEntropy };
  for (const name of ["postgres-utama.drc.lab.internal", "example.org"]) {
    const forged = await issueLeaf(
      dc.authority.intermediate,
      { commonName: name, names: [name], use: ["server"] },
      making,
    );
    expect(opensslVerify(forged, dc.authority.root)).toMatch(/(excluded|permitted) subtree violation/);
  }
});

test.runIf(hasOpenssl)("an intermediate cannot make an authority below itself", async () => {
  const making = { now: new Date(), entropy: systemEntropy };
  const names = { permitted: ["dc.lab.internal"], excluded: [] };
  const below = await createIntermediate(dc.authority.intermediate, "Lumbung lab dc below", names, making);
  const request = { commonName: "etcd.dc.lab.internal", names: ["etcd.dc.lab.internal"], use: ["server"] } as const;
  const leaf = await issueLeaf(below, request, making);
  const chained = { ...leaf, chain: leaf.chain + dc.authority.intermediate.certificate };
  expect(opensslVerify(chained, dc.authority.root)).toContain("path length constraint exceeded");
  // The root's own limit says the same; each is to hold by itself.
  const limits = (input: string) =>
    execFileSync("openssl", ["x509", "-noout", "-ext", "basicConstraints"], { input, encoding: "utf8" });
  expect(limits(dc.authority.intermediate.certificate)).toContain("CA:TRUE, pathlen:0");
  expect(limits(dc.authority.root)).toContain("CA:TRUE, pathlen:1");
});

test("node reads names, use and validity of a leaf", () => {
  const leaf = new X509Certificate(leafOf(dc, "postgres-utama").chain);
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
  expect(days).toBeLessThan(398);
  expect(days).toBeGreaterThan(396);
  expect(leaf.subject).toBe("CN=postgres-utama.dc.lab.internal");
  expect(leaf.checkHost("postgres-utama.lab.internal")).toBeDefined();
  expect(leaf.checkHost("localhost")).toBeDefined();
  expect(leaf.checkIP("10.91.0.33")).toBe("10.91.0.33");
  expect(leaf.checkIP("10.90.0.33")).toBe("10.90.0.33");
  expect(leaf.ca).toBe(false);
  expect(
    new X509Certificate(dc.authority.intermediate.certificate).checkIssued(new X509Certificate(dc.authority.root)),
  ).toBe(true);
});

/** What a client gets: "ok", or the code of its or the server's refusal. */
async function handshake(
  client: IssuedCertificate | undefined,
  servername: string,
  root = dc.authority.root,
): Promise<string> {
  const server = leafOf(dc, "ops");
  const listener = createServer(
    { key: server.key, cert: server.chain, ca: dc.authority.root, requestCert: true, rejectUnauthorized: true },
    (socket: TLSSocket) => socket.on("error", () => socket.destroy()).end("ok"),
  );
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  try {
    return await new Promise<string>((resolve) => {
      const own = client ? { key: client.key, cert: client.chain } : {};
      const socket = connect({ host: "127.0.0.1", port, servername, ca: root, ...own });
      socket.setEncoding("utf8");
      socket.on("data", (text: string) => resolve(text));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on("close", () => resolve("closed"));
    });
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
}

test("a real handshake: the right name and a client of the other site pass, everything else is refused", async () => {
  const peer = leafOf(drc, "ops");
  expect(await handshake(peer, "ops.dc.lab.internal")).toBe("ok");
  expect(await handshake(dc.operator, "ops.dc.lab.internal")).toBe("ok");
  expect(await handshake(peer, "gateway.dc.lab.internal")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await handshake(undefined, "ops.dc.lab.internal")).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET|closed/);

  const stranger = await makeRegionSecrets(fixtureModel(), undefined, new Date());
  const other = stranger.secrets.sites.dc as SiteSecrets;
  expect(await handshake(leafOf(other, "ops"), "ops.dc.lab.internal")).toMatch(/UNKNOWN_CA|ECONNRESET|closed/);
  expect(await handshake(peer, "ops.dc.lab.internal", other.authority.root)).toMatch(/SELF_SIGNED|UNABLE_TO/);
});

test("a common name that no client would read is refused", async () => {
  const name = `${"a".repeat(60)}.dc.lab.internal`;
  const making = { now: new Date(), entropy: systemEntropy };
  await expect(
    issueLeaf(dc.authority.intermediate, { commonName: name, names: [name], use: ["client"] }, making),
  ).rejects.toThrow(/at most 64 characters/);
});
