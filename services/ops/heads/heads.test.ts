/** Heads of evidence on their way to the name servers, with servers that remember and a signer that says what it is told. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SiteSecrets, TsigKey } from "../../../custody/types.ts";
import { keyIdOf } from "../../../evidence/dsse.ts";
import { headText, type PublishedHead } from "../../../evidence/published.ts";
import { newSite } from "../../../evidence/testing/made.ts";
import type { Target } from "../config.ts";
import { Fake, type FakeSite, fakeSite, leaf, siteSecrets } from "../jobs/testing/site.ts";
import type { SiteState } from "../status.ts";
import { headsEffects } from "./effects.ts";
import type { HeadsFiles } from "./files.ts";
import { UPDATE_WORDS, updateFault, updateScript } from "./nsupdate.ts";
import { type NameServer, type Publishing, publishHeads } from "./publish.ts";
import { startHeads } from "./service.ts";

const dc = newSite("dc");
const head = (sequence: number): PublishedHead => ({
  ...{ writer: dc.writer, sequence, keyid: keyIdOf(dc.key) },
  digest: String(sequence % 10).repeat(64),
});
const key: TsigKey = { name: "evidence.lab.internal", algorithm: "hmac-sha256", secret: "cmFoYXNpYQ==" };
const [ours, theirs]: readonly [NameServer, NameServer] = [
  { host: "dns.dc.lab.internal", address: "10.91.0.11", port: 5353 },
  { host: "dns.drc.lab.internal", address: "10.90.0.139", port: 5353 },
];

/** Name servers that say what was written to them. */
class Servers implements Publishing {
  chains: readonly PublishedHead[] = [head(1)];
  readonly texts = new Map<string, readonly string[]>();
  readonly silent = new Set<string>();
  readonly deaf = new Set<string>();
  readonly written: string[] = [];
  signerFault: string | undefined;

  known = async () => {
    if (this.signerFault !== undefined) throw new Error(this.signerFault);
    return this.chains;
  };
  read = async ({ host }: NameServer) => {
    if (this.silent.has(host)) throw new Error("no answer");
    return this.texts.get(host) ?? [];
  };
  write = async ({ host }: NameServer, texts: readonly string[]) => {
    this.written.push(host);
    if (!this.deaf.has(host)) this.texts.set(host, [...texts].reverse());
  };
}

let servers: Servers;
beforeEach(() => {
  servers = new Servers();
});
const look = () => publishHeads([ours, theirs], servers);

describe("a look", () => {
  test("writes what is new to every server, once", async () => {
    servers.chains = [head(1), { ...head(4), writer: `${dc.writer.slice(0, -4)}999Z` }];
    expect(await look()).toEqual({ changed: [ours.host, theirs.host], faults: [], ahead: [] });
    expect(servers.texts.get(theirs.host)).toHaveLength(2);
    expect(await look()).toEqual({ changed: [], faults: [], ahead: [] });
    expect(servers.written).toHaveLength(2);
  });
  test("follows a chain that grows, and fills a server that lost it", async () => {
    await look();
    servers.chains = [head(5)];
    servers.texts.delete(theirs.host);
    expect(await look()).toMatchObject({ changed: [ours.host, theirs.host] });
    for (const { host } of [ours, theirs]) expect(servers.texts.get(host)).toEqual([headText(head(5))]);
  });
  test("names a server that is silent, and serves the other", async () => {
    servers.silent.add(theirs.host);
    expect(await look()).toEqual({ changed: [ours.host], faults: [`${theirs.host}: no answer`], ahead: [] });
  });
  test("believes no server that took the update and does not say so", async () => {
    servers.deaf.add(ours.host);
    expect((await look()).faults).toEqual([`${ours.host}: took the update and does not say what it was told`]);
  });
  test("keeps what one server alone still says of a chain that was cut", async () => {
    servers.texts.set(theirs.host, [headText(head(9))]);
    servers.chains = [head(6)];
    expect(await look()).toEqual({ changed: [ours.host], faults: [], ahead: [head(9)] });
    expect(servers.texts.get(ours.host)).toEqual([headText(head(9))]);
  });
  test("replaces what is none of ours", async () => {
    servers.texts.set(ours.host, ["v=spf1 -all"]);
    await look();
    expect(servers.texts.get(ours.host)).toEqual([headText(head(1))]);
  });
});

describe("what knsupdate is told", () => {
  const update = { server: ours, zone: "lumbungkab.go.id", name: "_lumbung-evidence.lumbungkab.go.id", key };
  test("is one message that replaces the name's texts; the key is on standard input, not among the words", () => {
    const texts = [headText(head(1)), headText(head(2))];
    expect(updateScript({ ...update, texts })).toBe(
      `${[
        "server 10.91.0.11 5353",
        "zone lumbungkab.go.id.",
        "key hmac-sha256:evidence.lab.internal cmFoYXNpYQ==",
        "update delete _lumbung-evidence.lumbungkab.go.id. TXT",
        `update add _lumbung-evidence.lumbungkab.go.id. 300 TXT "${texts[0]}"`,
        `update add _lumbung-evidence.lumbungkab.go.id. 300 TXT "${texts[1]}"`,
        "send",
      ].join("\n")}\n`,
    );
    expect(UPDATE_WORDS).toEqual(["knsupdate", "--tcp", "--timeout", "5"]);
  });
  test.each(['a"b', "a\\b", "a\nsend", "é"])("never holds %j", (text) => {
    expect(() => updateScript({ ...update, texts: [text] })).toThrow("expected plain characters");
  });
  test("that it was not done is told by the server's word, else by the tool's complaint", () => {
    const stdout = ";; ->>HEADER<<- opcode: UPDATE; status: NOTAUTH; id: 19186\n";
    expect(updateFault({ code: 1, stdout, stderr: ";; ERROR: reply verification" })).toBe(
      "refuses the update: NOTAUTH",
    );
    const stderr = ";; WARNING: can't connect to 10.91.0.11@5353(TCP)\n;; ERROR: failed to connect";
    expect(updateFault({ code: 1, stdout: "", stderr })).toContain("can't connect to 10.91.0.11@5353(TCP)");
    expect(updateFault({ code: 9, stdout: "", stderr: "" })).toContain("knsupdate ended with 9");
  });
});

describe("over the network", () => {
  let secrets: SiteSecrets;
  let site: FakeSite;
  let folder: string;
  let signer: Fake;
  let said: object;
  beforeAll(async () => {
    secrets = await siteSecrets();
  });
  beforeEach(async () => {
    [site, folder] = [await fakeSite(secrets), await mkdtemp(join(tmpdir(), "ops-heads-"))];
    said = { chains: [], copies: [] };
    signer = new Fake(secrets, await leaf(secrets, "signer"), "signer", (_, __, outgoing) =>
      outgoing.writeHead(200).end(JSON.stringify(said)),
    );
  });
  afterEach(async () => {
    signer.close();
    site.close();
    await rm(folder, { recursive: true });
  });
  const place = async () => ({
    zone: "lumbungkab.go.id",
    name: "_lumbung-evidence.lumbungkab.go.id",
    signer: await signer.listen(),
  });

  /** A program in knsupdate's place: keeps what it is told, and does what the script says. */
  async function tool(script: string): Promise<string[]> {
    const path = join(folder, "tool");
    await writeFile(path, `#!/bin/sh\ncat >> ${join(folder, "told")}\n${script}\n`);
    await chmod(path, 0o700);
    return [path];
  }

  test("the signer's own chains and its copies are known; a head that it could not read is left out", async () => {
    const { writer, sequence, digest, keyid } = head(3);
    const end = { digest, keyid };
    said = {
      chains: [{ writer, sequence, end }],
      copies: [
        { writer: "drc-x", sequence: 2, end },
        { writer: "y", sequence: 1 },
      ],
    };
    const known = await headsEffects(await place(), site.files.tls, key).known();
    expect(known).toEqual([head(3), { ...head(3), writer: "drc-x", sequence: 2 }]);
    expect(signer.calls).toEqual(["GET /heads"]);
  });
  test("while the key is rolled over, the one before is tried second", async () => {
    const rolled = { ...key, name: "evidence-2.lab.internal", previous: key };
    const words = await tool(`test "$(grep -c '^send' ${join(folder, "told")})" = 2`);
    await headsEffects(await place(), site.files.tls, rolled, words).write(ours, ["x"]);
    const told = await readFile(join(folder, "told"), "utf8");
    expect(told.match(/^key .*$/gm)).toEqual([
      "key hmac-sha256:evidence-2.lab.internal cmFoYXNpYQ==",
      "key hmac-sha256:evidence.lab.internal cmFoYXNpYQ==",
    ]);
  });
  test("a refusal is told, without the key", async () => {
    const words = await tool("echo '; status: NOTAUTH; id: 1'; exit 1");
    const writing = headsEffects(await place(), site.files.tls, key, words).write(ours, ["x"]);
    await expect(writing).rejects.toThrow(/^refuses the update: NOTAUTH$/);
  });
});

describe("ops", () => {
  let state: SiteState;
  let nowMs: number;
  let logged: string[];
  const target = ({ host, address, port }: NameServer): Target => ({
    ...{ host, address, port, site: "dc", workload: "dns", kind: "dns", probe: "dns" },
  });
  const files = { config: { targets: [target(ours), target(theirs)] } } as unknown as HeadsFiles;
  beforeEach(() => {
    [state, nowMs, logged] = ["active", 0, []];
  });
  const start = () => {
    const write = (_: unknown, message: string) => void logged.push(message);
    const log = { info: write, warn: write, error: write } as never;
    const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
    const timers = { setInterval: () => 0, clearInterval: () => {} } as never;
    return startHeads(() => files, { clock, log, siteState: () => state, effects: () => servers, timers });
  };

  test("publishes while its site is active, every five minutes, and at once when it becomes active", async () => {
    state = "standby";
    const heads = start();
    await heads.tick();
    expect(servers.written).toEqual([]);
    state = "active";
    await heads.tick();
    expect(servers.written).toEqual([ours.host, theirs.host]);
    servers.chains = [head(2)];
    nowMs = 299_000;
    await heads.tick();
    expect(servers.written).toHaveLength(2);
    nowMs = 300_000;
    await heads.tick();
    expect(servers.written).toHaveLength(4);
    expect(heads.remark()).toBeUndefined();
  });
  test("tries again soon after what went wrong, says so, and logs it once", async () => {
    servers.silent.add(theirs.host);
    const heads = start();
    await heads.tick();
    await heads.tick();
    expect(heads.remark()).toBe(`heads of evidence are not published: ${theirs.host}: no answer`);
    expect(logged).toEqual(["heads of evidence published", "heads of evidence are not published everywhere"]);
    servers.silent.clear();
    await heads.tick();
    expect([heads.remark(), servers.written]).toEqual([undefined, [ours.host, theirs.host]]);
  });
  test("a signer that is away is told; what was said of cut chains stays", async () => {
    servers.texts.set(theirs.host, [headText(head(9))]);
    const heads = start();
    await heads.tick();
    expect(heads.remark()).toMatch(/^PUBLISHED HEADS .*CUT OFF.*: dc-.* 9$/);
    servers.signerFault = "signer.dc: refuses connections";
    nowMs = 300_000;
    await heads.tick();
    expect(heads.remark()).toMatch(/CUT OFF.* 9; heads of evidence are not published: signer.dc: refuses connections$/);
  });
  test("one that is not active any more says nothing of it", async () => {
    servers.silent.add(theirs.host);
    const heads = start();
    await heads.tick();
    state = "closed";
    await heads.tick();
    expect(heads.remark()).toBeUndefined();
  });
});
