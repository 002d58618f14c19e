/** The code repository's image, two sites of it: who may do what over SSH and HTTPS, each protection with what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  as,
  asks,
  copied,
  health,
  https,
  knowHosts,
  page,
  type RoleId,
  refs,
  region,
  ssh,
  startRegion,
  stopRegion,
  tokenOf,
  well,
} from "./support/code-region.ts";

beforeAll(async () => {
  await startRegion();
}, 600_000);

afterAll(stopRegion);

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
    const scanned = region.client(knowHosts);
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
