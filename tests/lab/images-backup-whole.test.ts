/**
 * Whole applications without the lab around them: each is founded in a container of the drill room's image, copied, and restored by the room from
 * its copies alone: its page shows what is in its database, and one of its files comes as it was.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confinedWords, unixSocketsOnly } from "../../services/backup/application/seccomp.ts";
import type { DrillReport, OrderPart } from "../../services/backup/wire.ts";
import { WholeStand } from "./support/backup-whole-stand.ts";

const checkOf = ({ checks }: DrillReport, name: string) => checks.find((one) => one.name === name);
const text = (report: DrillReport): string => JSON.stringify({ why: report.why, checks: report.checks });

/** What a drill left: processes besides the container's own, and files. */
const LEFT = "ls -A /scratch /tmp; ls -A /run; pgrep -l 'php|nginx|maria|postgres|node' || true";

describe("WordPress on MariaDB, with uploads", () => {
  const stand = new WholeStand("wordpress");
  let parts: OrderPart[] = [];
  beforeAll(async () => {
    await stand.prepare();
    parts = stand.found("wordpress");
  }, 900_000);
  afterAll(() => stand.fell());

  it("shows the newest post's title and hands out an upload as it was; nothing of it stays", () => {
    const before = stand.inside(["sh", "-c", LEFT]).said;
    const report = stand.drill("application:ppid", parts);
    expect(report, text(report)).toMatchObject({ passed: true, proven: "exactly", left: [] });
    expect(checkOf(report, "application")?.detail).toMatch(/^WordPress \d+\.\d+(\.\d+)? installed$/);
    expect(checkOf(report, "page")?.detail).toMatch(
      /^https:\/\/ppid\.lumbungkab\.go\.id\/.+: 200, \d+ bytes, shows the title of the newest post, "Jadwal "layanan" keliling -- Agustus"$/,
    );
    expect(checkOf(report, "upload")?.detail).toMatch(
      /^\/wp-content\/uploads\/2026\/08\/surat%20edaran%20%26%20lampiran\.pdf: 200, 80000 bytes/,
    );
    expect(report.compared.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["ppid.wp_posts", "files:ppid: manifest.json"]),
    );
    expect(report.parts?.map(({ target, apartSeconds }) => [target, apartSeconds])).toEqual([
      ["mariadb:php", 0],
      ["files:ppid", -30],
    ]);
    expect(stand.inside(["sh", "-c", LEFT]).said).toBe(before);
  }, 240_000);

  it("fails where an upload that the copy's list names is not there", () => {
    const [database] = parts;
    const spoiled = {
      ...stand.spoil("2026/08/surat edaran & lampiran.pdf"),
      ...(parts[1]?.proof ? { proof: parts[1].proof } : {}),
    };
    const report = stand.drill("application:ppid", [...(database ? [database] : []), spoiled]);
    expect(report).toMatchObject({ passed: false, left: [] });
    expect(checkOf(report, "page")).toMatchObject({ ok: true });
    expect(checkOf(report, "upload")).toMatchObject({ ok: false, detail: expect.stringContaining("received 404") });
    expect(report.compared.filter(({ same }) => !same).map(({ name }) => name)).toContain(
      "files:ppid: 2026/08/surat edaran & lampiran.pdf",
    );
  }, 240_000);

  it("fails where the posts are others than were signed, and names their table", () => {
    const altered = stand.alter(
      "wordpress",
      "UPDATE wp_posts SET post_title = 'Lain' WHERE post_name = 'jadwal-layanan';",
    );
    const [database, files] = parts;
    const proof =
      database?.proof?.proof === "tables" && altered.proof?.proof === "tables"
        ? { ...database.proof, position: altered.proof.position }
        : undefined;
    const report = stand.drill("application:ppid", [
      { ...altered, ...(proof ? { proof } : {}) },
      ...(files ? [files] : []),
    ]);
    expect(report).toMatchObject({ passed: false, left: [] });
    expect(report.compared.filter(({ same }) => !same).map(({ name }) => name)).toEqual(["ppid.wp_posts"]);
  }, 240_000);

  it("fails where everything is as it was signed, and yet no page shows it", () => {
    const [, files] = parts;
    const broken = stand.alter(
      "wordpress",
      "UPDATE wp_options SET option_value = 'tidak-ada' WHERE option_name IN ('template', 'stylesheet');",
    );
    const report = stand.drill("application:ppid", [broken, ...(files ? [files] : [])]);
    expect(report).toMatchObject({ passed: false, proven: "exactly", left: [] });
    expect(report.compared.every(({ same }) => same)).toBe(true);
    expect(checkOf(report, "page")?.detail).toMatch(/expected 200 and the title of the newest post, "Lain"; received /);
    expect(report.why?.en).toContain("page failed: ");
  }, 240_000);

  it("runs without a network: of sockets only unix ones open, for it and for what it starts", () => {
    const filter = "/var/cache/lumbung/filter";
    const put = stand.inside(["sh", "-c", `base64 -d >${filter}`], unixSocketsOnly().toString("base64"));
    expect(put).toEqual({ code: 0, said: "" });
    const asks = (script: string) => stand.inside(confinedWords(filter, ["sh", "-c", `node -e '${script}'`])).said;
    const tcp = `require("net").connect(8443, "127.0.0.1").on("error", ({ code }) => console.log(code))`;
    const udp = `require("dgram").createSocket("udp4").on("error", ({ code }) => console.log(code)).bind(5353)`;
    expect([asks(tcp), asks(udp)]).toEqual(["EAFNOSUPPORT", "EAFNOSUPPORT"]);
    const unix = `const s = require("net").createServer().listen("/tmp/s", () => { console.log("listens"); s.close(); })`;
    expect(asks(unix)).toBe("listens");
  });
});

describe("MediaWiki on PostgreSQL", () => {
  const stand = new WholeStand("mediawiki");
  beforeAll(() => stand.prepare(), 900_000);
  afterAll(() => stand.fell());

  it("shows what the newest revision says", () => {
    const report = stand.drill("application:pengetahuan", stand.found("mediawiki"));
    expect(report, text(report)).toMatchObject({ passed: true, left: [] });
    expect(checkOf(report, "application")?.detail).toMatch(/^MediaWiki \d+\.\d+\.\d+ installed$/);
    expect(checkOf(report, "page")?.detail).toMatch(
      /: 200, \d+ bytes, shows the newest revision of the page that was changed last, /,
    );
    expect(checkOf(report, "upload")).toMatchObject({ ok: true });
  }, 400_000);
});

describe("our own service on PostgreSQL", () => {
  const stand = new WholeStand("pengaduan");
  beforeAll(() => stand.prepare(), 900_000);
  afterAll(() => stand.fell());

  it("shows the newest complaint, of which nothing is told", () => {
    const report = stand.drill("application:pengaduan", stand.found("pengaduan"));
    expect(report, text(report)).toMatchObject({ passed: true, left: [] });
    expect(checkOf(report, "page")?.detail).toMatch(
      /\/laporan\/…: 200, \d+ bytes, shows the text of the newest complaint \(sha256 [0-9a-f]{64}\)$/,
    );
    expect(JSON.stringify(report)).not.toMatch(/ADU-7KQ2|lampu jalan/);
    expect(checkOf(report, "upload")).toBeUndefined();
  }, 400_000);
});
