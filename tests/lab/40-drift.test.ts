/** It shows 4: no change after `up`; what is stopped, removed or altered by hand is seen and repaired; a lost data volume is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../io/shell.ts";
import { eventually } from "./support/eventually.ts";
import { FULL } from "./support/full.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";
import { changesOf } from "./support/shell.ts";

async function healthOf(site: string, workload: string): Promise<{ health: string; detail: { en: string } }> {
  const { stdout } = await lumbung(["status", "--region", REGION, "--json"]);
  const found = JSON.parse(stdout)
    .sites.find(({ id }: { id: string }) => id === site)
    .workloads.find(({ name }: { name: string }) => name === workload);
  return { health: found.health, detail: found.detail };
}

describe("after up", () => {
  test.each(["backbone", "dc", "drc", "witness"])(
    "pulumi preview --refresh of %s from a plain shell shows no change",
    async (part) => {
      expect(await changesOf(part)).toEqual({});
    },
  );
});

describe("containers changed by hand", () => {
  beforeAll(async () => {
    await run(["docker", "stop", "lab-dc-web"]);
    await run(["docker", "update", "--memory", "48m", "--memory-swap", "48m", "lab-dc-app-pengaduan"]);
    await run(["docker", "rm", "--force", "lab-drc-web"]);
  });
  afterAll(() => lumbungWell(["up", "--region", REGION]));

  test("stopped, and altered (memory): seen by preview and status", async () => {
    expect(await changesOf("dc")).toEqual({ update: 2 });
    expect((await healthOf("dc", "web")).health).toBe("failing");
  });

  test("removed: seen by preview and status", async () => {
    expect(await changesOf("drc")).toEqual({ create: 1 });
    expect(await healthOf("drc", "web")).toEqual({
      health: "failing",
      detail: { en: expect.stringContaining("removed"), id: expect.stringContaining("dihapus") },
    });
  });
});

test("repaired by up: no change is left", async () => {
  expect(await changesOf("dc")).toEqual({});
  expect((await healthOf("dc", "web")).health).toBe("ok");
});

test("a container that dies comes back by itself", async () => {
  const before = await engine.inspectContainer("lab-dc-gateway");
  process.kill(before?.State.Pid ?? 0, "SIGKILL");
  const after = await eventually("the gateway", 30, async () => {
    const now = await engine.inspectContainer("lab-dc-gateway");
    return now?.State.Running && now.State.Pid !== before?.State.Pid ? now : undefined;
  });
  expect(after.RestartCount).toBe((before?.RestartCount ?? 0) + 1);
  expect(await changesOf("dc")).toEqual({});
});

describe.runIf(FULL)("a data volume removed by hand", () => {
  const container = "lab-drc-postgres-utama";
  const volume = `${container}-data`;

  test("is refused by up, named, with the way out; nothing empty takes its place", async () => {
    await run(["docker", "rm", "--force", container]);
    await run(["docker", "volume", "rm", volume]);
    const { code, stderr } = await lumbung(["up", "--region", REGION]);
    expect(code).toBe(4);
    expect(stderr).toContain(volume);
    expect(stderr).toContain("lumbung reseed --region lab --site drc --workload postgres-utama");
    expect(await engine.inspectVolume(volume)).toBeUndefined();
  });

  test("even `pulumi up --refresh` from a shell ends in an engine that refuses the empty volume", async () => {
    const { pulumi } = await import("./support/shell.ts");
    const { code, stderr, stdout } = await pulumi("drc", [
      "up",
      "--refresh",
      "--yes",
      "--skip-preview",
      "--non-interactive",
    ]);
    expect(code, stderr + stdout).toBe(0);
    const seen = await eventually("the refusal", 60, async () => {
      const now = await healthOf("drc", "postgres-utama");
      return now.health === "failing" && now.detail.en.includes("reseed") ? now : undefined;
    });
    expect(seen.detail.en).toContain("lumbung reseed");
  });

  test("reseed copies the data from the other site", async () => {
    await lumbungWell(["reseed", "--region", REGION, "--site", "drc", "--workload", "postgres-utama"]);
    await eventually("the standby", 120, async () => {
      const { code } = await lumbung(["status", "--region", REGION]);
      return code === 0 ? true : undefined;
    });
    expect(await changesOf("drc")).toEqual({});
  });
});
