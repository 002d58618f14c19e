import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { oddNames, secretsAt, siteAt } from "../dns/test/fixture.ts";
import { pushersOf, readersOf } from "./access.ts";
import { cgitrc } from "./cgitrc.ts";
import { gitoliteConf } from "./gitolite-conf.ts";
import { htpasswd } from "./htpasswd.ts";
import { allowedSigners, authorizedKeys } from "./keys.ts";
import { nginxConf } from "./nginx-conf.ts";
import { codeEnv, repositoriesTsv } from "./settings.ts";
import { sha512Crypt } from "./sha512-crypt.ts";
import { code, codeModel, someKey, withRevision } from "./testing/fixture.ts";
import { codeWorkload } from "./workload.ts";

const model = codeModel();
const token = (role: string) => `token-of-${role}-only-for-tests`;
const secretsOf = (site: "dc" | "drc") => ({
  ...secretsAt(site),
  certificates: { ...secretsAt(site).certificates, code: secretsAt(site).operator },
  codeHostKey: {
    key: "-----BEGIN PRIVATE KEY-----\nhost\n-----END PRIVATE KEY-----\n",
    created: "2026-01-01T00:00:00Z",
  },
  codeTokens: Object.fromEntries(code.people.map(({ role }) => [role, { token: token(role), created: "" }])),
});
const at = (site: "dc" | "drc", of = model) => codeWorkload(of, siteAt(site, of), secretsOf(site));
const file = (site: "dc" | "drc", path: string, of = model) =>
  String(at(site, of).files.find((one) => one.path === path)?.content);

describe("the code workload", () => {
  it("keeps data and identity, and publishes SSH alone", () => {
    expect(at("dc").volumes).toEqual([
      { name: "data", path: "/var/lib/code", keeps: "data" },
      { name: "identity", path: "/identity", keeps: "data" },
    ]);
    expect(at("dc").reached).toEqual({
      address: "10.61.1.16",
      backboneAddress: "10.61.0.16",
      published: [{ port: 2222, published: 2222, protocol: "tcp" }],
    });
    expect(at("dc").user).toEqual({ uid: 2008, gid: 2008 });
    expect(at("dc").capabilities).toBeUndefined();
  });

  it("marks what is secret, and has no token in clear anywhere", () => {
    const secret = at("dc").files.flatMap((one) => (one.secret ? [one.path] : []));
    expect(secret).toEqual(["tls/server.key", "htpasswd", "ssh/host_key"]);
    const open = at("dc").files.flatMap((one) => (one.secret ? [] : [String(one.content)]));
    expect(`${open.join("")}${JSON.stringify(at("dc").environment)}`).not.toMatch(/PRIVATE KEY|\$6\$/);
    expect(
      at("dc")
        .files.map((one) => String(one.content))
        .join(""),
    ).not.toContain("only-for-tests");
  });

  it("shows the same host key at both sites, and differs by names alone", () => {
    expect(file("dc", "ssh/host_key")).toBe(file("drc", "ssh/host_key"));
    for (const path of ["gitolite.conf", "authorized_keys", "htpasswd", "repositories.tsv", "signers/pengaduan"])
      expect(file("dc", path), path).toBe(file("drc", path));
    expect(file("dc", "code.env")).not.toMatch(/active|standby/);
  });

  it("says what is missing", () => {
    const { codeHostKey, ...without } = secretsOf("dc");
    expect(codeHostKey).toBeDefined();
    expect(() => codeWorkload(model, siteAt("dc", model), without)).toThrow("codeHostKey: expected a key");
    expect(() => codeWorkload(model, siteAt("dc", model), { ...secretsOf("dc"), codeTokens: {} })).toThrow(
      "codeTokens.admin-kepegawaian: expected a token, received none. Hint: lumbung up --region uji",
    );
  });
});

describe("who may what", () => {
  const [complaints, attendance] = code.repositories;

  it("every role of the owner's OPD reads, maintainers read and push", () => {
    if (!complaints || !attendance) throw new Error("no repositories");
    expect(readersOf(complaints, code.people)).toEqual(["kepala-aplikasi", "walidata"]);
    expect(pushersOf(complaints)).toEqual(["kepala-aplikasi"]);
    expect(readersOf(attendance, code.people)).toEqual(["admin-kepegawaian", "kepala-aplikasi"]);
  });

  it("is what gitolite is told: nobody may rewrite or delete", () => {
    expect(gitoliteConf(code)).toBe(`@lumbung-absensi = absensi
repo @lumbung-absensi
    RW refs/heads/ = admin-kepegawaian kepala-aplikasi
    RW refs/tags/ = admin-kepegawaian kepala-aplikasi
    R = admin-kepegawaian kepala-aplikasi
    - = @all

@lumbung-pengaduan = pengaduan
repo @lumbung-pengaduan
    RW refs/heads/ = kepala-aplikasi
    RW refs/tags/ = kepala-aplikasi
    R = kepala-aplikasi walidata
    - = @all
`);
  });

  it("without maintainers or readers nobody gets in", () => {
    const alone = { id: "sendiri", owner: "lain", maintainers: [], quotaBytes: 1 };
    expect(gitoliteConf({ ...code, repositories: [alone] })).toBe(
      "@lumbung-sendiri = sendiri\nrepo @lumbung-sendiri\n    - = @all\n",
    );
  });

  it("cgit shows a role what it may read, and never keeps a page", () => {
    const shown = (role: string) => [...cgitrc(model, code, role).matchAll(/^repo\.url=(.*)$/gm)].map(([, id]) => id);
    expect(shown("walidata")).toEqual(["pengaduan"]);
    expect(shown("kepala-aplikasi")).toEqual(["absensi", "pengaduan"]);
    expect(shown("nobody")).toEqual([]);
    expect(cgitrc(model, code, "walidata")).toContain("\ncache-size=0\n");
    expect(cgitrc(model, code, "walidata")).toContain("\nenable-html-serving=0\n");
    expect(cgitrc(model, code, "walidata")).toContain(
      "\nclone-prefix=https://kode.lumbungkab.go.id ssh://git@kode.lumbungkab.go.id:2222\n",
    );
  });

  it("no name can break a line", () => {
    fc.assert(
      fc.property(oddNames, (odd) => {
        const altered = { ...code, people: code.people.map((one) => ({ ...one, role: odd })) };
        for (const render of [
          () => gitoliteConf(altered),
          () => authorizedKeys(altered.people.slice(0, 1)),
          () => htpasswd(altered, secretsOf("dc")),
        ]) {
          try {
            render();
          } catch (error) {
            if (error instanceof TypeError || String(error).includes("codeTokens")) continue;
            return false;
          }
          if (!/^[a-z][a-z0-9-]*$/.test(odd)) return false;
        }
        return true;
      }),
    );
    const named = (name: string) => ({ ...model, region: { ...model.region, name } });
    expect(() => cgitrc(named("Lumbung\nscan-path=/"), code, "walidata")).toThrow(TypeError);
  });
});

describe("keys", () => {
  it("each can do nothing but git, as its role", () => {
    expect(authorizedKeys(code.people)).toBe(
      `restrict,command="/usr/local/lib/lumbung/code/ssh admin-kepegawaian" ${someKey("B")}\n` +
        `restrict,command="/usr/local/lib/lumbung/code/ssh kepala-aplikasi" ${someKey("A")}\n`,
    );
  });

  it("a tag is signed by a maintainer of that repository", () => {
    const [complaints] = code.repositories;
    if (!complaints) throw new Error("no repository");
    expect(allowedSigners(complaints, code.people)).toBe(`kepala-aplikasi namespaces="git" ${someKey("A")}\n`);
  });

  it("one key is one role's", () => {
    const twice = code.people.map((one) => ({ ...one, sshKeys: [someKey("C")] }));
    expect(() => authorizedKeys(twice)).toThrow("admin-kepegawaian and kepala-aplikasi have the same SSH key");
    const again = code.people.map((one) => ({ ...one, sshKeys: [...one.sshKeys, ...one.sshKeys] }));
    expect(authorizedKeys(again)).toBe(authorizedKeys(code.people));
  });

  it("a key with anything behind it is refused", () => {
    for (const odd of [
      `${someKey("A")} x`,
      `${someKey("A")}\n${someKey("B")}`,
      `command="sh" ${someKey("A")}`,
      "ssh-rsa AAAA",
    ])
      expect(() => authorizedKeys([{ role: "walidata", opd: "kominfo", sshKeys: [odd] }])).toThrow(TypeError);
  });
});

describe("passwords", () => {
  // From the specification's own list.
  it.each([
    [
      "Hello world!",
      "saltstringsaltst",
      10000,
      "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
    ],
    [
      "a very much longer text to encrypt.  This one even stretches over morethan one line.",
      "anotherlongsalts",
      1400,
      "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
    ],
    [
      "the minimum number is still observed",
      "roundstoolow",
      1000,
      "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.",
    ],
  ])("%s", (password, salt, rounds, expected) => {
    expect(sha512Crypt(password, salt, rounds)).toBe(expected);
  });

  it("are as OpenSSL makes them", () => {
    const long = "sandi ".repeat(30);
    const theirs = execFileSync("openssl", ["passwd", "-6", "-salt", "rounds=1000$garam", "-stdin"], {
      input: `${long}\n`,
    });
    expect(sha512Crypt(long, "garam", 1000)).toBe(theirs.toString().trim());
  });

  it("the same token makes the same line, another one another salt", () => {
    const lines = () => htpasswd(code, secretsOf("dc")).split("\n");
    expect(lines()).toEqual(lines());
    expect(lines()[0]).toMatch(/^admin-kepegawaian:\$6\$rounds=1000\$[A-Za-z0-9.]{16}\$[A-Za-z0-9./]{86}$/);
    expect(new Set(lines().map((line) => line.split("$")[3])).size).toBe(code.people.length + 1);
  });
});

describe("settings", () => {
  it("say who the other site is, and how old a copy may be", () => {
    expect(file("drc", "code.env")).toBe(`REGION_IDENTITY=00000000-0000-4000-8000-000000000000
SITE=drc
DESIGNATION=recovery
PEER_SITE=dc
PEER_HOST=code.dc.uji.internal
LUMBUNG_GATEWAY=gateway.drc.uji.internal
RPO_SECONDS=9
PERIOD_SECONDS=3
KEEP_DAYS=90
PUSH_HINT=ssh://git@kode.lumbungkab.go.id:2222/ (127.0.61.1:2222)
`);
  });

  it("a region of one site copies nothing", () => {
    const alone = { ...model, sites: model.sites.slice(0, 1) };
    expect(codeEnv(alone, siteAt("dc", alone), code, secretsOf("dc"))).toMatch(/^PEER_SITE=\nPEER_HOST=$/m);
    expect(file("dc", "nginx.conf", alone)).not.toContain(" peer;");
  });

  it("say of each repository its quota, its application and what runs of it", () => {
    expect(repositoriesTsv(withRevision(model, "v1.0"), code)).toBe(
      "absensi\t2097152\t-\t-\npengaduan\t8388608\tpengaduan\tv1.0\n",
    );
    expect(() => repositoriesTsv(withRevision(model, "v1 --exec"), code)).toThrow(TypeError);
  });
});

describe("nginx.conf", () => {
  const locations = (text: string) =>
    [...text.matchAll(/^ {8}location ([^\n]*) \{\n([\s\S]*?)^ {8}\}/gm)].map(([, name = "", body = ""]) => ({
      name,
      body,
    }));

  it("every location is somebody's, and people need a password", () => {
    const found = locations(file("dc", "nginx.conf"));
    expect(found.map(({ name }) => name)).toHaveLength(6);
    for (const { name, body } of found)
      expect(body, name).toMatch(
        /if \(\$caller != (gateway|monitor)\) \{ return 403; \}|if \(\$caller !~ \^\(peer\|backup\)\$\) \{ return 403; \}|if \(\$health = ""\)/,
      );
    const people = found.filter(({ body }) => body.includes("$caller != gateway") && body.includes("fastcgi_pass"));
    expect(people).toHaveLength(2);
    for (const { name, body } of people) expect(body, name).toContain("auth_basic_user_file /config/current/htpasswd;");
  });

  it("no CGI program is told a password", () => {
    for (const { name, body } of locations(file("dc", "nginx.conf")))
      if (body.includes("fastcgi_pass")) expect(body, name).toContain('fastcgi_param HTTP_AUTHORIZATION "";');
  });

  it("knows this site's gateway, the other site's code, and ops of both", () => {
    const text = file("drc", "nginx.conf");
    for (const line of [
      'gateway\\.drc\\.uji\\.internal(,|$)" gateway;',
      'code\\.dc\\.uji\\.internal(,|$)" peer;',
      'ops\\.dc\\.uji\\.internal(,|$)" monitor;',
    ])
      expect(text).toContain(`"~(^|,)CN=${line}`);
    expect(text.match(/" gateway;/g)).toHaveLength(1);
  });

  const withBackups = {
    ...model,
    sites: model.sites.map((site) => ({
      ...site,
      workloads: [
        ...site.workloads,
        {
          name: "backup",
          kind: "backup" as const,
          address: "10.61.1.18",
          hostName: `backup.${site.internalDomain}`,
          memoryBytes: 2 ** 27,
        },
      ],
    })),
  };

  it("lets the site's own repository host at copies and nothing else, and knows it only where it is placed", () => {
    const text = file("drc", "nginx.conf", withBackups);
    expect(text).toContain('"~(^|,)CN=backup\\.drc\\.uji\\.internal(,|$)" backup;');
    expect(text).not.toContain("backup\\.dc");
    const open = locations(text).filter(({ name, body }) => name !== "= /health" && callersIn(body).includes("backup"));
    expect(open.map(({ name }) => name)).toEqual(["/-/copy/"]);
    // Health is by a map of its own, which has no line for it.
    expect(text.match(/map "\$caller \$host" \$health \{[^}]*\}/)?.[0]).not.toContain("backup");
    expect(file("drc", "nginx.conf")).not.toContain(" backup;");
  });

  /** Whom a location lets through, by its first condition. */
  function callersIn(body: string): string[] {
    const [, one, some] = body.match(/if \(\$caller (?:!= (\w+)|!~ \^\(([\w|]+)\)\$)\) \{ return 403; \}/) ?? [];
    return (some ?? one ?? "").split("|");
  }

  it("tells the program that gives copies who asks, as it judges by that", () => {
    const [copy] = locations(file("dc", "nginx.conf", withBackups)).filter(({ name }) => name === "/-/copy/");
    expect(copy?.body).toContain("fastcgi_param LUMBUNG_CALLER $caller;");
    expect(callersIn(copy?.body ?? "")).toEqual(["peer", "backup"]);
  });

  it("no host name can break a line", () => {
    for (const odd of ['a" "b', "a;b", "a\nb", "$host", "a}"])
      for (const at of [{ hostName: odd }, { gateway: odd }, { peer: odd }, { backup: odd }, { monitors: [odd] }])
        expect(() => nginxConf({ hostName: "h", gateway: "g", monitors: [], ipv6: false, ...at })).toThrow(TypeError);
  });
});

describe("give", () => {
  const folder = mkdtempSync(join(tmpdir(), "code-give-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  // The real program, beside a library in which the paths and the role are the test's.
  const library = join(import.meta.dirname, "../../images/code/usr/local/lib/lumbung/code");
  const place = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  const ours = (text: string) =>
    text
      .replace("/usr/local/lib/lumbung/code", folder)
      .replace(/^config=.*$/m, `config=${folder}`)
      .replace(/^data=.*$/m, `data=${folder}`);
  place("code.sh", ours(readFileSync(join(library, "code.sh"), "utf8")));
  place("give", ours(readFileSync(join(library, "give"), "utf8")));
  place("lumbung-role", '#!/bin/sh\n[ "$1" = copies ] && echo "$ROLE"\n');
  place("code.env", "REGION_IDENTITY=r1\nSITE=drc\n");
  place("repositories.tsv", "pengaduan\t1\t-\t-\n");
  const repository = join(folder, "repositories/pengaduan.git");
  mkdirSync(repository, { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", repository]);

  function asked(caller: string | undefined, role: string, path = "/-/copy/index"): string {
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      ROLE: role,
      PATH_INFO: path,
      REQUEST_METHOD: "GET",
      QUERY_STRING: "service=git-upload-pack",
      ...(caller === undefined ? {} : { LUMBUNG_CALLER: caller }),
    };
    return spawnSync("/bin/sh", [join(folder, "give")], { env, encoding: "utf8" }).stdout;
  }

  it("gives to the other site only while this one is active, or closing", () => {
    for (const role of ["active", "closing"])
      expect(asked("peer", role), role).toMatch(
        /^Status: 200 OK\r\n[\s\S]*region r1 drc\npengaduan [0-9a-f]{64} refs\/heads\/main/,
      );
    for (const role of ["standby", "unknown", ""]) expect(asked("peer", role), role).toMatch(/^Status: 503 Not active/);
  });

  it("gives to the repository host whatever this site is, and to nobody who is not called exactly that", () => {
    for (const role of ["active", "standby", "unknown"]) {
      expect(asked("backup", role), role).toMatch(/^Status: 200 OK/);
      const refs = asked("backup", role, "/-/copy/pengaduan/info/refs");
      expect(refs, role).toContain("application/x-git-upload-pack-advertisement");
    }
    for (const caller of [undefined, "", "monitor", "gateway", "backup peer", "Backup"])
      expect(asked(caller, "standby"), caller).toMatch(/^Status: 503/);
  });

  it("gives it what is declared, for reading, and nothing else", () => {
    for (const path of ["/-/copy/lain/info/refs", "/-/copy/pengaduan/git-receive-pack", "/-/copy/pengaduan/config"])
      expect(asked("backup", "active", path), path).toMatch(/^Status: 404/);
  });
});
