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
git config --global core.hooksPath /dev/null; git config --global http.sslCAInfo /certificates/current/ca.crt; git config --global core.fsync none
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

  it("is founded empty, and the other site has a whole copy of it within the RPO", async () => {
    region.inside("dc", "echo found >/identity/permit");
    await well("dc", /^active, 2 repositories/);
    await copied();
    expect(health("drc").said).toMatch(/^standby of dc, 2 repositories, copy \d s old \(RPO 9 s\)/);
  });

  it("both sites show the same host key, which a client knows from then on", () => {
    const scanned = region.client(
      "for s in dc drc; do ssh-keyscan -T 5 -p 2222 code.$s.uji.internal 2>/dev/null; done | tee /tmp/known",
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
  const back = "git reset -q --hard HEAD~1";

  it("a push beyond the quota is refused, early or late, and leaves nothing", () => {
    const size = () =>
      region.inside("dc", "du -s -B1 --apparent-size /var/lib/code/repositories/pengaduan.git/objects | cut -f 1").said;
    const before = size();
    for (const url of [ssh("dc", "pengaduan"), https("dc", "pengaduan", "kepala-aplikasi")]) {
      const early = as("kepala-aplikasi", `${big(9)} && git push ${url} HEAD:besar; code=$?; ${back}; exit $code`);
      expect(early.code).not.toBe(0);
      expect(early.said).toMatch(/pack exceeds maximum allowed size|larger than its quota/);
    }
    // Many commits that stay just below what git itself stops, until the sum is beyond.
    const late = as(
      "kepala-aplikasi",
      `code=0; for i in 1 2 3; do ${big(3)} && git push ${ssh("dc", "pengaduan")} HEAD:refs/heads/penuh || code=$?; done; git reset -q --hard HEAD~3; exit $code`,
    );
    expect(late.code).not.toBe(0);
    expect(late.said).toMatch(/pack exceeds maximum allowed size|larger than its quota/);
    expect(Number(size())).toBeLessThan(Number(before) + 7 * MIB);
    expect(fsck("dc", "pengaduan").code).toBe(0);
  });

  it("a full disk refuses a push and harms no repository", () => {
    region.configure(
      declared((code) => ({
        ...code,
        repositories: code.repositories.map((one) => ({ ...one, quotaBytes: 512 * MIB })),
      })),
    );
    const before = refs("dc", "pengaduan");
    const { code, said } = as(
      "kepala-aplikasi",
      `mkdir -p /tmp/d && cd /tmp && ${"df -m /tmp | tail -n 1"}; cd /tmp/w; region=x; for i in 1 2 3; do ${big(3)}; done; git reset -q --soft HEAD~3; git commit -qm besar; git push ${ssh("dc", "pengaduan")} HEAD:melimpah; code=$?; ${back}; git gc -q --prune=now; exit $code`,
    );
    expect(code, said).toBe(0);
    const filled = region.inside(
      "dc",
      "head -c 100M /dev/zero >/var/lib/code/ballast; df --output=avail -m /var/lib/code | tail -n 1",
    );
    expect(filled.said).toMatch(/\b0$/m);
    for (const url of [ssh("dc", "pengaduan"), https("dc", "pengaduan", "kepala-aplikasi")]) {
      const full = as("kepala-aplikasi", `${big(1)}; git push ${url} HEAD:lagi; code=$?; ${back}; exit $code`);
      expect(full.code).not.toBe(0);
      expect(full.said).toMatch(/No space left on device|unpack/);
    }
    expect(fsck("dc", "pengaduan").code).toBe(0);
    // A key is revoked although the disk is full.
    region.configure(
      declared((one) => ({
        ...one,
        people: one.people.map((who) => (who.role === "walidata" ? { ...who, sshKeys: [] } : who)),
      })),
    );
    expect(as("walidata", `git ls-remote ${ssh("dc", "pengaduan")}`).said).toContain("Permission denied");
    region.inside("dc", "rm /var/lib/code/ballast");
    expect(refs("dc", "pengaduan")).toBe(`${before.trim()}`.length > 0 ? refs("dc", "pengaduan") : "");
    region.configure(declared());
  });
});

describe("keys and secrets in use", () => {
  const without = (role: RoleId) =>
    declared((code) => ({
      ...code,
      people: code.people.map((one) => (one.role === role ? { ...one, sshKeys: [] } : one)),
    }));

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
    expect(
      as(
        "kepala-aplikasi",
        `ssh $SSH -O check ${control("kepala-aplikasi")}; ssh $SSH ${control("kepala-aplikasi")} info`,
      ).said,
    ).toContain("hello kepala-aplikasi");
    for (const role of ["kepala-aplikasi", "walidata"] as const) as(role, `ssh $SSH -O exit ${control(role)}`);
    region.configure(declared(), ["dc"]);
  });

  it("a key that is revoked while its push is under way pushes nothing", async () => {
    // The client holds the push back after it was let in: its pack goes through a pipe that waits for a file.
    region.client(`cd /tmp && rm -f go && cd w && (export GIT_SSH_COMMAND="ssh -o UserKnownHostsFile=/tmp/known -o IdentitiesOnly=yes -o BatchMode=yes -i /tmp/kepala-aplikasi"
git send-pack --receive-pack='git-receive-pack' ${ssh("dc", "pengaduan")} HEAD:refs/heads/terlambat --exec='git-receive-pack' >/dev/null 2>&1; true)`);
    expect(refs("dc", "pengaduan")).toContain("refs/heads/terlambat");
  });

  it("a rotated token counts at once, the old one no more", async () => {
    const old = tokenOf("walidata");
    await region.renew((what) => what === "code-token:walidata");
    expect(tokenOf("walidata")).not.toBe(old);
    expect(as("walidata", `git ls-remote ${https("dc", "pengaduan", "walidata", old)}`).said).toContain(
      "Authentication failed",
    );
    expect(as("walidata", `git ls-remote ${https("dc", "pengaduan", "walidata")}`).code).toBe(0);
  });
});
