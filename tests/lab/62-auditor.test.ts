/** It shows an auditor who brings a key, gets a certificate, and reads report, evidence and drills through the gateway's published port; and who is refused there. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemEntropy } from "../../custody/entropy.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { issueLeaf } from "../../custody/pki.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { AUDITORS_PORT } from "../../model/auditors.ts";
import type { AuditorModel, Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { testInFull } from "./support/full.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { labModel, REGION, secretsOf, siteWith } from "./support/region.ts";

const OF_THE_LAB = ["--region", REGION];
let folder: string;
let model: Model;
let primary: SiteModel;
let secrets: SiteSecrets;

interface Shown {
  readonly key: string;
  readonly cert: string;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auditor-"));
  model = await labModel();
  primary = siteWith(model, "primary");
  secrets = await secretsOf(primary.id);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function declared(id: string): AuditorModel {
  const found = model.auditors?.find((one) => one.id === id);
  if (!found) throw new Error(`auditors.yaml: expected ${id}`);
  return found;
}

/** The auditor's key never leaves the auditor: the command of the handbook. */
function bringKey(): void {
  const words =
    "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=auditor -keyout auditor.key -out auditor.csr";
  execFileSync("openssl", words.split(" "), { cwd: folder, stdio: "pipe" });
}

const granted = async (): Promise<Shown> => ({
  key: await readFile(join(folder, "auditor.key"), "utf8"),
  cert: await readFile(join(folder, "out", "auditor-inspektorat.pem"), "utf8"),
});

/** Of a name, by the site's own authority unless another is given; it ended long ago where `daysAgo` says so. */
async function issued(name: string, from: SiteSecrets = secrets, daysAgo = 0): Promise<Shown> {
  const now = new Date(Date.now() - daysAgo * 86_400_000);
  const wish = { commonName: name, names: [name], use: ["client"] } as const;
  const { key, chain: cert } = await issueLeaf(from.authority.intermediate, wish, { now, entropy: systemEntropy });
  return { key, cert };
}

interface Asking {
  readonly as?: Shown | undefined;
  readonly method?: string;
  readonly site?: SiteModel;
  readonly page?: boolean;
}

/** Through the gateway's published port, by the gateway's name. @throws the error of the connection. */
async function ask(path: string, { as, method = "GET", site = primary, page = false }: Asking) {
  const outgoing = request({
    ...{
      host: site.publicAddress,
      port: AUDITORS_PORT,
      servername: model.region.gatewayName,
      path,
      method,
      agent: false,
    },
    ...{ ca: secrets.authority.root, ...as, headers: page ? { accept: "text/html" } : {} },
    signal: AbortSignal.timeout(120_000),
  });
  outgoing.end();
  const [response] = await once(outgoing, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode as number, body: Buffer.concat(chunks).toString("utf8") };
}

const json = async (path: string, asking: Asking) => JSON.parse((await ask(path, asking)).body);

test("a declared auditor gets a certificate for a key of its own, which stands in signed evidence", async () => {
  bringKey();
  const words = [
    "--csr",
    join(folder, "auditor.csr"),
    "--by",
    "kepala-diskominfo",
    "--out",
    join(folder, "out"),
    "--json",
  ];
  const { stdout } = await lumbungWell(["auditor", "grant", "inspektorat", ...OF_THE_LAB, ...words]);
  const { evidence, until } = JSON.parse(stdout);
  const shown = await lumbungWell(["evidence", "show", evidence, ...OF_THE_LAB, "--site", primary.id, "--json"]);
  const { fault, statement } = JSON.parse(shown.stdout);
  expect([fault, statement.kind, statement.observed.auditor]).toEqual([null, "access", "inspektorat"]);
  const listed = await lumbungWell(["auditor", "list", ...OF_THE_LAB, "--site", primary.id, "--json"]);
  const { items } = JSON.parse(listed.stdout) as {
    items: { auditor: string; certificate: { until: string } | null }[];
  };
  expect(
    items.filter(({ auditor }) => auditor === "inspektorat").map(({ certificate }) => certificate?.until),
  ).toContain(until);
});

test("it reads the report, evidence byte for byte, and drills, at either site's gateway", async () => {
  const as = await granted();
  for (const site of model.sites) {
    expect((await ask("/", { as, site, page: true })).body).toContain("Inspektorat Kabupaten Lumbung");
    const { items } = await json("/evidence", { as, site });
    const [{ writer, sequence }] = items;
    expect(sequence).toBeGreaterThan(0);
    const record = await json(`/evidence/${writer}/${sequence}`, { as, site });
    expect(record.payloadType).toBe("application/vnd.in-toto+json");
    expect(await json("/drills", { as, site })).toHaveProperty("items");
    expect(await json("/status", { as, site })).toMatchObject({ region: REGION, site: site.id });
  }
  // `ops` of the active site assesses by itself, once it is up.
  const report = await eventually(
    "a report",
    600,
    async () => {
      const { status, body } = await ask("/report", { as, page: true });
      return status === 200 ? body : undefined;
    },
    5000,
  );
  expect(report).toContain("Laporan Audit Kepatuhan Pusat Data");
  expect((await json("/findings", { as })).items.length).toBeGreaterThan(0);
}, 900_000);

test("it changes nothing and reads nothing else; nobody else comes in by this way, nor by any without a certificate", async () => {
  const as = await granted();
  for (const [path, method] of [
    ["/drills", "POST"],
    ["/runs", "POST"],
    ["/jobs", "GET"],
    ["/metrics", "GET"],
  ] as const)
    expect((await ask(path, { as, method })).status, `${method} ${path}`).toBe(403);
  const { key, chain: cert } = secrets.operator;
  expect((await ask("/", { as: { key, cert } })).status).toBe(403);
  const over = declared("tim-tahun-lalu");
  expect(await ask("/", { as: await issued(over.name) })).toEqual({
    status: 403,
    body: expect.stringContaining("the period of the audit ended"),
  });
  const stranger = (await makeRegionSecrets(fixtureModel(), undefined, new Date())).secrets.sites.dc as SiteSecrets;
  const name = declared("inspektorat").name;
  for (const refused of [undefined, await issued(name, stranger), await issued(name, secrets, 400)])
    await expect(ask("/", { as: refused })).rejects.toMatchObject({
      code: expect.stringMatching(/^(ERR_SSL|ECONNRESET|EPROTO|EPIPE)/),
    });
});

testInFull(
  "taken out of the inventory it is refused from the next up on, whatever its certificate says; back in it, it reads again",
  async () => {
    const as = await granted();
    const inventory = join(folder, "inventory");
    await cp(join(REPOSITORY, "inventory", REGION), join(inventory, REGION), { recursive: true });
    const path = join(inventory, REGION, "auditors.yaml");
    await writeFile(path, (await readFile(path, "utf8")).replace("id: inspektorat,", "id: lembaga-lain,"));
    await lumbungWell(["up", ...OF_THE_LAB], { LUMBUNG_INVENTORY: inventory });
    try {
      await eventually(
        "a refusal",
        120,
        async () => {
          const { status, body } = await ask("/", { as });
          return status === 403 && body.includes("is not among the auditors") ? true : undefined;
        },
        1000,
      );
    } finally {
      await lumbungWell(["up", ...OF_THE_LAB]);
    }
    await eventually("an answer", 120, async () => ((await ask("/", { as })).status === 200 ? true : undefined), 1000);
  },
  1_800_000,
);
