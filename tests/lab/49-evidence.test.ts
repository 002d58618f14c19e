/**
 * It shows what an auditor relies on (D10), with the lab's real records: as they are they verify, by our command and by OpenSSL alone; altered,
 * removed, swapped or cut off, they do not, and the record is named. Heads are published and signed in the zone by a key that changes nothing
 * else; a restore leaves a record.
 */
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SeenHead } from "../../evidence/heads.ts";
import { headText, type PublishedHead, parseHead } from "../../evidence/published.ts";
import { parseWriter, recordId } from "../../evidence/writer.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf } from "./support/region.ts";
import { changesOf } from "./support/shell.ts";

interface Check {
  readonly records: number;
  readonly verified: number;
  readonly broken: readonly { readonly id: string; readonly code: string; readonly reason: { readonly en: string } }[];
  readonly chains: readonly {
    readonly writer: string;
    readonly last: number;
    readonly counterSigned: SeenHead | null;
  }[];
  readonly published: { readonly state: string; readonly heads: number };
}

const OF_THE_LAB = ["--region", REGION];
let model: Model;
let top: string;
/** What the product's own command took along. */
let taken: string;
let base: Check;
/** One chain of some length, of which another site saw an end. */
let chain: { readonly writer: string; readonly last: number; readonly counterSigned: SeenHead };

beforeAll(async () => {
  model = await labModel();
  top = await mkdtemp(join(tmpdir(), "evidence-"));
  taken = join(top, "taken");
  await lumbungWell(["evidence", "export", "--to", taken, ...OF_THE_LAB]);
  base = (await verify(taken)).check;
  const seen = base.chains.flatMap(({ writer, last, counterSigned }) =>
    counterSigned === null ? [] : [{ writer, last, counterSigned }],
  );
  const longest = seen.sort((a, b) => b.last - a.last)[0];
  if (longest === undefined) throw new Error("no chain was counter-signed yet");
  chain = longest;
}, 120_000);
afterAll(() => rm(top, { recursive: true, force: true }));

async function verify(folder: string): Promise<{ code: number; check: Check }> {
  const words = ["evidence", "verify", "--from", folder, "--keys", join(folder, "keys"), ...OF_THE_LAB, "--json"];
  const { code, stdout, stderr } = await lumbung(words);
  if (stdout === "") throw new Error(`evidence verify: exit code ${code}\n${stderr}`);
  return { code, check: JSON.parse(stdout) as Check };
}

const fileIn = (folder: string, number: number, writer = chain.writer): string =>
  join(folder, REGION, `${recordId(writer, number)}.json`);

/** What verification says of a copy that somebody changed. */
async function changed(change: (folder: string) => Promise<void>): Promise<{ code: number; broken: string[] }> {
  const folder = await mkdtemp(join(top, "changed-"));
  await cp(taken, folder, { recursive: true });
  await change(folder);
  const { code, check } = await verify(folder);
  await rm(folder, { recursive: true });
  return { code, broken: check.broken.map((one) => `${one.id} ${one.code}`) };
}

async function flipBit(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

describe("the lab's records, taken along", () => {
  test("verify, all of them, of both sites", () => {
    expect(base.broken).toEqual([]);
    expect(base.verified).toBe(base.records);
    expect(new Set(base.chains.map(({ writer }) => parseWriter(writer)?.site))).toEqual(
      new Set(model.sites.map(({ id }) => id)),
    );
    expect(chain.last).toBeGreaterThan(5);
    process.stdout.write(`records: ${base.records}; longest counter-signed chain: ${chain.last}\n`);
  });

  test("verify as well where they come from the locked buckets", async () => {
    for (const { id } of model.sites) await lumbungWell(["evidence", "store", "--site", id, ...OF_THE_LAB]);
    const folder = join(top, "bucket");
    await lumbungWell(["evidence", "export", "--bucket", "--to", folder, ...OF_THE_LAB]);
    const { code, check } = await verify(folder);
    expect([code, check.broken]).toEqual([0, []]);
    expect(check.records).toBeGreaterThanOrEqual(base.records);
  }, 120_000);

  test.each(["first", "middle", "last"])(
    "with one bit changed in the %s byte of a record: it is named",
    async (place) => {
      const { length } = await readFile(fileIn(taken, 3));
      const at = { first: 0, middle: length >> 1, last: length - 1 }[place] ?? 0;
      const { code, broken } = await changed((folder) => flipBit(fileIn(folder, 3), at));
      expect([code, broken.map((line) => line.split(" ")[0])]).toEqual([1, [recordId(chain.writer, 3)]]);
    },
    60_000,
  );

  test("with one taken out: it is named", async () => {
    const { code, broken } = await changed((folder) => rm(fileIn(folder, 3)));
    expect([code, broken]).toEqual([1, [`${recordId(chain.writer, 3)} missing`]]);
  }, 60_000);

  test("with two swapped: both are named", async () => {
    const { code, broken } = await changed(async (folder) => {
      await rename(fileIn(folder, 3), join(folder, "three"));
      await rename(fileIn(folder, 4), fileIn(folder, 3));
      await rename(join(folder, "three"), fileIn(folder, 4));
    });
    expect([code, broken]).toEqual([1, [3, 4].map((number) => `${recordId(chain.writer, number)} wrong-place`)]);
  }, 60_000);

  test("with the end cut off, from the record that the other site saw: the first that is missing is named", async () => {
    const from = chain.counterSigned.sequence;
    const { code, broken } = await changed(async (folder) => {
      for (let number = from; number <= chain.last; number += 1) await rm(fileIn(folder, number));
    });
    expect(code).toBe(1);
    expect(broken).toContain(`${recordId(chain.writer, from)} cut-tail`);
  }, 60_000);
});

describe.each(["evidence.md", "evidence.id.md"])("the recipe of %s, typed as it stands there", (name) => {
  /** Which record and whose key, and the commands, all as the page has them: only the two paths are put in. */
  async function typed(record: string): Promise<{ said: string; code: number | null }> {
    const page = await readFile(join(REPOSITORY, "docs", "handbook", name), "utf8");
    const [, commands] = /<!-- recipe -->\n\n```sh\n([\s\S]*?)```/.exec(page) ?? [];
    if (commands === undefined) throw new Error(`${name}: no recipe`);
    const { site, keyPrefix } = parseWriter(chain.writer) ?? {};
    const key = join(taken, "keys", `${site}.${keyPrefix}.pem`);
    const cwd = await mkdtemp(join(top, "auditor-"));
    // No path but the system's own: nothing of ours is called.
    const env = { PATH: "/usr/bin:/bin", record, key };
    const { status, stdout, stderr } = spawnSync("sh", ["-c", commands], { cwd, env, encoding: "utf8" });
    return { said: stdout + stderr, code: status };
  }

  test("passes on a real record", async () => {
    const { said, code } = await typed(fileIn(taken, 3));
    expect(said).toContain("Signature Verified Successfully");
    expect(said).toContain("the record holds nothing else");
    expect(code).toBe(0);
  });

  test("fails on one that was altered, in its content or around it", async () => {
    const whole = await readFile(fileIn(taken, 3), "utf8");
    const inside = whole.indexOf('"payload":"') + 40;
    for (const at of [inside, whole.indexOf('"keyid":"') + 12, whole.length - 1]) {
      const file = join(top, "altered.json");
      await writeFile(file, whole);
      await flipBit(file, at);
      const { said } = await typed(file);
      const passes = said.includes("Signature Verified Successfully") && said.includes("the record holds nothing else");
      expect([at, passes]).toEqual([at, false]);
    }
  });
});

describe("heads in the zone", () => {
  const name = () => `_lumbung-evidence.${model.region.domain}`;
  const dnsOf = (site: SiteModel) => site.workloads.find(({ kind }) => kind === "dns");

  async function publishedAt(site: SiteModel): Promise<PublishedHead[]> {
    const words = ["kdig", `@${dnsOf(site)?.address}`, "-p", "5353", name(), "TXT", "+short"];
    const { stdout } = await engine.exec(`${REGION}-${site.id}-dns`, words);
    return stdout.split("\n").flatMap((line) => parseHead(line.trim().replaceAll('"', "")) ?? []);
  }

  test("are published at both name servers, one of each chain, each a record that the chain has", async () => {
    for (const site of model.sites) {
      const heads = await eventually(`heads at ${site.id}`, 400, async () => {
        const found = await publishedAt(site);
        return new Set(found.map(({ writer }) => parseWriter(writer)?.site)).size === 2 ? found : undefined;
      });
      const { stdout } = await lumbungWell(["evidence", "list", ...OF_THE_LAB, "--json"]);
      const { items } = JSON.parse(stdout) as { items: { id: string; digest: string }[] };
      const digests = new Map(items.map(({ id, digest }) => [id, digest]));
      for (const { writer, sequence, digest } of heads) expect(digests.get(recordId(writer, sequence))).toBe(digest);
    }
  }, 900_000);

  test("are signed as every record of the zone", async () => {
    for (const site of model.sites) {
      const words = ["kdig", `@${dnsOf(site)?.address}`, "-p", "5353", name(), "TXT", "+dnssec", "+noall", "+answer"];
      expect((await engine.exec(`${REGION}-${site.id}-dns`, words)).stdout).toMatch(/\sRRSIG\s+TXT\s/);
    }
  });

  test("agree with the chains, and verify says so", async () => {
    const { code, stdout } = await lumbung(["evidence", "verify", ...OF_THE_LAB, "--json"]);
    const { broken, published } = JSON.parse(stdout) as Check;
    expect([code, broken, published.state]).toEqual([0, [], "agrees"]);
  }, 60_000);

  test("are no change for Pulumi, and the next configuration of a name server leaves them there", async () => {
    const site = model.sites[0] as SiteModel;
    const before = await publishedAt(site);
    expect(await changesOf(site.id)).toEqual({});
    await engine.exec(`${REGION}-${site.id}-dns`, ["/usr/local/lib/lumbung/reconcile/main.py"]);
    // They may have grown meanwhile; none may be gone.
    const after = new Map((await publishedAt(site)).map((head) => [head.writer, head.sequence]));
    for (const { writer, sequence } of before) expect(after.get(writer)).toBeGreaterThanOrEqual(sequence);
  }, 120_000);

  test("are changed by a key that changes nothing else: no address, no other name, no other type", async () => {
    const { evidence } = (await secretsOf("dc")).tsig;
    if (evidence === undefined) throw new Error("no key of evidence");
    const site = model.sites.find(({ id }) => id === "dc") as SiteModel;
    const zone = model.region.domain;
    const head = `server ${dnsOf(site)?.address} 5353\nzone ${zone}.\nkey ${evidence.algorithm}:${evidence.name} ${evidence.secret}\n`;
    const refused = [
      `update add www2.${zone}. 60 TXT x`,
      `update add ${zone}. 60 TXT x`,
      `update add x.${name()}. 60 TXT x`,
      `update add ${name()}. 60 A 192.0.2.1`,
      `update delete ${model.region.gatewayName}. A`,
      `update delete www.${zone}.`,
    ];
    const update = (line: string) =>
      engine.exec(`${REGION}-dc-ops`, ["knsupdate", "--tcp"], { stdin: `${head}${line}\nsend\n` });
    for (const line of refused) {
      const { code, stdout } = await update(line);
      expect([line, code, /status: (\w+)/.exec(stdout)?.[1]]).toEqual([line, 1, "NOTAUTH"]);
    }
    // The same key from the same place is let in where it may: what is there is added once more, which changes nothing.
    const [there] = await publishedAt(site);
    if (there === undefined) throw new Error("nothing is published");
    expect((await update(`update add ${name()}. 300 TXT "${headText(there)}"`)).code).toBe(0);
  }, 60_000);
});

describe("the heads of the chains", () => {
  test("are printed under the list", async () => {
    const { stdout } = await lumbungWell([
      "evidence",
      "list",
      "--from",
      taken,
      "--keys",
      join(taken, "keys"),
      ...OF_THE_LAB,
    ]);
    const [, footer = ""] = stdout.split("Heads of the chains of evidence");
    for (const { writer } of base.chains) expect(footer).toContain(writer);
  });

  test("are printed in a drill's report", async () => {
    const { stdout } = await lumbungWell(["drill", "list", ...OF_THE_LAB, "--json"]);
    const [drill] = (JSON.parse(stdout) as { items: { id: string; passed: boolean }[] }).items.filter(
      (one) => one.passed,
    );
    const page = join(top, "drill.html");
    await lumbungWell(["drill", "show", drill?.id ?? "", "--to", page, ...OF_THE_LAB]);
    const text = await readFile(page, "utf8");
    for (const { writer } of base.chains) expect(text).toContain(writer);
  }, 60_000);
});

test("a restore leaves two signed records: its beginning, and what came of it", async () => {
  const target = (model.backup?.targets ?? []).find(({ kind }) => kind === "files")?.id ?? "";
  const to = join(top, "restored");
  await mkdir(to);
  const { stdout } = await lumbungWell(["restore", "--target", target, "--to", to, ...OF_THE_LAB, "--json"]);
  expect((await readdir(to)).length).toBeGreaterThan(0);
  const { evidence } = JSON.parse(stdout) as { evidence: { begun: string; ended: string } };
  const told = async (id: string) =>
    JSON.parse((await lumbungWell(["evidence", "show", id, ...OF_THE_LAB, "--json"])).stdout).statement;
  const recovery = model.sites.find(({ designation }) => designation === "recovery")?.id;
  expect(await told(evidence.begun)).toMatchObject({
    kind: "restore",
    observed: { result: "begun", to, overLive: null },
  });
  expect(await told(evidence.ended)).toMatchObject({
    kind: "restore",
    observed: {
      ...{ site: recovery, result: "succeeded", seen: true, requestedBy: { name: expect.any(String) } },
      run: { target, action: "restore" },
      // A restore is compared with the list in the copy itself: the signed one is not handed to it.
      report: { passed: true, proven: "sentinel" },
    },
  });
}, 300_000);
