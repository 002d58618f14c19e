/** The program itself, as `ops` starts it, with a signer and with the files that a site is told. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import { opsWorkload } from "../../components/ops/workload.ts";
import { signerWorkload } from "../../components/signer/workload.ts";
import type { Workload } from "../../components/workload.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { redact } from "../../custody/redact.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { systemClock } from "../../io/clock.ts";
import { createLogger } from "../../io/log.ts";
import { inventoryOf } from "../../model/testing/regions.ts";
import type { SiteModel } from "../../model/types.ts";
import { askProcess } from "../ops/assessments/ask.ts";
import { checkStatement } from "../ops/checks/statement.ts";
import { readOpsFiles } from "../ops/files.ts";
import { ask } from "../signer/ask.ts";
import { readSignerFiles } from "../signer/files.ts";
import { type SignerService, startSigner } from "../signer/service.ts";
import type { Answer, Question } from "./material.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const question: Question = {
  kind: "monthly",
  due: "2026-01-31T22:00:00.000Z",
  from: "2025-12-31T22:00:00.000Z",
  commit: "5f5b72f",
};
let root: string;
let signer: SignerService;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "assess-main-"));
  const model = fixtureModel();
  const [dc] = model.sites as readonly [SiteModel, SiteModel];
  const secrets = (await makeRegionSecrets(model, undefined, new Date())).secrets.sites.dc as SiteSecrets;
  const material = { catalogue: catalogue(), inventory: inventoryOf("lab"), documents: {} };
  await write("signer", signerWorkload(model, dc, secrets), ({ peer: _, ...alone }) => alone);
  const files = await readSignerFiles(join(root, "signer"));
  signer = await startSigner(
    { ...files, config: { ...files.config, port: 0 } },
    {
      ...{ data: join(root, "data"), clock: systemClock, address: "127.0.0.1" },
      log: createLogger({ name: "signer", redact, destination: { write: () => {} } }),
    },
  );
  await write("ops", opsWorkload(model, dc, secrets, { commit: "5f5b72f", material }), (config) => {
    const assessments = config.assessments as { readonly signer: object };
    const at = { ...assessments.signer, address: "127.0.0.1", port: signer.port };
    return { ...config, assessments: { ...assessments, signer: at } };
  });
  vi.stubEnv("LUMBUNG_CONFIG", join(root, "ops"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await signer.close();
  await rm(root, { recursive: true });
});

/** Its files, with its own configuration as `change` makes it. */
async function write(
  name: string,
  { files }: Workload,
  change: (config: Record<string, unknown>) => object,
): Promise<void> {
  for (const { path, content } of files) {
    const file = join(root, name, path);
    await mkdir(dirname(file), { recursive: true });
    const own = path === `${name}.json`;
    await writeFile(file, own ? JSON.stringify(change(JSON.parse(String(content)))) : content);
  }
}

const assessed = async (): Promise<Answer> =>
  JSON.parse(
    await askProcess(() => ["--import", "tsx", program])(JSON.stringify(question), new AbortController().signal),
  ) as Answer;

test("reads what the signer has, and once its answer is signed finds that", async () => {
  const answer = await assessed();
  if (!("kept" in answer)) throw new Error(`expected an assessment, received ${answer.found}`);
  const statement = checkStatement(JSON.stringify(answer.kept), "lab");
  const { config, tls } = await readOpsFiles(join(root, "ops"));
  const { host: name, address, port } = config.assessments?.signer ?? { host: "", address: "", port: 0 };
  const signed = await ask({ address, port, name, tls }, "POST", "/statements", Buffer.from(JSON.stringify(statement)));
  expect(signed.status).toBe(201);
  expect(await assessed()).toEqual({ found: JSON.parse(signed.text).id });
}, 60_000);

test("says why it cannot where the signer is away", async () => {
  await signer.close();
  await expect(assessed()).rejects.toThrow("ECONNREFUSED");
}, 60_000);
