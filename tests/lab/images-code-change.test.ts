/** The code repository at two sites: what changes while it runs, without a restart. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  as,
  asks,
  copied,
  declared,
  found,
  hold,
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
  untilThere,
  well,
  without,
} from "./support/code-region.ts";
import { eventually } from "./support/eventually.ts";

beforeAll(async () => {
  await startRegion();
  await found();
}, 600_000);

afterAll(stopRegion);

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
  # As the gateway asks: a connection that is refused is tried again after a second, three times (HAProxy, retries).
  for try in 1 2 3 4; do
    (exec 3<>/dev/tcp/code.dc.uji.internal/2222 || exit 1; head -c 7 <&3 | grep -q SSH-2.0 || echo ssh >>/tmp/hammer.failed; exit 0) 2>/dev/null && break
    if [ $try = 4 ]; then echo refused >>/tmp/hammer.failed; else sleep 1; fi
  done
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
    region.client(knowHosts);
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
