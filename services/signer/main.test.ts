/** The program itself, as a container runs it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signerWorkload } from "../../components/signer/workload.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import type { SiteModel } from "../../model/types.ts";
import type { Line } from "./shapes.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
let root: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "signer-main-"));
  env = { ...process.env, LUMBUNG_CONFIG: join(root, "config"), LUMBUNG_DATA: join(root, "data") };
  const model = fixtureModel();
  const [dc] = model.sites as readonly [SiteModel, SiteModel];
  const { secrets } = await makeRegionSecrets(model, undefined, new Date());
  for (const { path, content } of signerWorkload(model, dc, secrets.sites.dc as SiteSecrets).files) {
    const file = join(root, "config", path);
    await mkdir(dirname(file), { recursive: true });
    const { peer, ...alone } = path === "signer.json" ? JSON.parse(String(content)) : { peer: undefined };
    await writeFile(file, path === "signer.json" ? JSON.stringify({ ...alone, port: await freePort() }) : content);
  }
});
afterAll(() => rm(root, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const ran = (...words: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", program, ...words], { env, encoding: "utf8" });

test("serves, tells its health and its records, reloads, and ends when told", async () => {
  expect(ran("health")).toMatchObject({ status: 1, stdout: expect.stringContaining("signer does not answer") });
  const signer = spawn(process.execPath, ["--import", "tsx", program], { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(signer.stdout)[Symbol.asyncIterator]();
  const said = async (word: string): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`it ended before it said "${word}"`);
      if (String(value).includes(`"msg":"${word}"`)) return;
    }
  };
  try {
    await said("ready");
    expect(ran("health")).toMatchObject({ status: 0, stdout: expect.stringContaining("signing: 1 records in dc-") });
    const { status, stdout } = ran("records");
    const records = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect([status, records.length, records[0]?.id]).toEqual([0, 1, expect.stringMatching(/^dc-.*\/0000000001$/)]);
    signer.kill("SIGHUP");
    await said("reloaded");
    expect(ran("nonsense").status).toBe(2);
  } finally {
    signer.kill("SIGTERM");
  }
  const [code] = await once(signer, "exit");
  expect(code).toBe(0);
  expect(ran("records").stdout.trimEnd().split("\n")).toHaveLength(1);
});
