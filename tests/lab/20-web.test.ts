/** It shows 2: every name answers with its own page and a certificate that verifies; an undeclared name is refused. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Model, SiteModel } from "../../model/types.ts";
import { labModel, secretsOf, siteWith } from "./support/region.ts";
import { ask, frontPage, greeting } from "./support/web.ts";

let model: Model;
let primary: SiteModel;
let recovery: SiteModel;
let ca: string;

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  recovery = siteWith(model, "recovery");
  ca = (await secretsOf(primary.id)).authority.root;
});

describe("through the active site's gateway", () => {
  test("every declared name answers with its own page", async () => {
    const wrong: string[] = [];
    for (const { host, serves } of model.hosts) {
      const { status, body } = await frontPage({ address: primary.publicAddress, host, ca });
      const owner = serves.kind === "opd" ? model.opds.find((opd) => opd.id === serves.opd)?.name : undefined;
      if (status !== greeting({ serves }) || (owner !== undefined && !body.includes(owner)))
        wrong.push(`${host}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(model.hosts.length).toBeGreaterThan(30);
  });

  test("no two agencies share a page", async () => {
    const agencies = model.hosts.filter((host) => host.serves.kind === "opd").slice(0, 5);
    const pages = await Promise.all(
      agencies.map(async ({ host }) => (await ask({ address: primary.publicAddress, host, ca })).body),
    );
    expect(new Set(pages).size).toBe(agencies.length);
  });

  test("an undeclared name below the wildcard is refused, not shown some default site", async () => {
    const host = `tidak-ada.${model.region.domain}`;
    const { status, body } = await ask({ address: primary.publicAddress, host, ca });
    expect(status).toBe(421);
    const portal = await ask({ address: primary.publicAddress, host: model.region.domain, ca });
    expect(body).toContain("tidak dilayani");
    expect(body).not.toBe(portal.body);
  });

  test("a certificate for another domain is never shown", async () => {
    await expect(ask({ address: primary.publicAddress, host: "example.org", ca })).rejects.toThrow();
  });

  test("the answer carries the headers that keep a browser on TLS", async () => {
    const { headers } = await ask({ address: primary.publicAddress, host: model.region.domain, ca });
    expect(headers["strict-transport-security"]).toMatch(/max-age=\d{7,}/);
    expect(headers["content-security-policy"]).toContain("default-src");
    expect(headers.server).toBeUndefined();
  });
});

describe("through the standby site's gateway", () => {
  test("every name gets a clear page, not stale data", async () => {
    const { status, headers, body } = await ask({ address: recovery.publicAddress, host: model.region.domain, ca });
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBeDefined();
    expect(body.toLowerCase()).toContain("siaga");
    expect(body.toLowerCase()).toContain("standby");
  });
});
