/** It shows 2: both name servers give signed answers that validate; transfers and updates need their keys. */

import { createPublicKey } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
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

  test("the answers are signed, and verify with the key that custody holds", async () => {
    const { stdout } = await inDns(id, ["/usr/local/lib/lumbung/verify", zone.name]);
    expect(stdout).toContain("verified");
    const { key } = (await secretsOf(id)).dnssec[zone.name] ?? { key: "" };
    const raw = createPublicKey(key).export({ format: "jwk" });
    const expected = Buffer.concat([
      Buffer.from(raw.x ?? "", "base64url"),
      Buffer.from(raw.y ?? "", "base64url"),
    ]).toString("base64");
    const dnskey = (await kdig(site(), [zone.name, "DNSKEY", "+short"])).stdout.replaceAll(/[\s]/g, "");
    expect(dnskey).toContain(expected);
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
