/** The recipe of approval.ts, typed by a shell as it stands there: nothing of ours is called. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyIdOf } from "../../evidence/dsse.ts";
import { planDigest } from "../engine/plan.ts";
import { holder, signedBy } from "../engine/testing/signed.ts";
import { examplePlan } from "../engine/testing/world.ts";

const plan = examplePlan();
const [head, other] = [holder("kepala-diskominfo"), holder("penyetuju-peralihan")];
const file = signedBy(head, plan, { now: new Date("2026-03-01T03:00:00.000Z") });
let folder: string;
let commands: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "approval-"));
  const source = await readFile(new URL("approval.ts", import.meta.url), "utf8");
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(source) ?? [];
  commands = block.replace(/^ \* ?/gm, "");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function typed(approval: Uint8Array, publicKey: string): Promise<string> {
  const cwd = await mkdtemp(join(folder, "typed-"));
  await writeFile(join(cwd, "approval.json"), approval);
  await writeFile(join(cwd, "key.pem"), publicKey);
  const env = { PATH: "/usr/bin:/bin", approval: "approval.json", key: "key.pem" };
  return spawnSync("sh", ["-c", commands], { cwd, env, encoding: "utf8" }).stdout;
}

test("shows that the key signed it, the key's name, and what was signed", async () => {
  const said = await typed(file, head.entry.publicKey);
  expect(said).toContain("Signature Verified Successfully");
  expect(said).toContain(keyIdOf(head.key));
  expect(said).toContain(planDigest(plan));
  expect(said).toContain('"epoch":7');
});

test("shows that another's key did not, nor this one what was altered", async () => {
  expect(await typed(file, other.entry.publicKey)).not.toContain("Verified Successfully");
  const envelope = JSON.parse(file.toString());
  const payload = Buffer.from(envelope.payload, "base64").toString().replace('"epoch":7', '"epoch":8');
  const altered = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") });
  expect(await typed(Buffer.from(altered), head.entry.publicKey)).not.toContain("Verified Successfully");
});
