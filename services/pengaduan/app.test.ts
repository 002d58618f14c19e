import { describe, expect, it } from "vitest";
import { PROOF_PATH } from "../../model/proof.ts";
import { htmlProblems } from "../../web/inspect.ts";
import { handle, tooLarge } from "./app.ts";
import { REFERENCE } from "./complaint.ts";
import { aReference, bench, CONFIG, formOf, get, OUT_OF_REACH, post, postJson } from "./fixture.ts";
import type { AppRequest } from "./http.ts";

const TEXT = "Lampu jalan di depan pasar padam sejak Senin.";
const HOSTILE = `"></textarea><script>alert(1)</script>`;

async function open(on: ReturnType<typeof bench>, url = "/") {
  return formOf(await handle(get(url), on.deps));
}

async function send(on: ReturnType<typeof bench>, fields: Record<string, string> = {}, headers = {}) {
  const { cookie, csrf, token } = await open(on);
  const all = { csrf, token, opd: "dishub", text: TEXT, name: "", contact: "", ...fields };
  return handle(post("/", all, { cookie, ...headers }), on.deps);
}

describe("the form", () => {
  it("is a valid page in both languages, with a cookie that only we read", async () => {
    for (const url of ["/", "/en/", "/?opd=dinkes"]) {
      const shown = await handle(get(url), bench().deps);
      expect(shown.status).toBe(200);
      expect(htmlProblems(shown.body)).toEqual([]);
      expect(shown.headers["set-cookie"]).toMatch(
        /^__Host-pengaduan=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      );
      expect(shown.headers["content-security-policy"]).toMatch(/default-src 'none'.*form-action 'self'/);
    }
    expect((await handle(get("/?opd=dinkes"), bench().deps)).body).toContain('<option value="dinkes" selected>');
  });

  it("writes a complaint and leads to its page", async () => {
    const on = bench();
    const sent = await send(on);
    expect(sent.status).toBe(303);
    const shown = await handle(get(sent.headers.location ?? ""), on.deps);
    expect(shown.status).toBe(200);
    expect(shown.body).toContain(TEXT);
    expect(shown.body).toContain("Laporan Anda sudah tersimpan");
    expect(shown.body).toContain("2026-03-09 14:05 WIB");
    expect(htmlProblems(shown.body)).toEqual([]);
  });

  it("writes once when it is sent twice, and again when its text was changed", async () => {
    const on = bench();
    const { cookie, csrf, token } = await open(on);
    const fields = { csrf, token, opd: "dishub", text: TEXT };
    const [first, second] = [
      await handle(post("/", fields, { cookie }), on.deps),
      await handle(post("/", fields, { cookie }), on.deps),
    ];
    expect(second.headers.location).toBe(first.headers.location);
    expect(on.store.complaints).toHaveLength(1);
    await handle(post("/", { ...fields, text: `${TEXT} Juga di terminal.` }, { cookie }), on.deps);
    expect(on.store.complaints).toHaveLength(2);
  });

  it("never shows name or contact, and says so", async () => {
    const on = bench();
    const sent = await send(on, { name: "Pelapor Rahasia", contact: "rahasia@contoh.id" });
    const reference = /ADU-....-..../.exec(sent.headers.location ?? "")?.[0];
    for (const url of [`/laporan/${reference}`, "/laporan/", `/api/complaints/${reference}`])
      expect((await handle(get(url), on.deps)).body).not.toMatch(/[Rr]ahasia/);
  });

  it.each([
    ["no OPD", { opd: "" }, "opd"],
    ["an OPD that is not in the list", { opd: "lain" }, "opd"],
    ["a text too short", { text: "  pendek  " }, "text"],
    ["a text too long", { text: "x".repeat(4001) }, "text"],
    ["a name too long", { name: "x".repeat(121) }, "name"],
    ["a contact too long", { contact: "x".repeat(161) }, "contact"],
  ])("refuses %s, names the field and keeps the rest", async (_name, fields, field) => {
    const on = bench();
    const shown = await send(on, { name: "Warga", ...fields });
    expect(shown.status).toBe(422);
    expect(shown.body).toContain(`id="${field}-salah"`);
    if (field !== "name") expect(shown.body).toContain('value="Warga"');
    expect(on.store.complaints).toHaveLength(0);
    expect(htmlProblems(shown.body)).toEqual([]);
  });

  it("shows everything back when the database is out of reach, and can be sent again without a second record", async () => {
    const on = bench();
    const { cookie, csrf, token } = await open(on);
    const fields = { csrf, token, opd: "dishub", text: TEXT, name: "Warga", contact: "0811" };
    on.store.failWith = OUT_OF_REACH;
    const shown = await handle(post("/", fields, { cookie }), on.deps);
    expect(shown.status).toBe(503);
    expect(shown.headers["retry-after"]).toBe("5");
    expect(shown.body).toContain("Laporan Anda belum tersimpan");
    for (const kept of [
      TEXT,
      'value="Warga"',
      'value="0811"',
      '<option value="dishub" selected>',
      `name="token" value="${token}"`,
    ])
      expect(shown.body).toContain(kept);
    on.store.failWith = undefined;
    const again = formOf(shown);
    expect((await handle(post("/", { ...fields, ...again }, { cookie }), on.deps)).status).toBe(303);
    expect((await handle(post("/", fields, { cookie }), on.deps)).status).toBe(303);
    expect(on.store.complaints).toHaveLength(1);
  });

  it.each([
    ["without the cookie", {}, { cookie: undefined }],
    ["with another session's cookie", {}, { cookie: `__Host-pengaduan=${"A".repeat(22)}` }],
    ["with a made token", { csrf: `t.${"A".repeat(43)}` }, {}],
    ["from another site", {}, { origin: "https://jahat.example" }],
    ["from a page without origin", {}, { origin: "null" }],
    ["across sites", {}, { "sec-fetch-site": "cross-site" }],
    ["without the form's own token", { token: "" }, {}],
  ])("refuses a form sent %s, and keeps what was typed", async (_name, fields, headers) => {
    const on = bench();
    const shown = await send(on, fields, headers);
    expect(shown.status).toBe(403);
    expect(shown.body).toContain(TEXT);
    expect(on.store.complaints).toHaveLength(0);
  });

  it("accepts the origin of its own host", async () => {
    expect(
      (await send(bench(), {}, { origin: "https://pengaduan.lumbungkab.go.id", "sec-fetch-site": "same-origin" }))
        .status,
    ).toBe(303);
  });

  it("takes a form of eleven hours ago and not of thirteen", async () => {
    for (const [hours, status] of [
      [11, 303],
      [13, 403],
    ] as const) {
      const on = bench();
      const { cookie, csrf, token } = await open(on);
      on.wait(hours * 3600);
      expect((await handle(post("/", { csrf, token, opd: "dishub", text: TEXT }, { cookie }), on.deps)).status).toBe(
        status,
      );
    }
  });

  it("slows down who sends too much, and says when to come back", async () => {
    const on = bench();
    for (let sent = 0; sent < CONFIG.limit.burst; sent++) expect((await send(on)).status).toBe(303);
    const refused = await send(on);
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("10");
    expect(refused.body).toContain(TEXT);
    on.wait(10);
    expect((await send(on)).status).toBe(303);
  });

  it("shows hostile text as text", async () => {
    const on = bench();
    const back = await send(on, { opd: "", text: HOSTILE, name: HOSTILE, contact: HOSTILE });
    const sent = await send(on, { text: HOSTILE });
    for (const shown of [back, await handle(get(sent.headers.location ?? ""), on.deps)]) {
      expect(shown.body).not.toContain("<script>");
      expect(shown.body).toContain("&lt;script&gt;");
      expect(htmlProblems(shown.body)).toEqual([]);
    }
  });
});

describe("pages", () => {
  it("list the latest, and say so when there are none", async () => {
    const on = bench();
    expect((await handle(get("/laporan/"), on.deps)).body).toContain("Belum ada pengaduan");
    await send(on);
    const shown = await handle(get("/en/laporan/"), on.deps);
    expect(shown.body).toContain('<a class="reference" href="/en/laporan/ADU-');
    expect(htmlProblems(shown.body)).toEqual([]);
  });

  it("find a report by a number as a person types it", async () => {
    const on = bench();
    const sent = await send(on);
    const reference = /ADU-....-..../.exec(sent.headers.location ?? "")?.[0] ?? "";
    const typed = reference.toLowerCase().replaceAll("-", " ").replaceAll("0", "o");
    expect((await handle(get(`/laporan/?nomor=${encodeURIComponent(typed)}`), on.deps)).headers.location).toBe(
      `/laporan/${reference}`,
    );
    expect((await handle(get("/laporan/?nomor=apa"), on.deps)).status).toBe(404);
  });

  it.each([
    ["GET", "/tiada", 404],
    ["GET", `/laporan/${aReference}`, 404],
    ["GET", "/laporan/..%2f", 404],
    ["DELETE", "/", 405],
    ["POST", "/laporan/", 405],
    ["POST", "/style.css", 405],
    ["GET", "//", 404],
    ["GET", "//jahat.example/laporan/", 404],
    ["GET", "https://jahat.example/", 400],
  ])("%s %s is %d", async (method, url, status) => {
    const shown = await handle({ ...get(url), method }, bench().deps);
    expect(shown.status).toBe(status);
    expect(htmlProblems(shown.body)).toEqual([]);
  });

  it("say that data are out of reach", async () => {
    const on = bench();
    on.store.failWith = OUT_OF_REACH;
    for (const url of ["/laporan/", `/laporan/${aReference}`])
      expect((await handle(get(url), on.deps)).status).toBe(503);
    expect((await handle(get("/"), on.deps)).status).toBe(200);
  });

  it("report a bug of ours as 500 and to the log, not to the reader", async () => {
    const on = bench();
    on.store.failWith = new TypeError("secret detail");
    const shown = await send(on);
    expect(shown.status).toBe(500);
    expect(shown.body).not.toContain("secret detail");
    expect(on.bugs).toHaveLength(1);
  });

  it("answer a body over the limit in the language and form it was sent in", () => {
    expect(tooLarge(CONFIG, "/en/").body).toContain("too large");
    expect(JSON.parse(tooLarge(CONFIG, "/api/complaints").body)).toEqual({ error: { code: "too-large" } });
  });

  it("need nothing from outside", async () => {
    for (const path of ["/style.css", "/favicon.svg", "/motif.svg", "/robots.txt"])
      expect((await handle(get(path), bench().deps)).status).toBe(200);
  });
});

describe("the API", () => {
  it("writes, and reads back", async () => {
    const on = bench();
    const made = await handle(postJson({ opd: "dishub", text: TEXT, token: "satu" }), on.deps);
    expect(made.status).toBe(201);
    const { reference } = JSON.parse(made.body);
    expect(reference).toMatch(REFERENCE);
    const again = await handle(postJson({ opd: "dishub", text: TEXT, token: "satu" }), on.deps);
    expect([again.status, JSON.parse(again.body)]).toEqual([200, { reference, created: false }]);
    expect(JSON.parse((await handle(get(`/api/complaints/${reference}`), on.deps)).body)).toMatchObject({
      reference,
      opd: "dishub",
      text: TEXT,
      status: "diterima",
      createdAt: "2026-03-09T07:05:00.000Z",
    });
  });

  it.each([
    ["no JSON", { ...postJson({}), body: "{" }, 400, "invalid-json"],
    ["a list", postJson([]), 400, "invalid-json"],
    ["a form", post("/api/complaints", { opd: "dishub", text: TEXT }), 415, "expected-json"],
    ["wrong fields", postJson({ opd: "lain", text: "x" }), 422, "invalid"],
    ["a number for a text", postJson({ opd: "dishub", text: 5 }), 422, "invalid"],
    [
      "another origin",
      postJson({ opd: "dishub", text: TEXT }, { origin: "https://jahat.example" }),
      403,
      "foreign-origin",
    ],
    ["a wrong method", get("/api/complaints"), 405, "method"],
    ["an unknown report", get(`/api/complaints/${aReference}`), 404, "not-found"],
    ["an unknown path", get("/api/apa"), 404, "not-found"],
  ])("refuses %s", async (_name, request, status, code) => {
    const answered = await handle(request, bench().deps);
    expect([answered.status, JSON.parse(answered.body).error.code]).toEqual([status, code]);
  });

  it("proves that it writes, to anybody and no oftener than a complaint", async () => {
    const on = bench();
    const token = "0123456789abcdef".repeat(2);
    const proof = (value: object, headers = {}) => ({ ...postJson(value, headers), url: PROOF_PATH });
    const made = await handle(proof({ token }), on.deps);
    expect([made.status, JSON.parse(made.body)]).toEqual([201, expect.objectContaining({ table: "proof", token })]);
    const refused = async (request: AppRequest) => (await handle(request, on.deps)).status;
    expect(await refused({ ...get(PROOF_PATH) })).toBe(405);
    expect(await refused(proof({ token: "'; drop table proof" }))).toBe(422);
    expect(await refused(proof({}))).toBe(422);
    expect(await refused(proof({ token }, { origin: "https://jahat.example" }))).toBe(403);
    expect(await refused(proof({ token }, { "content-type": "text/plain" }))).toBe(415);
    on.store.failWith = OUT_OF_REACH;
    expect(await refused(proof({ token }))).toBe(503);
    on.store.failWith = undefined;
    expect(await refused(proof({ token }))).toBe(201);
    expect(await refused(proof({ token }))).toBe(429);
  });

  it("says what passes and what is a bug", async () => {
    const on = bench();
    on.store.failWith = OUT_OF_REACH;
    const passing = await handle(postJson({ opd: "dishub", text: TEXT }), on.deps);
    expect([passing.status, passing.headers["retry-after"]]).toEqual([503, "5"]);
    on.store.failWith = new Error("ours");
    expect((await handle(get(`/api/complaints/${aReference}`), on.deps)).status).toBe(500);
    expect(on.bugs).toHaveLength(1);
  });
});
