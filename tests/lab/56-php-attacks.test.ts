/** It shows 3: the core rules stop attacks from a corpus that is not ours; nothing uploaded is run; every way in and out asks who comes. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../model/types.ts";
import { fastcgiGet } from "./attacks/fastcgi.ts";
import { type FetchedCorpus, fetchedCorpus } from "./attacks/fetched.ts";
import { program } from "./attacks/files.ts";
import { pinning, readPinned, sortedWith } from "./attacks/pinned.ts";
import { sendAll } from "./attacks/send.ts";
import { eventually } from "./support/eventually.ts";
import { auditOf, nameAt, type PhpApplication, phpApplication, within } from "./support/php.ts";
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
  afterAll(async () => {
    await within(at().container, ["rm", "--force", ...["php", "html", "svg"].map((ending) => `${place}.${ending}`)]);
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
    const { status, body } = await browser.visit(`/?token=${SECRET_WORDS}`, {
      method: "POST",
      form: { x: `1' or '1'='1 ${SECRET_WORDS}`, pwd: SECRET_WORDS },
      // A number of the visitor's own choice would hide who did what.
      headers: { "x-request-id": "00000000-0000-4000-8000-000000000000" },
    });
    const number = /Nomor permintaan: ([0-9a-f-]{36})</.exec(body)?.[1];
    expect([status, number]).toEqual([403, expect.not.stringMatching(/^0{8}-/)]);
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

describe("the way of the uploads", () => {
  const list = (from: string, of: string) => {
    const tls = "/config/current/tls";
    const way = `openssl s_client -quiet -verify_quiet -verify_return_error -verify_hostname ${of} -servername ${of} -CAfile ${tls}/ca.crt -cert ${tls}/server.crt -cert_chain ${tls}/server.crt -key ${tls}/server.key -connect $LUMBUNG_GATEWAY:8445`;
    return within(from, [
      "sh",
      "-c",
      `RSYNC_CONNECT_PROG="${way}" rsync --timeout=10 --recursive rsync://${of}/uploads/`,
    ]);
  };
  test("is open to the same application at the other site", async () => {
    const { code, stdout } = await list(ppid.standby, nameAt(model, "primary", ppid));
    expect([code, stdout]).toEqual([0, expect.stringContaining(".png")]);
  });

  test("is closed to any other application's certificate", async () => {
    const { code, stdout } = await list(wiki.standby, nameAt(model, "primary", ppid));
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
  });

  test("is closed where the site that is asked is on standby", async () => {
    const since = new Date().toISOString();
    const { code, stdout } = await list(ppid.container, nameAt(model, "recovery", ppid));
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect((await auditOf(ppid.standby, since)).all).toContain("refused: this site is standby");
  });

  test("takes deletions along, and keeps what it deletes for a week", async () => {
    const name = `hapus-${randomUUID().slice(0, 8)}.txt`;
    const file = `/var/lib/uploads/files/${name}`;
    await within(ppid.container, ["tee", file], "sementara");
    const rpo = ppid.application.run?.uploads?.rpoSeconds ?? 0;
    const there = async () => (await within(ppid.standby, ["test", "-e", file])).code === 0;
    await eventually("the copy", rpo, async () => ((await there()) ? true : undefined));
    await within(ppid.container, ["rm", file]);
    await eventually("its end", rpo, async () => ((await there()) ? undefined : true));
    const { stdout } = await within(ppid.standby, ["find", "/var/lib/uploads/aside", "-name", name]);
    expect(stdout).toContain(name);
  });
});

describe("the way to the application itself", () => {
  const ask = (certificate: readonly string[], path: string) => {
    const tls = "/config/current/tls";
    const own = certificate.map((word) => `${tls}/${word}`);
    const shown = own.length > 0 ? ["--cert", own[0] ?? "", "--key", own[1] ?? ""] : [];
    const url = `https://${nameAt(model, "primary", ppid)}:8443${path}`;
    const words = [
      "--silent",
      "--output",
      "/dev/null",
      "--write-out",
      "%{http_code}",
      "--cacert",
      `${tls}/ca.crt`,
      ...shown,
    ];
    return within(wiki.container, ["curl", ...words, url]);
  };

  test.each(["/", "/health", "/wp-login.php"])("is closed to other workloads' certificates: %s", async (path) => {
    expect((await ask(["server.crt", "server.key"], path)).stdout).toBe("403");
  });

  test("is closed without a certificate", async () => {
    expect((await ask([], "/health")).stdout).toBe("400");
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
    ["the region's authority", "/config/current/tls/ca.crt", "$wgDBserver", /connected/],
    ["any other authority", OTHERS, "$wgDBserver", /refused: .*certificate verify failed/],
    [
      "the server's name alone",
      "/config/current/tls/ca.crt",
      "gethostbyname($wgDBserver)",
      /refused: .*does not match host name/,
    ],
  ])("of MediaWiki trusts by %s", async (_name, authority, host, expected) => {
    // `eval` runs line by line, after LocalSettings.php.
    const parameters = `["host" => ${host}, "port" => $wgDBport, "user" => $wgDBuser, "password" => $wgDBpassword, "dbname" => $wgDBname]`;
    const connect = `MediaWiki\\MediaWikiServices::getInstance()->getDatabaseFactory()->create("postgres", ${parameters})`;
    const code = `putenv("PGSSLROOTCERT=${authority}"); try { ${connect}->query("select 1"); echo "connected"; } catch (Throwable $error) { echo "refused: ", strtr($error->getMessage(), "\\n", " "); }`;
    const { stdout } = await within(
      wiki.container,
      ["php8.4", "/usr/share/mediawiki/maintenance/run.php", "eval"],
      code,
    );
    expect(stdout).toMatch(expected);
  });
});
