/** It shows 3: two real PHP applications: log in, write, upload, see it; attacks are refused, real use is not. */
import { randomInt, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../model/types.ts";
import { fastcgiGet } from "./attacks/fastcgi.ts";
import { type FetchedCorpus, fetchedCorpus } from "./attacks/fetched.ts";
import { png, program } from "./attacks/files.ts";
import * as mediawiki from "./attacks/mediawiki-use.ts";
import { pinning, readPinned, sortedWith } from "./attacks/pinned.ts";
import { sendAll } from "./attacks/send.ts";
import { BLOCKS, COMMENTS, SEARCHES, TITLES, WIKITEXT } from "./attacks/texts.ts";
import * as wordpress from "./attacks/wordpress-use.ts";
import type { Browser, UploadedFile } from "./support/browser.ts";
import { eventually } from "./support/eventually.ts";
import { auditOf, type PhpApplication, phpApplication, within } from "./support/php.ts";
import { labModel } from "./support/region.ts";

const PPID = "ppid";
const WIKI = "pengetahuan";
const SECRET_WORDS = "kata-sandi-yang-tidak-boleh-tercatat";

let model: Model;
let ppid: PhpApplication;
let wiki: PhpApplication;
let corpus: FetchedCorpus;

beforeAll(async () => {
  model = await labModel();
  ppid = await phpApplication(model, PPID);
  wiki = await phpApplication(model, WIKI);
  corpus = await fetchedCorpus();
});

/** A picture that no test before has uploaded. */
const newPicture = (field: string): UploadedFile => ({
  field,
  name: `Peta_${randomUUID().slice(0, 8)}.png`,
  type: "image/png",
  content: png(randomInt(256), randomInt(256), randomInt(256)),
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

  test("takes no program, by whichever name", async () => {
    const plain = await wordpress.upload(browser, session, program("async-upload", "laporan.php"));
    expect(plain.status).toBe(403);
    const disguised = await wordpress.upload(browser, session, program("async-upload", "laporan.png", "image/png"));
    expect(JSON.parse(disguised.body)).toMatchObject({ success: false });
  });

  test.each(["/xmlrpc.php", "/wp-admin/install.php", "/wp-admin/plugin-install.php", "/wp-cron.php", "/wp-config.php"])(
    "has no %s",
    async (path) => {
      expect((await browser.get(path)).status).toBe(404);
    },
  );
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
    expect(body).toContain('&lt;script>alert("contoh XSS');
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

describe.each([PPID, WIKI])("%s: whatever lies in its uploads", (id) => {
  const planted = `tertanam-${randomUUID().slice(0, 8)}`;
  const at = () => (id === PPID ? ppid : wiki);
  const place = `/var/lib/uploads/files/${planted}`;
  const url = (ending: string) => `${id === PPID ? "/wp-content/uploads" : "/images"}/${planted}.${ending}`;

  beforeAll(async () => {
    for (const ending of ["php", "html", "svg"]) {
      const { code, stderr } = await within(at().container, ["tee", `${place}.${ending}`], program("", "").content);
      if (code !== 0) throw new Error(stderr);
    }
  });

  test("is not run by nginx's way", async () => {
    const { status, body } = await at().browser().get(url("php"));
    expect(status).toBe(404);
    expect(body).not.toContain("JALAN-42");
  });

  test("is not run by PHP-FPM, whoever asks it to; the application's own is", async () => {
    const socket = ["socat", "-t", "5", "-", "UNIX-CONNECT:/run/php/fpm.sock"];
    const asked = await within(at().container, socket, fastcgiGet(`${place}.php`));
    expect(asked.stdout).toContain("Berkas ini tidak dijalankan");
    expect(asked.stdout).not.toContain("JALAN-42");
    const html = await within(at().container, socket, fastcgiGet(`${place}.html`));
    expect(html.stdout).toContain("Access denied");
    const own = await within(
      at().container,
      socket,
      fastcgiGet(id === PPID ? "/usr/share/wordpress/wp-login.php" : "/usr/share/mediawiki/load.php"),
    );
    expect(own.stdout).not.toMatch(/tidak dijalankan|Access denied/);
  });

  test.each(["html", "svg"])("as %s is a download, and no page", async (ending) => {
    const { status, headers } = await at().browser().get(url(ending));
    expect(status).toBe(200);
    expect(headers["content-disposition"]).toBe("attachment");
    expect(headers["x-content-type-options"]).toMatch(/^nosniff/);
  });

  test("is all that can be written: its program cannot", async () => {
    const root = id === PPID ? "/usr/share/wordpress" : "/usr/share/mediawiki";
    expect((await within(at().container, ["touch", `${root}/index.php`])).code).not.toBe(0);
    expect(
      (await within(at().container, ["find", root, "/usr/local/share/lumbung", "-writable", "-not", "-type", "l"]))
        .stdout,
    ).toBe("");
  });
});

describe.each([PPID, WIKI])("%s: the core rules", (id) => {
  const at = () => (id === PPID ? ppid : wiki);

  test("refuse the corpus, each case by the rule that it names", async () => {
    const pinned = await readPinned();
    const sorted = sortedWith(pinned, corpus);
    expect(pinning(pinned, sorted)).toEqual(pinned);
    const since = new Date().toISOString();
    const outcomes = await sendAll(sorted.sent, at());
    expect(outcomes.filter(({ refused }) => !refused)).toEqual([]);
    expect(outcomes).toHaveLength(pinned.sent.length);
    const rules = new Map(sorted.sent.map((attack) => [attack.id, attack.rule]));
    await eventually("an audit line for every attack", 20, async () => {
      const found = new Map(
        (await auditOf(at().container, since)).lines.map((line) => [line.request, line.rules.map((rule) => rule.id)]),
      );
      const other = outcomes.filter(
        ({ id: attack, number }) => !found.get(number ?? "")?.includes(rules.get(attack) ?? ""),
      );
      if (other.length > 0)
        throw new Error(`not refused by the rule that it names: ${other.map((one) => one.id).join(", ")}`);
      return true;
    });
  });

  test("say what they refused without what was found, no secret, no body", async () => {
    const since = new Date().toISOString();
    const browser = at().browser();
    const { status, body } = await browser.post(`/?token=${SECRET_WORDS}`, {
      x: `1' or '1'='1 ${SECRET_WORDS}`,
      pwd: SECRET_WORDS,
    });
    const number = /Nomor permintaan: ([0-9a-f-]{36})</.exec(body)?.[1];
    expect([status, number]).toEqual([403, expect.any(String)]);
    expect(body).toContain("Request number: ");
    const { lines, all } = await eventually("its audit line", 10, async () => {
      const audit = await auditOf(at().container, since);
      return audit.lines.length > 0 ? audit : undefined;
    });
    expect(lines).toEqual([expect.objectContaining({ request: number, method: "POST", path: "/" })]);
    expect(lines[0]?.rules.map((rule) => rule.id)).toContain("942100");
    expect(all).not.toContain(SECRET_WORDS);
  });
});

describe("the way to the database", () => {
  const OTHERS = "/etc/ssl/certs/ca-certificates.crt";

  test.each([
    ["the region's authority", "/config/current/tls/ca.crt", /connected TLS_/],
    ["any other authority", OTHERS, /Basis data sedang tidak terjangkau/],
  ])("of WordPress trusts by %s", async (_name, authority, expected) => {
    const code =
      '$_SERVER["HTTP_HOST"]="x"; require "/usr/share/wordpress/wp-load.php"; echo "connected ", $wpdb->get_row("show status like \'Ssl_cipher\'", ARRAY_N)[1];';
    const { stdout } = await within(ppid.container, ["php8.4", "-d", `openssl.cafile=${authority}`, "-r", code]);
    expect(stdout).toMatch(expected);
  });

  test.each([
    ["the region's authority", "/config/current/tls/ca.crt", /connected/],
    ["any other authority", OTHERS, /refused: .*certificate verify failed/],
  ])("of MediaWiki trusts by %s", async (_name, authority, expected) => {
    const code = `putenv("PGSSLROOTCERT=${authority}"); try { MediaWiki\\MediaWikiServices::getInstance()->getDBLoadBalancerFactory()->newMainLB()->getConnection(DB_PRIMARY)->query("select 1"); echo "connected"; } catch (Throwable $error) { echo "refused: ", strtr($error->getMessage(), "\\n", " "); }`;
    const { stdout } = await within(
      wiki.container,
      ["php8.4", "/usr/share/mediawiki/maintenance/run.php", "eval"],
      code,
    );
    expect(stdout).toMatch(expected);
  });
});
