/** The code repository's image, two sites of it: what the lab cannot show cheaply, and each protection with what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeModel, withRevision } from "../../components/code/testing/fixture.ts";
import type { CodeRepositoryModel, Model } from "../../model/types.ts";
import { type CodeSites, type SiteName, sites, startCodeSites } from "./support/code-sites.ts";
import { eventually } from "./support/eventually.ts";

const MIB = 1024 ** 2;
const roles = ["kepala-aplikasi", "admin-kepegawaian", "walidata"] as const;
type RoleId = (typeof roles)[number];
let region: CodeSites;
let keys: Readonly<Record<RoleId, string>>;

/** The region with each role's key, and the code repository altered. */
function declared(alter: (code: CodeRepositoryModel) => CodeRepositoryModel = (same) => same): Model {
  const model = codeModel((code) =>
    alter({ ...code, people: code.people.map((one) => ({ ...one, sshKeys: [keys[one.role as RoleId]] })) }),
  );
  return withRevision(model, "v1.0");
}

/** As declared, but the role has no key (any more). */
const without = (role: RoleId, alter: (code: CodeRepositoryModel) => CodeRepositoryModel = (same) => same) =>
  declared((code) =>
    alter({ ...code, people: code.people.map((one) => (one.role === role ? { ...one, sshKeys: [] } : one)) }),
  );

/** Lines for the client: pushes with HELD=<name> wait, when the site has let them in and before they send anything, until /tmp/<name>.go is there. */
const hold = (names: string) => `for one in ${names}; do rm -f /tmp/$one.*; done
mkdir -p /tmp/hooks && printf '#!/bin/sh\\n[ -n "$HELD" ] || exit 0\\ntouch /tmp/$HELD.held\\nfor i in $(seq 600); do [ -e /tmp/$HELD.go ] && exit 0; sleep 0.1; done; exit 1\\n' >/tmp/hooks/pre-push && chmod 755 /tmp/hooks/pre-push`;
const untilThere = (path: string) => `for i in $(seq 600); do [ -e ${path} ] && break; sleep 0.1; done; [ -e ${path} ]`;

const ssh = (site: SiteName, repository: string) => `ssh://git@code.${site}.uji.internal:2222/${repository}`;
const https = (site: SiteName, repository: string, role: RoleId, token = tokenOf(role)) =>
  `https://${role}:${token}@code.${site}.uji.internal:8443/${repository}`;
const tokenOf = (role: RoleId) => region.secrets("dc").codeTokens[role]?.token ?? "";

/** A script at the client's, as a role: `git` and `ssh` use its key. */
function as(role: RoleId, script: string) {
  return region.client(`export GIT_TERMINAL_PROMPT=0 LC_ALL=C
SSH="-o UserKnownHostsFile=/tmp/known -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=5 -i /tmp/${role}"
export GIT_SSH_COMMAND="ssh $SSH"
cd /tmp/w 2>/dev/null
${script}`);
}

/** What one of the gateways' or others' certificates is answered, with the status in the last line. */
function asks(who: string, site: SiteName, path: string, more = "") {
  const [from = "", name = ""] = who.split("/");
  const own = `/certificates/current/${from}/${name}`;
  return region.client(
    `curl -s -m 20 --cacert /certificates/current/ca.crt --cert ${own}.crt --key ${own}.key ${more} -w '\n%{http_code}' 'https://code.${site}.uji.internal:8443${path}'`,
  ).said;
}
const page = (site: SiteName, path: string, role: RoleId) =>
  asks(`${site}/gateway`, site, path, `-u ${role}:${tokenOf(role)}`);
const health = (site: SiteName) => region.inside(site, "/usr/local/lib/lumbung/health");
const refs = (site: SiteName, repository: string) =>
  region.inside(
    site,
    `git -C /var/lib/code/repositories/${repository}.git for-each-ref --exclude=refs/lumbung; git -C /var/lib/code/repositories/${repository}.git symbolic-ref HEAD`,
  ).said;
const fsck = (site: SiteName, repository: string) =>
  region.inside(site, `git -C /var/lib/code/repositories/${repository}.git fsck --full --strict 2>&1`);
/** A copy as a whole, begun after now. */
const copied = () =>
  eventually("a whole copy", 30, async () => {
    const same = ["pengaduan", "absensi"].every((id) => refs("dc", id) === refs("drc", id));
    return same && health("drc").code === 0 ? true : undefined;
  });
const well = (site: SiteName, pattern: RegExp) =>
  eventually(`${site}: ${pattern}`, 30, async () => (pattern.test(health(site).said) ? true : undefined));

beforeAll(async () => {
  region = await startCodeSites(codeModel(), { dataMiB: { dc: 48 } });
  const made = region.client(`cd /tmp
for role in ${roles.join(" ")}; do ssh-keygen -q -t ed25519 -N '' -C '' -f $role; cut -d ' ' -f 1,2 $role.pub; done
git config --global user.email uji@lumbungkab.go.id; git config --global user.name Uji; git config --global gpg.format ssh
git config --global core.hooksPath /tmp/hooks; git config --global http.sslCAInfo /certificates/current/ca.crt; git config --global core.fsync none
for site in ${sites.join(" ")}; do
  at=http.https://code.$site.uji.internal:8443/ own=/certificates/current/$site/gateway
  git config --global $at.sslCert $own.crt; git config --global $at.sslKey $own.key
done`);
  const [first = "", second = "", third = ""] = made.said.trim().split("\n");
  keys = { "kepala-aplikasi": first, "admin-kepegawaian": second, walidata: third };
  region.become("dc", "active");
  region.become("drc", "standby");
  region.configure(declared());
}, 600_000);

afterAll(() => region?.remove());

describe("founding and first copy", () => {
  it("waits for the founding permit and answers nothing before it", () => {
    expect(health("dc")).toMatchObject({ code: 1, said: expect.stringContaining("wait [wait-permit]") });
    expect(as("walidata", "ssh-keyscan -T 2 -p 2222 code.dc.uji.internal").said).not.toContain("ecdsa");
  });

  it("a copy that never was whole takes no pushes, should its site become the active one", async () => {
    region.become("drc", "active");
    await well("drc", /^active, 2 repositories; this site never copied everything from dc: pushes are refused/);
    const { said } = as(
      "kepala-aplikasi",
      `git init -q -b main /tmp/awal && cd /tmp/awal && git commit -q --allow-empty -m x && git push ${https("drc", "pengaduan", "kepala-aplikasi")} main`,
    );
    expect(said).toContain("Site drc never copied everything from dc");
    region.become("drc", "standby");
  });

  it("is founded empty, and the other site has a whole copy of it within the RPO", async () => {
    region.inside("dc", "echo found >/identity/permit");
    await well("dc", /^active, 2 repositories/);
    await copied();
    expect(health("drc").said).toMatch(/^standby of dc, 2 repositories, copy \d s old \(RPO 9 s\)/);
  });

  it("both sites show the same host key, which a client knows from then on", () => {
    const scanned = region.client(
      "for s in dc drc; do ssh-keyscan -q -T 5 -t ecdsa -p 2222 code.$s.uji.internal 2>/dev/null; done | tee /tmp/known",
    );
    const shown = scanned.said
      .trim()
      .split("\n")
      .map((line) => line.replace(/^\S+ /, ""));
    expect(shown).toHaveLength(2);
    expect(new Set(shown).size).toBe(1);
    expect(shown[0]).toMatch(/^ecdsa-sha2-nistp256 /);
  });
});

describe("SSH", () => {
  it("takes a push of a maintainer, and gives it to who may read", () => {
    const pushed = as(
      "kepala-aplikasi",
      `git init -q -b main /tmp/w && cd /tmp/w && echo satu >a && git add a && git commit -qm satu && git push ${ssh("dc", "pengaduan")} main`,
    );
    expect(pushed).toMatchObject({ code: 0, said: expect.stringContaining("[new branch]") });
    expect(as("walidata", `git ls-remote ${ssh("dc", "pengaduan")} main`).said).toMatch(
      /^[0-9a-f]{40}\trefs\/heads\/main$/m,
    );
  });

  it("refuses who only reads, who may not even read, and a key of nobody", () => {
    const push = (role: RoleId) => as(role, `git push ${ssh("dc", "pengaduan")} main:lain`);
    expect(push("walidata")).toMatchObject({
      code: 128,
      said: expect.stringContaining("role walidata does not maintain pengaduan"),
    });
    expect(push("admin-kepegawaian").said).toContain("REFUSED");
    expect(as("admin-kepegawaian", `git ls-remote ${ssh("dc", "pengaduan")}`).said).toContain("may not read pengaduan");
    const stranger = as(
      "walidata",
      `ssh-keygen -q -t ed25519 -N '' -f /tmp/stranger && GIT_SSH_COMMAND="ssh $SSH -i /tmp/stranger -o IdentityFile=/tmp/stranger" ; ssh -F none -o UserKnownHostsFile=/tmp/known -o IdentitiesOnly=yes -o BatchMode=yes -i /tmp/stranger -p 2222 git@code.dc.uji.internal info`,
    );
    expect(stranger).toMatchObject({ code: 255, said: expect.stringContaining("Permission denied (publickey)") });
  });

  it("gives no terminal, no shell, no forwarding in either direction, and no other user", () => {
    const at = "-p 2222 git@code.dc.uji.internal";
    expect(as("kepala-aplikasi", `ssh $SSH -tt ${at} info`).said).toContain("PTY allocation request failed");
    expect(as("kepala-aplikasi", `ssh $SSH ${at} 'sh -c id'`).said).not.toContain("uid=");
    expect(
      as("kepala-aplikasi", `timeout 10 ssh $SSH -N -o ExitOnForwardFailure=yes -R 9999:localhost:22 ${at}`).said,
    ).toContain("forwarding failed");
    expect(as("kepala-aplikasi", `timeout 10 ssh $SSH -W 127.0.0.1:8443 ${at}`).said).toContain(
      "administratively prohibited",
    );
    expect(as("kepala-aplikasi", "ssh $SSH -p 2222 root@code.dc.uji.internal info").said).toContain(
      "Permission denied",
    );
    expect(as("kepala-aplikasi", `ssh $SSH -s ${at} sftp`).code).not.toBe(0);
  });

  it("knows modern algorithms alone", () => {
    const at = "-p 2222 git@code.dc.uji.internal info";
    for (const old of [
      "KexAlgorithms=ecdh-sha2-nistp256",
      "Ciphers=aes128-ctr",
      "MACs=hmac-sha2-256 -o Ciphers=aes128-ctr",
      "HostKeyAlgorithms=rsa-sha2-512",
    ])
      expect(as("kepala-aplikasi", `ssh $SSH -o ${old} ${at}`).said, old).toContain("no matching");
    expect(
      as("kepala-aplikasi", `ssh $SSH -o PreferredAuthentications=password,keyboard-interactive ${at}`).said,
    ).toContain("Permission denied (publickey)");
  });
});

describe("branches and tags", () => {
  const push = (what: string) => as("kepala-aplikasi", `git push ${ssh("dc", "pengaduan")} ${what}`);
  const sign = (role: RoleId, name: string, more = "") =>
    as(role, `git -c user.signingKey=/tmp/${role} tag ${more} -s -m ${name} ${name}`);

  it("a branch goes on, and is neither rewritten nor deleted", () => {
    expect(push("main:cabang").code).toBe(0);
    expect(push(":cabang")).toMatchObject({
      code: 1,
      said: expect.stringContaining("refs/heads/cabang cannot be rewritten or deleted"),
    });
    expect(as("kepala-aplikasi", "git commit -q --amend -m diubah").code).toBe(0);
    expect(push("--force main")).toMatchObject({
      code: 1,
      said: expect.stringContaining("refs/heads/main cannot be rewritten or deleted"),
    });
    expect(
      as(
        "kepala-aplikasi",
        `git fetch -q ${ssh("dc", "pengaduan")} main && git reset -q --hard FETCH_HEAD && echo dua >a && git commit -qam dua`,
      ).code,
    ).toBe(0);
    expect(push("main").code).toBe(0);
  });

  it("nothing but branches and tags is written", () => {
    expect(push("main:refs/notes/x").said).toContain("only branches and tags");
    expect(push("main:refs/lumbung/kept/x").said).toContain("hidden ref");
  });

  it("a tag is taken if a maintainer of this repository signed it, under its own name", () => {
    as("kepala-aplikasi", "git tag ringan; git tag -a -m x polos");
    expect(push("ringan").said).toContain("tag ringan is not signed");
    expect(push("polos").said).toContain("its signature is not by an SSH key");
    sign("admin-kepegawaian", "v0.1");
    expect(push("v0.1").said).toContain("its signature is not by an SSH key");
    sign("kepala-aplikasi", "v1.0");
    expect(push("v1.0").code).toBe(0);
    expect(push("v1.0:refs/tags/v1.1").said).toContain("signed under another name");
  });

  it("a tag that is there is neither moved nor deleted, signed or not", () => {
    expect(push(":v1.0").said).toContain("cannot be moved or deleted");
    sign("kepala-aplikasi", "v1.0", "--force");
    expect(push("--force v1.0").said).toContain("cannot be moved or deleted");
  });

  it("a push with one bad tag leaves nothing of itself", () => {
    const before = refs("dc", "pengaduan");
    expect(push("main:bagus ringan")).toMatchObject({ code: 1 });
    expect(refs("dc", "pengaduan")).toBe(before);
  });

  it("an object that is not sound is refused", () => {
    const broken = as(
      "kepala-aplikasi",
      `tree=$(git rev-parse HEAD^{tree}); bad=$(printf 'tree %s\nauthor tanpa-surel 1 +0000\ncommitter x <x> 1 +0000\n\nx\n' $tree | git hash-object -t commit -w --stdin --literally); git push ${ssh("dc", "pengaduan")} $bad:refs/heads/rusak`,
    );
    expect(broken).toMatchObject({ code: 1, said: expect.stringContaining("missingEmail") });
  });
});

describe("HTTPS", () => {
  it("takes a push and gives a clone by role and token", () => {
    expect(
      as(
        "kepala-aplikasi",
        `echo tiga >a && git commit -qam tiga && git push ${https("dc", "pengaduan", "kepala-aplikasi")} main`,
      ).code,
    ).toBe(0);
    expect(
      as("walidata", `rm -rf /tmp/c && git clone -q ${https("dc", "pengaduan.git", "walidata")} /tmp/c && cat /tmp/c/a`)
        .said,
    ).toBe("tiga\n");
  });

  it("refuses without a token, with another's, and what the role may not do", () => {
    expect(as("walidata", "git ls-remote https://code.dc.uji.internal:8443/pengaduan").said).toContain(
      "could not read Username",
    );
    expect(
      as("walidata", `git ls-remote ${https("dc", "pengaduan", "kepala-aplikasi", tokenOf("walidata"))}`).said,
    ).toContain("Authentication failed");
    expect(as("walidata", `git push ${https("dc", "pengaduan", "walidata")} main:lain`).said).toContain(
      "role walidata does not maintain pengaduan",
    );
    expect(as("walidata", `git ls-remote ${https("dc", "pengaduan", "admin-kepegawaian")}`).said).toContain(
      "may not read pengaduan",
    );
  });

  it("has pages by role: what it may read and no more, each commit, and what is deployed", async () => {
    const index = page("dc", "/", "walidata");
    expect(index).toContain("pengaduan");
    expect(index).toContain("terpasang / deployed: v1.0 (");
    expect(index).not.toContain("absensi");
    expect(page("dc", "/pengaduan/log/", "walidata")).toContain(">tiga</a>");
    expect(page("dc", "/pengaduan/log/", "admin-kepegawaian")).toContain("No repositories found");
    expect(asks("dc/gateway", "dc", "/")).toMatch(/\n401$/);
    await copied();
    expect(page("drc", "/pengaduan/log/", "walidata")).toContain(">tiga</a>");
  });

  it("runs no script, and serves no repository's file as a page", () => {
    as(
      "kepala-aplikasi",
      `printf '<script>alert(1)</script>' >x.html && git add x.html && git commit -qm x && git push -q ${ssh("dc", "pengaduan")} main`,
    );
    const headers = page("dc", "/pengaduan/plain/x.html", "walidata");
    expect(headers).toContain("alert(1)");
    const told = asks(
      "dc/gateway",
      "dc",
      "/pengaduan/plain/x.html",
      `-u walidata:${tokenOf("walidata")} -o /dev/null -D -`,
    );
    expect(told).toMatch(/content-type: text\/plain/i);
    expect(told).toMatch(/content-security-policy: default-src 'none'/i);
  });

  it("lets in the site's gateway, the other site's copy and those who watch, each for its own", () => {
    for (const [who, path] of [
      ["dc/web", "/health"],
      ["drc/gateway", "/"],
      ["dc/gateway", "/-/copy/index"],
      ["drc/web", "/-/copy/index"],
      ["dc/ops", "/-/copy/index"],
      ["dc/code", "/-/copy/index"],
      ["drc/code", "/pengaduan/info/refs?service=git-upload-pack"],
      ["dc/ops", "/"],
      ["dc/gateway", "/-/deployed.json"],
    ] as const)
      expect(asks(who, "dc", path), `${who} ${path}`).toMatch(/\n403$/);
    expect(region.client("curl -sk -m 5 https://code.dc.uji.internal:8443/").said).toContain(
      "No required SSL certificate was sent",
    );
    expect(asks("dc/gateway", "dc", "/health")).toBe("ok\n200");
    expect(asks("dc/ops", "dc", "/health")).toMatch(/^active, 2 repositories\n\n200$/);
    expect(asks("drc/ops", "dc", "/-/deployed.json")).toMatch(/"revision": "v1.0", "commit": "[0-9a-f]{40}"/);
  });
});

describe("the copy", () => {
  const fetchFrom = (site: SiteName) => asks(site === "dc" ? "drc/code" : "dc/code", site, "/-/copy/index");

  it("refuses pushes at a standby, and names the active site in both languages", () => {
    for (const url of [ssh("drc", "pengaduan"), https("drc", "pengaduan", "kepala-aplikasi")]) {
      const { code, said } = as("kepala-aplikasi", `git push ${url} main:lain`);
      expect(code).not.toBe(0);
      expect(said).toContain("Kirim ke situs aktif, dc");
      expect(said).toContain("Push to the active site, dc");
    }
    expect(as("walidata", `git ls-remote ${https("drc", "pengaduan", "walidata")} v1.0`).said).toContain(
      "refs/tags/v1.0",
    );
  });

  it("is given by an active site alone, for reading alone", () => {
    expect(fetchFrom("dc")).toMatch(/^region 00000000|^region [0-9a-f-]{36} dc\n/);
    expect(fetchFrom("drc")).toMatch(/is standby: only an active site gives copies\n\n503$/);
    expect(asks("drc/code", "dc", "/-/copy/pengaduan/info/refs?service=git-receive-pack")).toMatch(/\n403$/);
    expect(asks("drc/code", "dc", "/-/copy/lain/info/refs?service=git-upload-pack")).toMatch(/\n404$/);
    expect(asks("drc/code", "dc", "/-/copy/../pengaduan/git-receive-pack", "--path-as-is -X POST")).toMatch(/\n403$/);
  });

  it("keeps what the other site rewrote or deleted, hidden, until its time is over", async () => {
    const repository = "/var/lib/code/repositories/pengaduan.git";
    await copied();
    const lost = region
      .inside(
        "dc",
        `cd ${repository} && git rev-parse main && git update-ref refs/heads/main main~1 && git update-ref -d refs/heads/cabang && git update-ref refs/heads/cabang/anak main`,
      )
      .said.trim();
    await copied();
    const kept = region.inside(
      "drc",
      `git -C ${repository} for-each-ref --format='%(objectname) %(refname)' refs/lumbung/kept`,
    ).said;
    expect(kept).toMatch(new RegExp(`^${lost} refs/lumbung/kept/\\d{8}T\\d{6}Z/heads/main$`, "m"));
    expect(kept).toMatch(/ refs\/lumbung\/kept\/\d{8}T\d{6}Z\/heads\/cabang$/m);
    expect(as("walidata", `git ls-remote ${ssh("drc", "pengaduan")}`).said).not.toContain("lumbung");
    expect(
      region.inside("drc", `cd ${repository} && git gc --quiet --prune=now && git cat-file -t ${lost}`).said.trim(),
    ).toBe("commit");
    region.inside("drc", `cd ${repository} && git update-ref refs/lumbung/kept/20200101T000000Z/heads/lama main`);
    region.inside("dc", `cd ${repository} && git update-ref refs/heads/main ${lost}`);
    await copied();
    const after = region.inside(
      "drc",
      `git -C ${repository} for-each-ref --format='%(refname)' refs/lumbung/kept`,
    ).said;
    expect(after).not.toContain("20200101");
    expect(after).toContain("/heads/cabang");
  });

  it("older than its RPO it is not well, and says since when; back, it catches up", async () => {
    region.become("dc", "silent");
    await well("drc", /copy 1\d s old \(RPO 9 s\); the copy is older than its RPO; dc gives no copy/);
    expect(health("drc").code).toBe(1);
    // The gateway still leads readers here.
    expect(asks("drc/gateway", "drc", "/health")).toBe("ok\n200");
    expect(asks("drc/ops", "drc", "/health")).toMatch(/\n503$/);
    region.become("dc", "active");
    await copied();
  });

  it("a site whose role is unknown takes nothing, gives nothing and copies nothing", async () => {
    region.become("dc", "silent");
    for (const url of [ssh("dc", "pengaduan"), https("dc", "pengaduan", "kepala-aplikasi")])
      expect(as("kepala-aplikasi", `git push ${url} HEAD:lain`).said).toContain(
        "It is not known whether site dc is active",
      );
    expect(health("dc")).toMatchObject({ code: 1, said: expect.stringContaining("role unknown") });
    region.become("dc", "active");
  });

  it("after a switch the sites have changed places, and nothing that only the old one had is lost", async () => {
    await copied();
    region.become("dc", "silent");
    const only = region
      .inside(
        "dc",
        "cd /var/lib/code/repositories/absensi.git && c=$(git -c user.name=x -c user.email=x@x commit-tree -m hanya-dc $(git hash-object -t tree -w /dev/null)) && git update-ref refs/heads/main $c && echo $c",
      )
      .said.trim();
    region.become("drc", "active");
    region.become("dc", "standby");
    expect(as("kepala-aplikasi", `git push ${ssh("drc", "pengaduan")} HEAD:di-drc`).code).toBe(0);
    await eventually(
      "dc copies from drc",
      30,
      async () =>
        (refs("dc", "pengaduan").includes("refs/heads/di-drc") && refs("dc", "absensi") === refs("drc", "absensi")) ||
        undefined,
    );
    expect(
      region.inside("dc", "git -C /var/lib/code/repositories/absensi.git for-each-ref refs/lumbung/kept").said,
    ).toContain(only);
    region.become("drc", "standby");
    region.become("dc", "active");
    await copied();
  });
});

describe("bad luck", () => {
  const big = (mib: number) => `head -c ${mib * MIB} /dev/urandom >besar && git add besar && git commit -qm besar`;
  const back = (commits = 1) => `code=$?; git reset -q --hard HEAD~${commits}; exit $code`;
  const urls = () => [ssh("dc", "pengaduan"), https("dc", "pengaduan", "kepala-aplikasi")];
  const bytes = () =>
    Number(
      region.inside("dc", "du -s -B1 --apparent-size /var/lib/code/repositories/pengaduan.git/objects | cut -f 1").said,
    );

  it("a push beyond the quota is refused, and leaves nothing", () => {
    const [before, had] = [bytes(), refs("dc", "pengaduan")];
    for (const url of urls()) {
      const early = as("kepala-aplikasi", `${big(9)} && git push ${url} HEAD:besar; ${back()}`);
      expect(early).toMatchObject({ code: 1, said: expect.stringContaining("exceeds maximum allowed size") });
    }
    expect([bytes(), refs("dc", "pengaduan")]).toEqual([before, had]);
  });

  it("a push that git itself would let through is refused when the sum is beyond the quota", () => {
    // Two pushes at once, each within the room that was left when it began.
    const [before, had] = [bytes(), refs("dc", "pengaduan")];
    const both = as(
      "kepala-aplikasi",
      `${hold("satu dua")}
git checkout -q --detach
for one in satu dua; do
  git checkout -q --detach main && ${big(5)} && git branch -f $one
  (HELD=$one git push ${ssh("dc", "pengaduan")} $one >/tmp/$one.said 2>&1; echo $? >/tmp/$one.code) &
done
for one in satu dua; do ${untilThere("/tmp/$one.held")}; done
touch /tmp/satu.go; ${untilThere("/tmp/satu.code")}; touch /tmp/dua.go; wait
cat /tmp/satu.code /tmp/dua.code /tmp/dua.said; git checkout -q main; git branch -q -D satu dua`,
    );
    expect(both.said).toMatch(/^0\n1\n/);
    expect(both.said).toContain("This push makes repository pengaduan larger than its quota, 8388608 bytes");
    expect(bytes() - before).toBeLessThan(6 * MIB);
    expect(refs("dc", "pengaduan").split("\n").length).toBe(had.split("\n").length + 1);
    expect(fsck("dc", "pengaduan").code).toBe(0);
  });

  it("a full disk refuses a push and harms no repository, and a key is revoked all the same", () => {
    const large = (one: CodeRepositoryModel) => ({
      ...one,
      repositories: one.repositories.map((each) => ({ ...each, quotaBytes: 512 * MIB })),
    });
    region.configure(declared(large));
    const had = refs("dc", "pengaduan");
    expect(
      region
        .inside(
          "dc",
          "head -c 100M /dev/zero >/var/lib/code/ballast 2>/dev/null; df --output=avail /var/lib/code | tail -n 1",
        )
        .said.trim(),
    ).toBe("0");
    try {
      for (const url of urls()) {
        const full = as("kepala-aplikasi", `${big(1)}; git push ${url} HEAD:lagi; ${back()}`);
        expect(full).toMatchObject({ code: 1, said: expect.stringContaining("No space left on device") });
      }
      region.configure(without("walidata", large));
      expect(as("walidata", `git ls-remote ${ssh("dc", "pengaduan")}`).said).toContain("Permission denied");
    } finally {
      region.inside("dc", "rm /var/lib/code/ballast");
    }
    expect(refs("dc", "pengaduan")).toBe(had);
    expect(fsck("dc", "pengaduan").code).toBe(0);
    region.configure(declared());
    expect(
      as("kepala-aplikasi", `git commit -q --allow-empty -m sesudah && git push ${ssh("dc", "pengaduan")} HEAD:sesudah`)
        .code,
    ).toBe(0);
  });

  it("one process that ends takes the others with it, so that the runtime starts all of them again", async () => {
    for (const what of ["nginx.pid", "sshd.pid"]) {
      region.inside("drc", `kill -9 $(cat /run/code/${what})`);
      await eventually("the container ends", 15, async () => (region.ended("drc") === 1 ? true : undefined));
      region.restart("drc");
      await well("drc", /^standby of dc, 2 repositories, copy/);
    }
    await copied();
  });

  it("a data volume that is suddenly empty is not taken for a new one; a reseed fills it, from an active site alone", async () => {
    region.inside("drc", "rm -rf /var/lib/code/repositories /var/lib/code/.[!.]*");
    region.restart("drc");
    await well("drc", /^refuse \[lost\]/);
    region.become("dc", "silent");
    region.inside("drc", "echo reseed >/identity/permit");
    await well("drc", /^wait \[wait-source\].*dc gives no copy/);
    region.become("dc", "active");
    await well("drc", /^standby of dc, 2 repositories, copy/);
    await copied();
    expect(fsck("drc", "pengaduan").code).toBe(0);
  });
});

describe("what changes while it runs", () => {
  it("a revoked key is refused from the switch on, in a connection that is open too; others' sessions go on", () => {
    const control = (role: RoleId) => `-o ControlPath=/tmp/control-${role} -p 2222 git@code.dc.uji.internal`;
    for (const role of ["kepala-aplikasi", "walidata"] as const)
      expect(as(role, `ssh $SSH -M -f -N ${control(role)} && ssh $SSH ${control(role)} info`).said).toContain(
        `hello ${role}`,
      );
    region.configure(without("walidata"), ["dc"]);
    expect(as("walidata", `ssh $SSH ${control("walidata")} info`).said).toContain(
      "this key no longer counts for role walidata",
    );
    expect(as("walidata", `git ls-remote ${ssh("dc", "pengaduan")}`).said).toContain("Permission denied (publickey)");
    expect(as("kepala-aplikasi", `ssh $SSH ${control("kepala-aplikasi")} info`).said).toContain(
      "hello kepala-aplikasi",
    );
    for (const role of ["kepala-aplikasi", "walidata"] as const) as(role, `ssh $SSH -O exit ${control(role)}`);
    region.configure(declared(), ["dc"]);
  });

  it("a key that is revoked while its push is under way pushes nothing", () => {
    const begun = as(
      "kepala-aplikasi",
      `${hold("lambat")}
(HELD=lambat git push ${ssh("dc", "pengaduan")} HEAD:terlambat >/tmp/lambat.said 2>&1; echo $? >/tmp/lambat.code) >/dev/null 2>&1 &
${untilThere("/tmp/lambat.held")}`,
    );
    expect(begun.code).toBe(0);
    region.configure(without("kepala-aplikasi"), ["dc"]);
    const ended = region.client(
      `touch /tmp/lambat.go; ${untilThere("/tmp/lambat.code")}; cat /tmp/lambat.code /tmp/lambat.said`,
    );
    expect(ended.said).toMatch(/^1\n/);
    expect(ended.said).toContain("The key or password of role kepala-aplikasi no longer counts");
    expect(refs("dc", "pengaduan")).not.toContain("terlambat");
    region.configure(declared(), ["dc"]);
  });

  it("a rotated token counts at once, and the old one no more: not even for a push that is under way", async () => {
    const old = tokenOf("kepala-aplikasi");
    // A push as git sends it, slowed to 50 kB a second.
    const begun = as(
      "kepala-aplikasi",
      `head -c 1M /dev/urandom >lambat && git add lambat && git commit -qm lambat && zero=$(printf '%040d' 0) new=$(git rev-parse HEAD)
line="$zero $new refs/heads/curl"; { printf '%04x%s\\0 report-status0000' $((4 + \${#line} + 15)) "$line"; echo $new | git pack-objects --revs --stdout -q --thin 2>/dev/null; } >/tmp/body
own=/certificates/current/dc/gateway
(curl -s --limit-rate 50k -u kepala-aplikasi:${old} --cacert /certificates/current/ca.crt --cert $own.crt --key $own.key -H 'Content-Type: application/x-git-receive-pack-request' --data-binary @/tmp/body https://code.dc.uji.internal:8443/pengaduan/git-receive-pack >/tmp/curl.said 2>&1; echo $? >/tmp/curl.code) >/dev/null 2>&1 &
git reset -q --hard HEAD~1
for i in $(seq 50); do sleep 0.1; [ -z "$(find /proc/[0-9]*/comm -exec grep -l curl {} + 2>/dev/null)" ] || break; done`,
    );
    expect(begun.code).toBe(0);
    await region.renew((what) => what === "code-token:kepala-aplikasi");
    expect(tokenOf("kepala-aplikasi")).not.toBe(old);
    expect(as("walidata", `git ls-remote ${https("dc", "pengaduan", "kepala-aplikasi", old)}`).said).toContain(
      "Authentication failed",
    );
    expect(as("walidata", `git ls-remote ${https("dc", "pengaduan", "kepala-aplikasi")}`).code).toBe(0);
    const ended = region.client(`${untilThere("/tmp/curl.code")}; cat -v /tmp/curl.said`).said;
    expect(ended).toContain("pre-receive hook declined");
    expect(refs("dc", "pengaduan")).not.toContain("refs/heads/curl");
  });

  it("a right that is taken away is gone when the rules are in force, without a restart", async () => {
    const push = () => as("admin-kepegawaian", `git push ${ssh("dc", "absensi")} HEAD:punya-bkpsdm`);
    expect(push().code).toBe(0);
    region.configure(
      declared((code) => ({
        ...code,
        repositories: code.repositories.map((one) => ({ ...one, maintainers: ["kepala-aplikasi"] })),
      })),
    );
    await eventually("refused", 10, async () =>
      push().said.includes("role admin-kepegawaian does not maintain absensi") ? true : undefined,
    );
    region.configure(declared());
  });

  it("a new host key and new certificates are taken up; who asks meanwhile is answered", async () => {
    const shown = () =>
      region.client(
        "ssh-keyscan -q -T 5 -t ecdsa -p 2222 code.dc.uji.internal 2>/dev/null | cut -d ' ' -f 2-; openssl s_client -connect code.dc.uji.internal:8443 </dev/null 2>/dev/null | openssl x509 -noout -serial",
      ).said;
    const before = shown();
    region.client(`rm -f /tmp/hammer.*; own=/certificates/current/dc/gateway
(while [ ! -e /tmp/hammer.stop ]; do
  curl -sf -m 5 -o /dev/null --cacert /certificates/current/ca.crt --cert $own.crt --key $own.key https://code.dc.uji.internal:8443/health || echo https >>/tmp/hammer.failed
  head -c 7 </dev/tcp/code.dc.uji.internal/2222 | grep -q SSH-2.0 || echo ssh >>/tmp/hammer.failed
  echo >>/tmp/hammer.asked
done) >/dev/null 2>&1 &`);
    await region.renew((what) => what === "code-host-key" || what === "certificate:dc/code");
    await eventually("both are new", 15, async () => {
      const now = shown().split("\n");
      return before.split("\n").every((line, index) => line === "" || line !== now[index]) ? true : undefined;
    });
    const asked = region.client(
      "touch /tmp/hammer.stop; sort /tmp/hammer.failed 2>/dev/null | uniq -c; echo $(wc -l </tmp/hammer.asked)",
    ).said;
    expect(asked).toMatch(/^\d\d+\n$/);
    region.client(
      "for s in dc drc; do ssh-keyscan -q -T 5 -t ecdsa -p 2222 code.$s.uji.internal 2>/dev/null; done >/tmp/known",
    );
    expect(as("walidata", `git ls-remote ${ssh("dc", "pengaduan")}`).code).toBe(0);
  });

  it("a repository that is no longer declared is out of reach, reported, and not deleted", async () => {
    const had = refs("dc", "absensi");
    region.configure(
      declared((code) => ({ ...code, repositories: code.repositories.filter(({ id }) => id !== "absensi") })),
    );
    await well("dc", /^active, 1 repositories; no longer declared, kept and out of reach: absensi\n/);
    expect(as("kepala-aplikasi", `git ls-remote ${ssh("dc", "absensi")}`).said).toContain("REFUSED");
    expect(as("kepala-aplikasi", `git ls-remote ${https("dc", "absensi", "kepala-aplikasi")}`).said).toContain(
      "REFUSED",
    );
    expect(page("dc", "/", "kepala-aplikasi")).not.toContain("absensi");
    expect(asks("drc/code", "dc", "/-/copy/absensi/info/refs?service=git-upload-pack")).toMatch(/\n404$/);
    expect(refs("dc", "absensi")).toBe(had);
    region.configure(declared());
    await copied();
    expect(as("kepala-aplikasi", `git ls-remote ${ssh("dc", "absensi")}`).code).toBe(0);
  });
});
