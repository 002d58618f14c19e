/** The code repository at two sites: what the other site has, and what neither bad luck nor a full disk takes away. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeRepositoryModel } from "../../model/types.ts";
import {
  as,
  asks,
  copied,
  declared,
  found,
  fsck,
  health,
  hold,
  https,
  refs,
  region,
  ssh,
  startRegion,
  stopRegion,
  untilThere,
  well,
  without,
} from "./support/code-region.ts";
import type { SiteName } from "./support/code-sites.ts";
import { eventually } from "./support/eventually.ts";

const MIB = 1024 ** 2;

/** What the copier's door of a site answers a workload, and its status in the last line. */
const door = (who: string, site: SiteName, more = "") => asks(who, site, "/copies", more, 8010);

beforeAll(async () => {
  await startRegion();
  await found();
}, 600_000);

afterAll(stopRegion);

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

  it("tells its age and takes a round from ops alone; a closing site gives its last copy, and takes none", async () => {
    const repository = "/var/lib/code/repositories/pengaduan.git";
    const order = (verb: object) => `-X POST --data-binary '${JSON.stringify(verb)}'`;
    expect(door("drc/web", "drc")).toMatch(/^\[\{"id": "code", "completeAt": "2[^"]+Z", "epoch": null\}\]\n\n200$/);
    expect(door("drc/gateway", "drc", order({ verb: "round" }))).toMatch(/"not-ops"[\s\S]*403$/);
    expect(door("dc/ops", "drc", order({ verb: "raise", epoch: 7 }))).toMatch(/no credentials of an epoch[\s\S]*202$/);
    await copied();
    region.become("dc", "closing");
    region.inside("dc", `git -C ${repository} update-ref refs/heads/terakhir main`);
    const ordered = Date.now();
    expect(door("dc/ops", "drc", order({ verb: "round" }))).toMatch(/a round begins[\s\S]*202$/);
    await eventually("the last copy", 15, async () =>
      refs("dc", "pengaduan") === refs("drc", "pengaduan") ? true : undefined,
    );
    const [{ completeAt }] = JSON.parse(door("drc/ops", "drc").split("\n")[0] ?? "") as [{ completeAt: string }];
    process.stderr.write(`a round by order: began ${Date.parse(completeAt) - ordered} ms after it\n`);
    // It asks nobody, although the other site would give now.
    region.become("drc", "active");
    region.inside("drc", `git -C ${repository} update-ref refs/heads/baru main`);
    expect(door("dc/ops", "dc", order({ verb: "round" }))).toMatch(/202$/);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(refs("dc", "pengaduan")).not.toContain("refs/heads/baru");
    region.inside("drc", `git -C ${repository} update-ref -d refs/heads/baru`);
    region.become("drc", "standby");
    region.become("dc", "active");
    await copied();
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
    region.empty("drc");
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
