import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { model, siteAt } from "../dns/test/fixture.ts";
import { standbyPage, unavailablePage, unknownPage } from "./pages.ts";

const pages = {
  "standby.http at the recovery site": standbyPage(model.region, siteAt("drc")),
  "standby.http at the primary site": standbyPage(model.region, siteAt("dc")),
  "unknown.http": unknownPage(model.region),
  "unavailable.http": unavailablePage(model.region, 502),
};

function parts(page: string): { status: string; headers: Map<string, string>; body: string } {
  const [head = "", body = ""] = page.split("\r\n\r\n");
  const [status = "", ...lines] = head.split("\r\n");
  const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { status, headers: new Map(pairs), body };
}

describe.each(Object.entries(pages))("%s", (_, page) => {
  const { headers, body } = parts(page);

  test("is a whole HTTP answer, small enough for HAProxy's buffer", () => {
    expect(page).toMatch(/^HTTP\/1\.1 [45]\d\d [A-Z]/);
    expect(headers.get("Content-Length")).toBe(String(Buffer.byteLength(body)));
    expect(headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(Buffer.byteLength(page)).toBeLessThan(15_000);
  });

  test("speaks both languages, Indonesian first", () => {
    expect(body.indexOf('<section lang="id">')).toBeGreaterThan(0);
    expect(body.indexOf('<section lang="en">')).toBeGreaterThan(body.indexOf('<section lang="id">'));
  });

  test("loads nothing from elsewhere, and its policy allows exactly its own style", () => {
    expect(body).not.toMatch(/\b(src|href|url\(|@import|<script|style=)/);
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers.get("Content-Security-Policy")).toContain(`default-src 'none'; style-src 'sha256-${hash}';`);
  });
});

test("the standby page says which site, which region, and when to come again", () => {
  const { status, headers, body } = parts(pages["standby.http at the recovery site"]);
  expect(status).toBe("HTTP/1.1 503 Service Unavailable");
  expect(headers.get("Retry-After")).toBe("30");
  for (const word of [
    "pusat pemulihan Kabupaten Lumbung",
    "recovery site of Kabupaten Lumbung",
    "Situs: Pusat Pemulihan Lumbung",
    "sedang siaga",
  ])
    expect(body).toContain(word);
  expect(parts(pages["standby.http at the primary site"]).body).not.toContain("pemulihan");
});

test("an undeclared name is misdirected, not temporarily absent", () => {
  const { status, headers } = parts(pages["unknown.http"]);
  expect(status).toBe("HTTP/1.1 421 Misdirected Request");
  expect(headers.has("Retry-After")).toBe(false);
});

test("names of the inventory are text, never markup", () => {
  const page = standbyPage({ ...model.region, name: "<b>&\"'", government: "a</strong><script>" }, siteAt("drc"));
  expect(page).toContain("&lt;b&gt;&amp;&quot;&#39;");
  expect(page).not.toContain("<script");
});

test("a page that HAProxy could not hold is refused", () => {
  expect(() => unknownPage({ ...model.region, domain: "x".repeat(8000) })).toThrow("expected at most 15000 bytes");
});
