/** It shows 3: two real PHP applications: log in, write, upload, see it; none of it is refused. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../model/types.ts";
import { newPicture, program } from "./attacks/files.ts";
import * as mediawiki from "./attacks/mediawiki-use.ts";
import { BLOCKS, COMMENTS, SEARCHES, TITLES, WIKITEXT } from "./attacks/texts.ts";
import * as wordpress from "./attacks/wordpress-use.ts";
import type { Browser } from "./support/browser.ts";
import { eventually } from "./support/eventually.ts";
import { auditOf, type PhpApplication, phpApplication, within } from "./support/php.ts";
import { labModel } from "./support/region.ts";

const PPID = "ppid";
const WIKI = "pengetahuan";
const SECRET_WORDS = "kata-sandi-yang-tidak-boleh-tercatat";

let model: Model;
let ppid: PhpApplication;
let wiki: PhpApplication;

beforeAll(async () => {
  model = await labModel();
  ppid = await phpApplication(model, PPID);
  wiki = await phpApplication(model, WIKI);
});

const refusedOf = (browser: Browser) => browser.visits.filter(({ refused, status }) => refused || status >= 400);

/** The same bytes at the recovery site within the declared RPO (and the time of one round). */
async function expectCopied({ standby, application }: PhpApplication, path: string, content: Buffer): Promise<void> {
  const rpo = application.run?.uploads?.rpoSeconds ?? 0;
  expect(rpo).toBeGreaterThan(0);
  const { stdout } = await eventually(`${path} at the recovery site`, rpo, async () => {
    const copy = await within(standby, ["base64", "--wrap", "0", `/var/lib/uploads/files/${path}`]);
    return copy.code === 0 ? copy : undefined;
  });
  expect(stdout).toBe(content.toString("base64"));
}

describe("WordPress", () => {
  let browser: Browser;
  let session: wordpress.WordPressSession;
  let post: wordpress.Post;
  let since: string;

  test("takes the first administrator's password, and no other", async () => {
    since = new Date().toISOString();
    browser = ppid.browser();
    session = await wordpress.logIn(browser, ppid.adminPassword);
    await expect(wordpress.logIn(ppid.browser(), SECRET_WORDS)).rejects.toThrow(/expected 302, received 200/);
  });

  test("shows what was written", async () => {
    for (const title of TITLES) post = await wordpress.writePost(browser, session, title, BLOCKS);
    const { status, body } = await ppid.browser().get(new URL(post.link).pathname);
    expect(status).toBe(200);
    expect(body).toContain("hak untuk tahu");
    expect(body).toContain('lang="id');
  });

  test("shows an uploaded picture, and has it at the recovery site within the RPO", async () => {
    const file = newPicture("async-upload");
    const answer = JSON.parse((await wordpress.upload(browser, session, file)).body) as {
      success: boolean;
      data: { url: string };
    };
    expect(answer.success).toBe(true);
    const { pathname } = new URL(answer.data.url);
    const shown = await ppid.browser().get(pathname);
    expect([shown.status, shown.headers["content-type"]]).toEqual([200, "image/png"]);
    expect(shown.bytes.equals(file.content)).toBe(true);
    expect(shown.headers["content-security-policy"]).toContain("sandbox");
    await expectCopied(ppid, pathname.replace("/wp-content/uploads/", ""), file.content);
  });

  test("all of an ordinary day passes: not one request is refused", async () => {
    await wordpress.everydayUse(browser, session, post, SEARCHES, COMMENTS);
    expect(refusedOf(browser)).toEqual([]);
    expect(browser.visits.length).toBeGreaterThan(60);
    expect((await auditOf(ppid.container, since)).lines).toEqual([]);
  });

  test("speaks Indonesian to its visitors, and has no sample links", async () => {
    const { body } = await ppid.browser().get("/");
    expect(body).toMatch(/<h1[^>]*>Berita</);
    expect(body).toContain("Dibuat dengan");
    expect(body).not.toMatch(/Designed with|>FAQs<|>Shop</);
    const missing = await ppid.browser().get("/tidak-ada/");
    expect([missing.status, missing.body.includes("Halaman tidak ditemukan")]).toEqual([404, true]);
  });

  test("its own pages may frame each other where it says so, and no page otherwise", async () => {
    const framed = async (path: string) => (await browser.get(path)).headers["x-frame-options"];
    expect([await framed("/wp-admin/customize.php"), await framed("/")]).toEqual(["SAMEORIGIN", "DENY"]);
  });

  test("takes no program, by whichever name", async () => {
    const plain = await wordpress.upload(browser, session, program("async-upload", "laporan.php"));
    expect(plain.status).toBe(403);
    const disguised = await wordpress.upload(browser, session, program("async-upload", "laporan.png", "image/png"));
    expect(JSON.parse(disguised.body)).toMatchObject({ success: false });
  });

  test.each([
    "/xmlrpc.php",
    "/wp-admin/install.php",
    "/wp-admin/plugin-install.php",
    "/wp-cron.php",
    "/wp-admin/theme-editor.php",
  ])("has no %s", async (path) => {
    expect((await browser.get(path)).status).toBe(404);
  });
});

describe("MediaWiki", () => {
  let browser: Browser;
  let since: string;
  const title = `Cadangan & pemulihan ${randomUUID().slice(0, 8)}`;

  test("takes the first administrator's password, and no other", async () => {
    since = new Date().toISOString();
    browser = wiki.browser();
    await mediawiki.logIn(browser, wiki.adminPassword);
    await expect(mediawiki.logIn(wiki.browser(), SECRET_WORDS)).rejects.toThrow(/expected 302, received 200/);
  });

  test("shows what was written, with code in it, as text", async () => {
    const { status } = await mediawiki.writePage(browser, title, WIKITEXT);
    expect(status).toBe(200);
    const { body } = await wiki.browser().get(`/wiki/${encodeURIComponent(title.replaceAll(" ", "_"))}`);
    expect(body).toContain("UNION SELECT 1, 2, 3");
    expect(body).toContain('&lt;script&gt;alert("contoh XSS');
  });

  test("shows an uploaded picture, and has it at the recovery site within the RPO", async () => {
    const file = newPicture("wpUploadFile");
    const answer = await mediawiki.upload(browser, file);
    expect([answer.status, answer.headers.location]).toEqual([302, expect.stringContaining(file.name)]);
    const page = await wiki.browser().get(`/wiki/Berkas:${file.name}`);
    const path = new RegExp(`/images/([^"]*/${file.name})"`).exec(page.body)?.[1] ?? "not on its page";
    const shown = await wiki.browser().get(`/images/${path}`);
    expect(shown.bytes.equals(file.content)).toBe(true);
    await expectCopied(wiki, path, file.content);
  });

  test("all of an ordinary day passes: not one request is refused", async () => {
    await mediawiki.everydayUse(browser, title, SEARCHES, WIKITEXT);
    expect(refusedOf(browser)).toEqual([]);
    expect(browser.visits.length).toBeGreaterThan(35);
    expect((await auditOf(wiki.container, since)).lines).toEqual([]);
  });

  test("takes no program, by whichever name", async () => {
    expect((await mediawiki.upload(browser, program("wpUploadFile", "Laporan.php"))).status).toBe(403);
    const disguised = await mediawiki.upload(browser, program("wpUploadFile", "Laporan.png", "image/png"));
    expect([disguised.status, disguised.headers.location]).toEqual([200, undefined]);
  });

  test.each([
    "/mw-config/index.php",
    "/maintenance/run.php",
    "/LocalSettings.php",
    "/vendor/autoload.php",
    "/images/deleted/",
  ])("has no %s", async (path) => {
    expect((await browser.get(path)).status).toBe(404);
  });
});

describe.each([PPID, WIKI])("%s: the room for uploads", (id) => {
  test("ends at the quota, with a message that says so", async () => {
    const at = id === PPID ? ppid : wiki;
    const quota = at.application.run?.uploads?.quotaBytes ?? 0;
    const browser = at.browser();
    const upload =
      id === PPID
        ? wordpress.upload.bind(undefined, browser, await wordpress.logIn(browser, at.adminPassword))
        : mediawiki.upload.bind(undefined, browser);
    if (id === WIKI) await mediawiki.logIn(browser, at.adminPassword);
    const field = id === PPID ? "async-upload" : "wpUploadFile";
    // The container may measure just in between: then there is room again, and it is filled once more.
    await eventually("a refusal", 40, async () => {
      await within(at.container, ["tee", "/run/lumbung/uploads-bytes"], `${quota - 10}\n`);
      return (await upload(newPicture(field))).body.includes("Ruang unggahan aplikasi ini") ? true : undefined;
    });
    // What is there is measured again, within a minute, and then there is room.
    await eventually("the measured size", 70, async () => {
      const { stdout } = await within(at.container, ["cat", "/run/lumbung/uploads-bytes"]);
      return Number(stdout) < quota - 10 ? true : undefined;
    });
    expect((await upload(newPicture(field))).body).not.toContain("Ruang unggahan aplikasi ini");
  });
});
