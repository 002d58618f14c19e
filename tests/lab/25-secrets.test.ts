/** D13: no secret in what `docker inspect` shows, in a log, in a process's arguments, or in Pulumi's state in clear. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { partHome } from "../../io/home.ts";
import { run } from "../../io/shell.ts";
import { engine, REGION, secretsOf } from "./support/region.ts";

/** Names of fields that hold a secret. */
const SECRET = /^(key|secret|password|previousPassword|adminPassword|scramVerifier|secretKey|token)$/;

/** What Docker itself starts in a container: the reaper, and the health command. */
const BY_DOCKER = /docker-init|\/usr\/local\/lib\/lumbung\/health/;

/** Every secret text of a value, walked to its leaves; of a PEM, the line in the middle. */
function secretTexts(value: unknown, name = ""): string[] {
  if (typeof value === "string") return SECRET.test(name) ? [middle(value)] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([field, inner]) => secretTexts(inner, field));
}

function middle(text: string): string {
  const lines = text.trim().split("\n");
  return lines[Math.floor(lines.length / 2)] ?? text;
}

async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
}

describe.each(["dc", "drc"])("the secrets of %s", (site) => {
  let secrets: string[];
  let containers: string[];

  beforeAll(async () => {
    secrets = [...new Set(secretTexts(await secretsOf(site)))];
    const all = await engine.listContainers({ "id.lumbung.region": REGION, "id.lumbung.site": site });
    containers = all.map(({ Id }) => Id);
  });

  const shownIn = (text: string) => secrets.filter((secret) => text.includes(secret)).length;

  test("are many, and found where they belong: the search can find", async () => {
    expect(secrets.length).toBeGreaterThan(10);
    const { stdout } = await engine.exec(`${REGION}-${site}-app-pengaduan`, [
      "cat",
      "/config/current/secrets/database-password",
    ]);
    expect(shownIn(stdout)).toBe(1);
  });

  test("are not in what docker inspect shows", async () => {
    expect(shownIn((await run(["docker", "inspect", ...containers])).stdout)).toBe(0);
  });

  test("are not in a log", async () => {
    for (const id of containers) {
      const { stdout, stderr } = await run(["docker", "logs", id]);
      expect(shownIn(stdout + stderr), id).toBe(0);
    }
  });

  test("are not in a process's arguments or environment", async () => {
    for (const id of containers) {
      const { stdout } = await run(["docker", "top", id, "-eo", "pid,args"]);
      expect(shownIn(stdout), id).toBe(0);
    }
  });

  test("are not in Pulumi's state in clear, nor in its history", async () => {
    const texts = await textsBelow(join(partHome(REGION, site), "state"));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.map(shownIn).filter((count) => count > 0)).toEqual([]);
  });

  test("no process of the site's containers runs as root", async () => {
    for (const id of containers) {
      const { stdout } = await run(["docker", "top", id, "-eo", "pid,uid,args"]);
      const roots = stdout.split("\n").filter((line) => /^\s*\d+\s+0\s/.test(line) && !BY_DOCKER.test(line));
      expect(roots, id).toEqual([]);
    }
  });
});
