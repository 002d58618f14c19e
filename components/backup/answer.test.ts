/** What a repository host answers (images/backup): the real program, with certificates that the region's authorities issued. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../custody/types.ts";
import { tlsFiles } from "../tls-files.ts";

const program = join(import.meta.dirname, "../../images/backup/usr/local/lib/lumbung/backup/answer");
const python = spawnSync("python3", ["--version"]).status === 0;
// etcd's leaf stands for the repository host's: same authority, same kind.
const HOST = "etcd";
let folder: string;
let port: number;
let held: RegionSecrets;
let child: ChildProcess;

const dc = (): SiteSecrets => {
  const found = held.sites.dc;
  if (!found) throw new Error("no secrets");
  return found;
};
const put = async (path: string, content: string | Uint8Array) => {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
};
const deliver = () => Promise.all(tlsFiles(dc(), HOST).map(({ path, content }) => put(`current/${path}`, content)));
const health = async (code: number, line: string) =>
  chmod(await put("health", `#!/bin/sh\necho '${line}'\nexit ${code}\n`), 0o755);

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly serial: string;
}

/** Asks as a workload of the site, or as nobody. */
function ask(path: string, as?: string): Promise<Answer> {
  const leaf = as === undefined ? undefined : dc().certificates[as];
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: "127.0.0.1", port, path, agent: false, servername: `${HOST}.dc.lab.internal` },
        ca: dc().authority.root,
        ...(leaf ? { cert: leaf.chain, key: leaf.key } : {}),
      },
      (response) => {
        const socket = response.socket as import("node:tls").TLSSocket;
        const serial = socket.getPeerCertificate().serialNumber;
        let text = "";
        response.on("data", (part) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text, serial }));
      },
    );
    asked.on("error", reject).end();
  });
}

async function answers(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const up = await ask("/health", "ops").then(
      () => true,
      () => false,
    );
    if (up) return;
    await pause(100);
  }
  throw new Error("the program does not answer");
}

describe.skipIf(!python)("a repository host", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "backup-answer-"));
    port = await new Promise((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
      });
    });
    held = (await makeRegionSecrets(fixtureModel(), undefined, new Date())).secrets;
    await deliver();
    await put("current/backup.json", JSON.stringify({ healthPort: port, clients: ["ops.dc.lab.internal"] }));
    await health(0, "repository host, epoch 1, 1 stanzas");
    const env = { ...process.env, LUMBUNG_CONFIG: folder, LUMBUNG_LIB: folder };
    child = spawn("python3", ["-B", program], { env, stdio: ["ignore", "ignore", "inherit"] });
    await answers();
  });
  afterAll(async () => {
    child.kill();
    await rm(folder, { recursive: true });
  });

  it("says how it is to those it is told, and that it is not well with another status", async () => {
    expect(await ask("/health", "ops")).toMatchObject({ status: 200, text: "repository host, epoch 1, 1 stanzas\n" });
    await health(1, "the object store does not take this host's credentials");
    expect(await ask("/health", "ops")).toMatchObject({ status: 503 });
    await health(0, "well");
  });

  it("says nothing to others: another workload of the site, and whoever shows no certificate", async () => {
    expect(await ask("/health", "web")).toMatchObject({ status: 403, text: "not for you\n" });
    await expect(ask("/health")).rejects.toThrow();
    expect(await ask("/../health", "ops")).toMatchObject({ status: 404 });
  });

  it("shows a renewed certificate from the next connection on", async () => {
    const before = (await ask("/health", "ops")).serial;
    const renew = (what: string) => what === `certificate:dc/${HOST}`;
    held = (await makeRegionSecrets(fixtureModel(), held, new Date(), { renew })).secrets;
    await deliver();
    child.kill("SIGHUP");
    await pause(300);
    const after = await ask("/health", "ops");
    expect(after).toMatchObject({ status: 200, text: "well\n" });
    expect(after.serial).not.toBe(before);
  });
});
