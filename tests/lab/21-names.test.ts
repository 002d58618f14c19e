/** It shows 2: both name servers give signed answers that validate; transfers and updates need their keys. */

import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureImages } from "../../io/images.ts";
import { run } from "../../io/shell.ts";
import type { Model, SiteModel, ZoneModel } from "../../model/types.ts";
import { engine, labModel, REGION, secretsOf } from "./support/region.ts";

let model: Model;
let zone: ZoneModel;
let sites: readonly SiteModel[];

beforeAll(async () => {
  model = await labModel();
  sites = model.sites;
  const [first] = model.zones;
  if (!first) throw new Error("the lab has no zone");
  zone = first;
});

/** Runs a command in a site's name server. */
async function inDns(
  site: string,
  words: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return engine.exec(`${REGION}-${site}-dns`, words);
}

function kdig(site: SiteModel, words: readonly string[]) {
  return inDns(site.id, ["kdig", `@${site.workloads.find((w) => w.kind === "dns")?.address}`, "-p", "5353", ...words]);
}

/** The site's combined signing key as BIND's delv takes a trust anchor. */
async function trustAnchor(site: string): Promise<string> {
  const held = (await secretsOf(site)).dnssec[zone.name];
  if (!held) throw new Error(`no signing key for ${zone.name}`);
  return anchorOf(createPublicKey(held.key));
}

/** DNSKEY of an ECDSA P-256 key: the point's two coordinates (RFC 6605 section 4). */
function anchorOf(key: KeyObject): string {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64");
  return `trust-anchors { "${zone.name}" static-key 257 3 13 "${point}"; };\n`;
}

/** What delv says of a name's answer by this site's server, asked from within the site's network. */
async function delv(site: SiteModel, anchor: string, name: string): Promise<string> {
  const { toolbox } = await ensureImages(["toolbox"]);
  const address = site.workloads.find((workload) => workload.kind === "dns")?.address ?? "";
  const script = 'printf %s "$1" > /tmp/anchor && exec delv "@$2" -p 5353 -a /tmp/anchor "+root=$3" "$4" A';
  const { stdout, stderr } = await run([
    "docker",
    "run",
    "--rm",
    "--network",
    site.network.name,
    toolbox ?? "",
    "sh",
    "-c",
    `${script} 2>&1 || true`,
    "delv",
    anchor,
    address,
    zone.name,
    name,
  ]);
  return stdout + stderr;
}

describe.each(["dc", "drc"])("the name server of %s", (id) => {
  const site = () => {
    const found = sites.find((one) => one.id === id);
    if (!found) throw new Error(id);
    return found;
  };

  test("every declared record is answered", async () => {
    const wrong: string[] = [];
    for (const { name, type } of zone.records) {
      const { stdout } = await kdig(site(), [name, type, "+short"]);
      if (stdout.trim() === "") wrong.push(`${name} ${type}`);
    }
    expect(wrong).toEqual([]);
  });

  test("the gateway's name leads to the active site", async () => {
    const { stdout } = await kdig(site(), [model.region.gatewayName, "A", "+short"]);
    expect(stdout.trim()).toBe("127.0.10.1");
  });

  test("the answers are signed, and validate down from the key that custody holds", async () => {
    const anchor = await trustAnchor(id);
    const names = [zone.name, model.region.gatewayName, `www.${zone.name}`];
    for (const name of names) {
      const said = await delv(site(), anchor, name);
      expect(said, name).toContain("; fully validated");
    }
    expect(await delv(site(), anchor, `tidak-ada.${zone.name}`)).toContain("; negative response, fully validated");
  });

  test("with another key as the anchor the same answers do not validate", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(await delv(site(), anchorOf(publicKey), zone.name)).not.toContain("fully validated");
  });

  test("a zone transfer without the key is refused", async () => {
    const { stdout } = await kdig(site(), [zone.name, "AXFR"]);
    expect(stdout).not.toContain("CNAME");
  });

  test("it does not resolve for others", async () => {
    const { stdout } = await kdig(site(), ["example.org", "A"]);
    expect(stdout).toMatch(/REFUSED/);
  });
});

test("both name servers hold the same key and the same records", async () => {
  const [one, other] = await Promise.all(sites.map((site) => kdig(site, [zone.name, "DNSKEY", "+short"])));
  expect(one?.stdout).toBe(other?.stdout);
});
