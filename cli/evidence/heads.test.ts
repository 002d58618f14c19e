/** Heads of chains in reports and in DNS, through the command line's side. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { keyIdOf } from "../../evidence/dsse.ts";
import { headText } from "../../evidence/published.ts";
import { MadeChain, newSite, REGION, ringOf, stored } from "../../evidence/testing/made.ts";
import { outOfReach } from "../../io/errors.ts";
import { evidenceFolder } from "../../io/evidence-folder.ts";
import type { Model } from "../../model/types.ts";
import { loadModel } from "../../stacks/load.ts";
import { main } from "../main.ts";
import { chooseLanguage } from "../output/language.ts";
import { checkSources } from "./check.ts";
import { headsOf } from "./heads.ts";
import { headsSection } from "./heads-page.ts";
import { writeKeys } from "./keys.ts";
import { askPublished } from "./published.ts";
import { checkText } from "./render.ts";
import type { EvidenceSource } from "./sources.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const chain = new MadeChain(dc).grow(8);
const other = new MadeChain(drc).grow(2);
other.see(chain);
chain.grow(10);
const ring = ringOf(dc, drc);
const last = (of: MadeChain) => of.records.at(-1)?.head ?? { writer: "", sequence: 0, digest: "" };
const textOf = (of: MadeChain, { key }: typeof dc) => {
  const { writer, sequence, digest } = last(of);
  return headText({ writer, sequence, digest: digest ?? "", keyid: keyIdOf(key) });
};
const source = (site: string, ...chains: readonly (typeof chain.records)[]): EvidenceSource => ({
  site,
  records: async function* () {
    yield* stored(...chains);
  },
});
const both = [source("dc", chain.records, other.records), source("drc", chain.records.slice(0, 9), other.records)];

afterEach(() => {
  vi.restoreAllMocks();
  chooseLanguage("id");
});

describe("the heads of a report", () => {
  test("are of each chain as far as any site has it, with the time and who counter-signed", async () => {
    const { chains } = await checkSources(both, REGION, ring);
    expect(headsOf(chains)).toEqual([
      {
        ...{ writer: dc.writer, number: 10, digest: last(chain).digest, at: "2026-03-01T00:00:09.000Z" },
        counterSigned: expect.objectContaining({ by: "drc", sequence: 8 }),
      },
      {
        writer: drc.writer,
        number: 3,
        digest: last(other).digest,
        at: "2026-03-01T00:00:02.000Z",
        counterSigned: null,
      },
    ]);
  });
  test("do not depend on which site is read first", async () => {
    const { chains } = await checkSources([...both].reverse(), REGION, ring);
    expect(headsOf(chains).map(({ number }) => number)).toEqual([10, 3]);
    expect(headsOf(chains)[0]?.counterSigned?.sequence).toBe(8);
  });
  test("have no time where the last record is not right in itself", async () => {
    const broken = chain.records.map((record, index) =>
      index === 9 ? { ...record, bytes: Buffer.from("x") } : record,
    );
    const { chains } = await checkSources([source("dc", broken)], REGION, ring);
    expect(headsOf(chains)[0]).toMatchObject({ number: 10, at: null });
  });
  test("stand in the page in full; what was not read is said", async () => {
    const { chains } = await checkSources(both, REGION, ring);
    const reported = { heads: headsOf(chains), unknown: [{ id: "drc diam", en: "drc is <silent>" }], findings: 2 };
    chooseLanguage("en");
    const page = headsSection(reported).toString();
    for (const part of [dc.writer, drc.writer, last(chain).digest ?? "?", "8 (drc, 2026-03-01T00:00:02Z)", "never yet"])
      expect(page).toContain(part);
    expect(page).toContain("drc is &lt;silent&gt;");
    expect(page).toContain("names 2 findings");
    expect(headsSection({ heads: [], unknown: [], findings: 0 }).toString()).toContain("Unknown.");
  });
});

describe("evidence list", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lumbung-heads-"));
    const store = evidenceFolder({ root: folder, region: REGION });
    for (const { id, bytes } of [...chain.records, ...other.records]) await store.put(id, bytes);
    await writeKeys(join(folder, "keys"), [dc.publicKey, drc.publicKey]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function list(...more: string[]): Promise<string> {
    let out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
    const from = ["--region", REGION, "--from", folder, "--keys", join(folder, "keys")];
    expect(await main(["evidence", "list", ...from, ...more])).toBe(0);
    return out;
  }

  test("ends with the heads, and tells them in JSON", async () => {
    const text = (await list("--lang", "en")).replace(/ +/g, " ");
    const [, footer = ""] = text.split("Heads of the chains of evidence\n");
    expect(footer).toContain(
      `${dc.writer} 10 2026-03-01T00:00:09Z 8 (drc, 2026-03-01T00:00:02Z) ${last(chain).digest}`,
    );
    expect(footer).toContain(`${drc.writer} 3 2026-03-01T00:00:02Z never yet ${last(other).digest}`);
    const { items, heads } = JSON.parse(await list("--json"));
    expect([items.length, heads.map(({ number }: { number: number }) => number)]).toEqual([13, [10, 3]]);
  });
});

describe("what DNS publishes", () => {
  const ask = async (say: (server?: string) => readonly string[]) => {
    const asked: (string | undefined)[] = [];
    const model: Model = await loadModel("lab");
    const answer = await askPublished(model, async (name, server) => {
      expect(name).toBe("_lumbung-evidence.lumbungkab.go.id");
      asked.push(server);
      return say(server);
    });
    return { asked, answer };
  };
  const away = (): never => {
    throw Object.assign(new Error("timeout"), { code: "ETIMEOUT" });
  };

  test("is asked of both name servers, and what either says counts", async () => {
    const { asked, answer } = await ask((server) => (server === "127.0.10.1" ? away() : [textOf(chain, dc), "v=spf1"]));
    expect(asked).toEqual(["127.0.10.1", "127.0.20.1"]);
    expect(answer).toMatchObject({ why: null, heads: [{ writer: dc.writer, sequence: 10 }] });
  });
  test("is asked of this machine's resolver where neither answers", async () => {
    const { asked, answer } = await ask((server) => (server === undefined ? [textOf(chain, dc)] : away()));
    expect([asked.at(-1), answer.heads.length]).toEqual([undefined, 1]);
  });
  test("that cannot be resolved, or is nothing, is unknown, with why", async () => {
    const nowhere = (await ask(away)).answer;
    expect(nowhere).toMatchObject({ heads: [], why: { en: expect.stringContaining("cannot be resolved: ETIMEOUT") } });
    const nothing = (await ask(() => [])).answer;
    expect(nothing.why?.en).toContain("no head is published yet");
    for (const published of [nowhere, nothing]) {
      const check = await checkSources(both, REGION, ring, published);
      expect(check.published).toMatchObject({ state: "unknown", agreed: 0, reasons: [published.why] });
      chooseLanguage("en");
      expect(checkText(check)).toContain("? heads in DNS: unknown: ");
      expect(check.broken).toEqual([]);
    }
  });
  test("agrees with chains that hold it", async () => {
    const { answer } = await ask(() => [textOf(chain, dc), textOf(other, drc)]);
    const check = await checkSources(both, REGION, ring, answer);
    expect(check.published).toMatchObject({ state: "agrees", heads: 2, agreed: 2, reasons: [] });
    chooseLanguage("en");
    expect(checkText(check)).toContain("DNS (_lumbung-evidence.lumbungkab.go.id): 2 published heads agree");
  });
  test("names a chain that was cut at both sites, which nothing else shows", async () => {
    const { answer } = await ask(() => [textOf(chain, dc)]);
    const cut = [
      source("dc", chain.records.slice(0, 9), other.records),
      source("drc", chain.records.slice(0, 9), other.records),
    ];
    expect((await checkSources(cut, REGION, ring)).broken).toEqual([]);
    const { broken, published } = await checkSources(cut, REGION, ring, answer);
    expect(broken.map(({ id, code, site }) => [id, code, site])).toEqual([[`${dc.writer}/0000000010`, "cut", null]]);
    expect(published.state).toBe("cut");
  });
  test("of a site that is silent is unknown as far as its copy does not reach", async () => {
    const { answer } = await ask(() => [textOf(chain, dc), textOf(other, drc)]);
    const silent: EvidenceSource = {
      site: "dc",
      // biome-ignore lint/correctness/useYield: it never comes so far.
      records: async function* () {
        throw outOfReach({ id: "dc diam", en: "dc is silent" });
      },
    };
    const check = await checkSources([silent, both[1] as EvidenceSource], REGION, ring, answer);
    expect(check.published).toMatchObject({
      state: "unknown",
      agreed: 1,
      reasons: [{ en: expect.stringContaining(dc.writer) }],
    });
    expect(check.broken).toEqual([]);
  });
});
