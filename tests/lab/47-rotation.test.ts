/** Issue 4 part 5: every secret and certificate is rotated while people use the region, and none of them notices. */
import { createHash, X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BundleError, openSite } from "../../custody/bundle.ts";
import { certificatesIn } from "../../custody/facts.ts";
import { findPassphrase } from "../../custody/passphrase.ts";
import { custodyPaths } from "../../custody/paths.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { readIfThere } from "../../io/files.ts";
import { type ObjectKeys, objectKeysOf } from "../../model/object-keys.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { askStore, clientOf, put, read, type StoreAt, storeAt } from "./support/objects.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { type Traffic, traffic } from "./support/traffic.ts";
import { ask, frontPage } from "./support/web.ts";

let model: Model;
let primary: SiteModel;
let people: Traffic;
let store: StoreAt;
/** Every root that any step made known: what a browser that was told in time trusts. */
let trusted = "";
/** What people have in hand, until they are given something newer. */
let inHand: { readonly object: ObjectKeys; readonly token: string };
const BUCKET = "data-terbuka";
const OBJECT_USE = `${BUCKET}/write`;
const ROLE = "kepala-aplikasi";
const REPOSITORY = "pengaduan";
/** A database of either engine, by the application that uses it. */
const PASSWORD_OF = ["app-pengaduan", "app-ppid", "app-pengetahuan"];
const SITES = ["dc", "drc"];

const rotate = async (...words: string[]) =>
  (await lumbungWell(["secrets", "rotate", ...words, "--region", REGION])).stdout;
const up = () => lumbungWell(["up", "--region", REGION]);
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const inside = async (site: string, workload: string, ...words: string[]) => {
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${site}-${workload}`, words);
  if (code !== 0) throw new Error(`${site}/${workload}: ${words.join(" ")}: ${stderr}`);
  return stdout;
};
const secrets = async (): Promise<Record<string, SiteSecrets>> =>
  Object.fromEntries(await Promise.all(SITES.map(async (site) => [site, await secretsOf(site)] as const)));

/** Nothing failed since the last look, and each kind was really asked. */
function unnoticed(): void {
  const { asked, failed } = people.look();
  expect(failed).toEqual([]);
  for (const kind of ["page", "complaint", "name"]) expect(asked[kind], kind).toBeGreaterThan(20);
  for (const kind of ["php", "object", "code"]) expect(asked[kind], kind).toBeGreaterThan(5);
}

/** What the region shows and holds in use, each under its name. Digests: no value is printed where a test fails. */
async function inUse(): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const site of model.sites) {
    const files = ["tls/ca.crt", "tls/server.crt", "tls/server.key"];
    for (const { name, address, kind } of site.workloads) {
      if (address === undefined || kind === "dns") continue;
      for (const file of files)
        shown[`${site.id}/${name}/${file}`] = digest(await inside(site.id, name, "cat", `/config/current/${file}`));
    }
    shown[`${site.id}/dns/knot.conf`] = digest(await inside(site.id, "dns", "cat", "/config/current/knot.conf"));
    const { own, public: open } = await shownBy(site);
    shown[`${site.id}/public`] = open.fingerprint256;
    shown[`${site.id}/issuer`] = own.fingerprint256;
    for (const name of PASSWORD_OF)
      shown[`${site.id}/${name}/password`] = digest(
        await inside(site.id, name, "cat", "/config/current/secrets/database-password"),
      );
    shown[`${site.id}/objects/identities`] = digest(
      await inside(site.id, "objects", "cat", "/config/current/identities.json"),
    );
  }
  shown.verifier = digest(await verifier());
  return shown;
}

/** The certificate that a site shows the public, and the one that signed it. */
function shownBy(site: SiteModel): Promise<{ public: X509Certificate; own: X509Certificate }> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: site.publicAddress, port: 443, servername: model.region.domain, ca: trusted },
      () => {
        const leaf = socket.getPeerX509Certificate();
        const issuer = leaf?.issuerCertificate;
        socket.end();
        if (leaf && issuer) resolve({ public: leaf, own: issuer });
        else reject(new Error(`${site.id}: no certificate with its issuer`));
      },
    );
    socket.setTimeout(5_000, () => socket.destroy(new Error(`${site.id}: no answer`)));
    socket.on("error", reject);
  });
}

async function verifier(): Promise<string> {
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${primary.id}-postgres-utama`, ["psql", "-XAtq"], {
    stdin: "select rolpassword from pg_authid where rolname = 'pengaduan';",
  });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Names of what did not change. */
const unchanged = (before: Record<string, string>, after: Record<string, string>, pattern: RegExp) =>
  Object.keys(before).filter((name) => pattern.test(name) && before[name] === after[name]);

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  trusted = (await secretsOf(primary.id)).authority.root;
  await up();
  const held = await secretsOf(primary.id);
  inHand = newest(held);
  store = storeAt(primary, held);
  people = traffic(model, primary, () => trusted, { php: askPhp, object: useStore, code: askCode });
});

const newest = ({ objectIdentities, codeTokens }: SiteSecrets): typeof inHand => {
  const object = objectIdentities[OBJECT_USE];
  const token = codeTokens[ROLE]?.token;
  if (!object || !token) throw new Error(`${OBJECT_USE}, ${ROLE}: expected both`);
  return { object: objectKeysOf(object.secret, 1), token };
};

/** WordPress on MariaDB and MediaWiki on PostgreSQL in turn: a page that asks the database. */
async function askPhp(turn: number): Promise<void> {
  const host = `${turn % 2 === 0 ? "ppid" : "pengetahuan"}.${model.region.domain}`;
  const { status, body } = await frontPage({ address: primary.publicAddress, host, ca: trusted });
  if (status !== 200 || !body.includes("<title>")) throw new Error(`${host}: ${status}`);
}

async function useStore(turn: number): Promise<void> {
  const client = clientOf({ ...store, ca: trusted }, inHand.object);
  const name = `uji/rotasi-${turn}`;
  const version = await put(client, BUCKET, name, `${turn}`);
  const got = await read(client, BUCKET, name, version);
  if (got !== `${turn}`) throw new Error(`read ${got}, expected ${turn}`);
}

async function askCode(): Promise<void> {
  const status = await codeStatus(inHand.token);
  if (status !== 200) throw new Error(`${status}`);
}

async function codeStatus(token: string): Promise<number> {
  const { status } = await ask({
    address: primary.publicAddress,
    host: `kode.${model.region.domain}`,
    path: `/${REPOSITORY}/info/refs?service=git-upload-pack`,
    ca: trusted,
    headers: { authorization: `Basic ${Buffer.from(`${ROLE}:${token}`).toString("base64")}` },
  });
  return status;
}
afterAll(async () => {
  await people?.stop();
});

describe("while people use the region", () => {
  test("certificates, intermediates, TSIG keys, database passwords and the store's keys", async () => {
    const before = await inUse();
    for (const what of ["certificates", "intermediates", "tsig", "database-roles", "object-identities"])
      await rotate(what);
    await up();
    unnoticed();
    const after = await inUse();
    expect(unchanged(before, after, /server\.|knot|public|issuer|password|verifier|identities/)).toEqual([]);
    const held = await secrets();
    expect(digest(held.dc?.databaseRoles["utama/pengaduan"]?.scramVerifier ?? "")).toBe(after.verifier);
    // Both keys are taken by both name servers: a secondary may be told of the new one later.
    for (const site of SITES) {
      const { transfer } = held[site]?.tsig ?? {};
      for (const key of [transfer, transfer?.previous])
        expect(await transferred(site, key), `${site} ${key?.name}`).toBe(true);
    }
  });

  test("the ones before end on request, while the next root is made known and a zone's next key signs as well", async () => {
    const old = (await secrets()).dc?.tsig.transfer.previous;
    const before = await inUse();
    await rotate("tsig", "--finish");
    await rotate("database-roles", "--finish");
    const given = inHand.object;
    inHand = newest(await secretsOf(primary.id));
    await rotate("object-identities", "--finish");
    expect(await rotate("root")).toContain("step 1 of 3");
    const zone = model.zones[0]?.name ?? "";
    expect(await rotate(`dnssec:${zone}`)).toMatch(/ IN DS \d+ 13 2 [0-9A-F]{64}/);
    trusted = (await secretsOf(primary.id)).authority.root;
    await expect(rotate("root", "--finish")).rejects.toThrow("exit code 4");
    await up();
    unnoticed();
    const after = await inUse();
    expect(unchanged(before, after, /ca\.crt|server\.|knot/)).toEqual([]);
    for (const site of SITES) {
      await eventually(`two keys of ${zone} at ${site}`, 20, async () =>
        (await keysOf(site, zone)) === 2 ? 2 : undefined,
      );
      expect(await transferred(site, old), `${site} still takes ${old?.name}`).toBe(false);
    }
    const refused = await askStore(clientOf({ ...store, ca: trusted }, given), {
      method: "GET",
      bucket: BUCKET,
      query: "list-type=2",
    });
    expect(refused.code).toBe("InvalidAccessKeyId");
    const early = await lumbung(["secrets", "rotate", `dnssec:${zone}`, "--ds-published", "--region", REGION]);
    expect([early.code, early.stderr]).toEqual([4, expect.stringMatching(/wait \d+ seconds/)]);
  });

  test("the new root signs everything, and a site's passphrase is another", async () => {
    const before = await inUse();
    const sealed = custodyPaths(REGION, "dc", process.env).sealed;
    const passphrase = (await findPassphrase(REGION, "dc", process.env)) ?? "";
    expect(await rotate("root", "--finish")).toContain("step 2 of 3");
    await rotate("passphrase", "--site", "dc");
    const bundle = await readIfThere(sealed);
    await expect(openSite(bundle ?? new Uint8Array(), passphrase, sealed)).rejects.toThrow(BundleError);
    await up();
    unnoticed();
    const after = await inUse();
    expect(unchanged(before, after, /server\.|public|issuer/)).toEqual([]);
    expect(unchanged(before, after, /ca\.crt/)).toHaveLength(
      Object.keys(before).filter((name) => /ca\.crt/.test(name)).length,
    );
    const [old, next] = certificatesIn(trusted);
    for (const site of model.sites) {
      const { own } = await shownBy(site);
      expect([own.verify(next?.publicKey as never), own.verify(old?.publicKey as never)]).toEqual([true, false]);
    }
  });

  test("the old root is trusted by nobody any more", async () => {
    const [, next] = certificatesIn(trusted);
    expect(await rotate("root", "--finish")).toContain("step 3 of 3");
    await up();
    unnoticed();
    for (const site of model.sites)
      for (const { name, address, kind } of site.workloads) {
        if (address === undefined || kind === "dns") continue;
        const roots = certificatesIn(await inside(site.id, name, "cat", "/config/current/tls/ca.crt"));
        expect(
          roots.map(({ fingerprint256 }) => fingerprint256),
          `${site.id}/${name}`,
        ).toEqual([next?.fingerprint256]);
      }
    const { code, stdout } = await lumbung(["secrets", "list", "--region", REGION]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^root +20/m);
    expect(stdout).not.toMatch(/^root: /m);
    trusted = (await secretsOf(primary.id)).authority.root;
    expect(new X509Certificate(trusted).fingerprint256).toBe(next?.fingerprint256);
  });

  test("a person's token ends at once, as it must where it was lost; the applications' own secrets end sessions alone", async () => {
    const { token } = inHand;
    await rotate("code-tokens");
    await rotate("application-secrets");
    await up();
    const { failed } = people.look();
    expect(failed.filter((line) => !line.endsWith(" code: 401"))).toEqual([]);
    inHand = newest(await secretsOf(primary.id));
    expect([await codeStatus(token), await codeStatus(inHand.token)]).toEqual([401, 200]);
  });

  test("and a moment later, with the new root alone, nothing fails either", async () => {
    people.look();
    await eventually("enough traffic", 30, async () => {
      const [page] = [await lumbung(["status", "--region", REGION])];
      return page.code === 0 ? true : undefined;
    });
    const { failed } = people.look();
    expect(failed).toEqual([]);
  });
});

/** Number of keys that a name server shows for a zone. */
async function keysOf(site: string, zone: string): Promise<number> {
  const answer = await inside(site, "dns", "kdig", "@127.0.0.1", "-p", "5353", "+short", "+tcp", zone, "DNSKEY");
  return answer.split("\n").filter((line) => line.startsWith("257 ")).length;
}

/** Whether a name server hands a zone over for this key, which is put into a file that only kdig's own user reads. */
async function transferred(site: string, key: SiteSecrets["tsig"]["transfer"]["previous"]): Promise<boolean> {
  if (key === undefined) throw new Error("no such key");
  const script = `umask 077; cat >/tmp/key && kdig -k /tmp/key @127.0.0.1 -p 5353 +tcp ${model.zones[0]?.name} AXFR; rm -f /tmp/key`;
  const stdin = `${key.algorithm}:${key.name}:${key.secret}\n`;
  const { stdout } = await engine.exec(`${REGION}-${site}-dns`, ["sh", "-c", script], { stdin });
  // RFC 5936 section 2.2: a transfer begins and ends with the SOA.
  return (stdout.match(/^\S+\s+\d+\s+IN\s+SOA\s/gm) ?? []).length === 2;
}
