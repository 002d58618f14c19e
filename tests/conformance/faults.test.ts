/** What goes wrong has a clear message, the right name in it, and leaves nothing behind. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumiDocker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { docker, exists, field, prefixOf, sweep } from "./support/docker.ts";
import { ensureImage, IMAGE } from "./support/image.ts";
import { type Plugin, startPlugin } from "./support/plugin.ts";
import { bundlePlugin, type Trial, trial } from "./support/stack.ts";

const PREFIX = prefixOf("faults");
const NAME = `${PREFIX}faulty`;
const SECRET = "rahasia-percobaan-91bc";
const NEVER_HEALTHY = { tests: ["CMD", "false"], interval: "1s", timeout: "1s", retries: 2, startPeriod: "0s" };
const LABELS = [{ label: "id.lumbung.workload", value: "faulty" }];
const BASE = { name: NAME, image: IMAGE, init: true, destroyGraceSeconds: 0, labels: LABELS };

describe.runIf(process.env.LUMBUNG_CONFORMANCE)("faults", () => {
  let t: Trial;
  const container = (changes: Partial<pulumiDocker.ContainerArgs>, provider?: pulumiDocker.ProviderArgs) =>
    t.stack(async () => {
      const options = provider ? { provider: new pulumiDocker.Provider("other", provider) } : {};
      new pulumiDocker.Container("faulty", { ...BASE, ...changes }, options);
    });

  /** What an `up` that must fail said; of one that did not, all that it printed, so that it can be told why. */
  const failureOf = async (stack: Stack) => {
    try {
      const { stdout, stderr } = await stack.up();
      return `did not fail: ${stdout}\n${stderr}`;
    } catch (error) {
      return String(error);
    }
  };

  beforeAll(async () => {
    sweep(PREFIX);
    ensureImage();
    t = await trial();
  });

  afterEach(async () => {
    await (await t.stack(async () => undefined)).up();
    sweep(PREFIX);
  });

  afterAll(async () => {
    await t?.close();
    sweep(PREFIX);
  });

  it("names the port that is taken, and removes the container", async () => {
    const server = createServer().listen(18090, "127.0.60.3");
    try {
      const stack = await container({ ports: [{ internal: 80, external: 18090, ip: "127.0.60.3" }] });
      await expect(stack.up()).rejects.toThrow(/127\.0\.60\.3:18090\/tcp is taken/);
      expect(exists("container", NAME)).toBe(false);
    } finally {
      server.close();
    }
    const again = await container({ ports: [{ internal: 80, external: 18090, ip: "127.0.60.3" }] });
    expect((await again.up()).summary.resourceChanges).toMatchObject({ create: 1 });
  });

  it.each(["10.60.99.9", "10.60.82.1"])("names the address %s that is outside or taken", async (ipv4Address) => {
    docker("network", "create", "--subnet", "10.60.82.0/24", "--gateway", "10.60.82.1", `${PREFIX}small`);
    const stack = await container({ networksAdvanced: [{ name: `${PREFIX}small`, ipv4Address }] });
    await expect(stack.up()).rejects.toThrow(new RegExp(`${ipv4Address.replaceAll(".", "\\.")} on ${PREFIX}small`));
    expect(exists("container", NAME)).toBe(false);
  });

  it("removes the container when its second network does not exist", async () => {
    docker("network", "create", "--subnet", "10.60.82.0/24", `${PREFIX}small`);
    const stack = await container({ networksAdvanced: [{ name: `${PREFIX}small` }, { name: `${PREFIX}absent` }] });
    await expect(stack.up()).rejects.toThrow(new RegExp(`${PREFIX}absent`));
    expect(exists("container", NAME)).toBe(false);
  });

  it("names the container that holds the name, and leaves it alone", async () => {
    docker("run", "-d", "--init", "--name", NAME, IMAGE);
    const id = field(NAME, "{{.Id}}");
    await expect((await container({})).up()).rejects.toThrow(
      new RegExp(`name is taken by container ${id.slice(0, 12)} \\(running`),
    );
    expect(field(NAME, "{{.Id}}")).toBe(id);
  });

  it("replaces what an earlier run was cut off from before it started", async () => {
    docker("create", "--name", NAME, "--label", "id.lumbung.workload=faulty", IMAGE);
    const leftover = field(NAME, "{{.Id}}");
    expect((await (await container({})).up()).summary.resourceChanges).toMatchObject({ create: 1 });
    expect(field(NAME, "{{.Id}}")).not.toBe(leftover);
  });

  it("leaves a container that never started alone when it is not the one declared", async () => {
    docker("create", "--name", NAME, "--label", "id.lumbung.workload=other", IMAGE);
    await expect((await container({})).up()).rejects.toThrow(/name is taken/);
    expect(exists("container", NAME)).toBe(true);
  });

  it("refuses a volume of that name with other labels, and takes back its own", async () => {
    const declared = (label: string) =>
      t.stack(async () => {
        new pulumiDocker.Volume(
          "kept",
          { name: `${PREFIX}kept`, labels: [{ label: "owner", value: label }] },
          { retainOnDelete: true },
        );
      });
    await (await declared("lumbung")).up();
    await (await t.stack(async () => undefined)).up();
    expect(exists("volume", `${PREFIX}kept`)).toBe(true);
    await expect((await declared("another")).up()).rejects.toThrow(
      /already exists and is not the one declared: labels differ/,
    );
    expect((await (await declared("lumbung")).up()).summary.resourceChanges).toMatchObject({ create: 1 });
  });

  it("names who still uses a network or a volume", async () => {
    const stack = await t.stack(async () => {
      new pulumiDocker.Network("n", { name: `${PREFIX}used`, ipamConfigs: [{ subnet: "10.60.83.0/24" }] });
      new pulumiDocker.Volume("v", { name: `${PREFIX}used` });
    });
    await stack.up();
    docker(
      "run",
      "-d",
      "--init",
      "--name",
      `${PREFIX}user`,
      "--network",
      `${PREFIX}used`,
      "-v",
      `${PREFIX}used:/data`,
      IMAGE,
    );
    const message = await stack.destroy({ continueOnError: true }).then(() => "", String);
    expect(message).toMatch(new RegExp(`volume ${PREFIX}used is in use by container ${PREFIX}user \\(running\\)`));
    expect(message).toMatch(new RegExp(`network ${PREFIX}used is in use by container ${PREFIX}user`));
    docker("rm", "-f", `${PREFIX}user`);
    await stack.destroy();
    expect(exists("network", `${PREFIX}used`)).toBe(false);
  });

  it("names the network whose subnet overlaps", async () => {
    docker("network", "create", "--subnet", "10.60.84.0/24", `${PREFIX}first`);
    const stack = await t.stack(async () => {
      new pulumiDocker.Network("second", { name: `${PREFIX}second`, ipamConfigs: [{ subnet: "10.60.84.128/25" }] });
    });
    await expect(stack.up()).rejects.toThrow(new RegExp(`overlaps with 10\\.60\\.84\\.0/24 of network ${PREFIX}first`));
  });

  it("keeps a container that never becomes healthy in the state, with its last check, and repairs it", async () => {
    const unhealthy = await container({ wait: true, waitTimeout: 4, healthcheck: NEVER_HEALTHY });
    await expect(unhealthy.up()).rejects.toThrow(
      /did not become healthy within 4 s \(now unhealthy\); its last check ended with 1/,
    );
    expect(t.state()).toContain(field(NAME, "{{.Id}}"));
    const healthy = await container({
      wait: true,
      waitTimeout: 20,
      healthcheck: { ...NEVER_HEALTHY, tests: ["CMD", "true"] },
    });
    expect((await healthy.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
  });

  it("says when a container ends at once", async () => {
    await expect((await container({ command: ["false"] })).up()).rejects.toThrow(
      /started and ended at once \(exit code 1\)/,
    );
  });

  it("refuses what it does not support, by name, all at once", async () => {
    const stack = await container({
      gpus: "all",
      memory: 2,
      networkMode: "host",
      networksAdvanced: [{ name: "x" }],
    } as never);
    const message = await stack.preview().then(() => "", String);
    expect(message).toMatch(/gpus/);
    expect(message).toMatch(/expected at least 6 MiB, received 2/);
  });

  it("says where the engine was expected when it does not run", async () => {
    const absent = await container({}, { host: "unix:///run/try-plugin-absent.sock" });
    expect(await failureOf(absent)).toMatch(
      /unix:\/\/\/run\/try-plugin-absent\.sock does not answer \(ENOENT\)\. Hint: .*is the Docker engine installed and running/,
    );
    const refused = await container({}, { host: "tcp://127.0.60.9:2375" });
    expect(await failureOf(refused)).toMatch(/127\.0\.60\.9:2375 does not answer \(ECONNREFUSED\)/);
    const ssh = await container({}, { host: "ssh://operator@dc.example" });
    expect(await failureOf(ssh)).toMatch(/ssh -N -L/);
  });

  it("keeps secrets out of state, messages and docker inspect", async () => {
    const secret = pulumi.secret(SECRET);
    const stack = await container({
      envs: [pulumi.interpolate`TOKEN=${secret}`, "OPEN=1"],
      uploads: [{ file: "/etc/s", content: secret }],
    });
    let seen = "";
    await stack.up({
      onOutput: (text) => (seen += text),
      onError: (text) => (seen += text),
    });
    expect(t.state()).not.toContain(SECRET);
    expect(seen).not.toContain(SECRET);
    await stack.refresh({ onOutput: (text) => (seen += text) });
    expect(t.state()).not.toContain(SECRET);
    const wrong = await container({ uploads: [{ file: "relative", content: secret }], envs: [secret] });
    const message = await wrong.up({ onOutput: (text) => (seen += text) }).then(() => "", String);
    expect(message).toMatch(/expected a path that begins with/);
    expect(message + seen).not.toContain(SECRET);
    // Docker shows environment values to whoever may ask it: that is why a secret is always a file.
    expect(docker("inspect", "--format", "{{json .HostConfig}} {{json .Mounts}}", NAME)).not.toContain(SECRET);
  });

  it("previews with unknown values", async () => {
    const stack = await t.stack(async () => {
      const net = new pulumiDocker.Network("n", { ipamConfigs: [{ subnet: "10.60.85.0/24" }] });
      const first = new pulumiDocker.Container("first", { ...BASE, networksAdvanced: [{ name: net.name }] });
      const address = first.networkDatas.apply((datas) => datas[0]?.ipAddress ?? "");
      const second = new pulumiDocker.Container("second", {
        ...BASE,
        name: `${PREFIX}second`,
        hosts: [{ host: "first", ip: address }],
        envs: [pulumi.interpolate`FIRST=${address}`],
      });
      return { address, image: second.image, shell: second.id };
    });
    const preview = await stack.preview();
    expect(preview.changeSummary).toEqual({ create: 3, same: 1 });
    const { outputs } = await stack.up();
    expect(outputs.address?.value).toMatch(/^10\.60\.85\./);
    expect(docker("exec", `${PREFIX}second`, "cat", "/etc/hosts")).toMatch(/10\.60\.85\.\d+\tfirst/);
    expect((await stack.preview({ refresh: true })).changeSummary).toEqual({ same: 4 });
  });
});

describe.runIf(process.env.LUMBUNG_CONFORMANCE && process.env.LUMBUNG_DOCKER_PLUGIN !== "official")(
  "the plugin's process",
  () => {
    let plugin: Plugin;
    const waiting = {
      ...BASE,
      networkMode: "bridge",
      start: true,
      mustRun: true,
      restart: "no",
      wait: true,
      waitTimeout: 60,
      healthcheck: NEVER_HEALTHY,
    };

    beforeAll(() => {
      sweep(PREFIX);
      ensureImage();
    });

    afterEach(async () => {
      await plugin.ended;
      sweep(PREFIX);
    });

    const created = async () => {
      for (let tries = 0; !exists("container", NAME); tries++) {
        if (tries > 100) throw new Error("the container was never made");
        await pause(50);
      }
    };

    it("removes a half-made container on Cancel, says so, and ends", async () => {
      plugin = await startPlugin();
      const create = plugin.create("docker:index/container:Container", waiting);
      await created();
      await plugin.cancel();
      await expect(create).rejects.toThrow(/cancelled/);
      expect(exists("container", NAME)).toBe(false);
      expect(await plugin.ended).toBe(0);
    });

    it.each(["SIGTERM", "SIGINT"] as const)("removes a half-made container on %s, and ends", async (signal) => {
      plugin = await startPlugin();
      const create = plugin.create("docker:index/container:Container", waiting);
      await created();
      plugin.kill(signal);
      await expect(create).rejects.toThrow(/cancelled/);
      expect(exists("container", NAME)).toBe(false);
      expect(await plugin.ended).toBe(0);
    });

    it("ends when the engine that started it is gone", async () => {
      const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as { port: number };
      plugin = await startPlugin(`127.0.0.1:${port}`);
      await new Promise((resolve) => server.close(resolve));
      expect(await plugin.ended).toBe(0);
    });

    it("honours a resource's own timeout, and leaves nothing", async () => {
      plugin = await startPlugin();
      await expect(plugin.create("docker:index/container:Container", waiting, 2)).rejects.toThrow(
        /not done within 2 s/,
      );
      expect(exists("container", NAME)).toBe(false);
      plugin.kill("SIGTERM");
    });

    it("killed in the middle of a create: the name is named afterwards", async () => {
      plugin = await startPlugin();
      const create = plugin.create("docker:index/container:Container", waiting).catch(String);
      await created();
      plugin.kill("SIGKILL");
      await create;
      await plugin.ended;
      plugin = await startPlugin();
      const second = await plugin
        .create("docker:index/container:Container", { ...waiting, wait: false })
        .then(() => "made", String);
      // Cut off before the start it is made anew; after it, somebody must look first.
      expect(second).toMatch(/^made$|name is taken by container [0-9a-f]{12} \(running/);
      plugin.kill("SIGTERM");
    });

    it("answers what it does not serve by saying so", async () => {
      plugin = await startPlugin();
      await expect(plugin.invoke("docker:index/getNetwork:getNetwork")).rejects.toThrow(
        /getNetwork is not implemented: Lumbung's docker plugin serves/,
      );
      await expect(plugin.create("docker:index/secret:Secret", {})).rejects.toThrow(
        /docker:index\/secret:Secret: expected one of/,
      );
      plugin.kill("SIGTERM");
    });

    it("bundled into one file it starts and prints its port", async () => {
      const folder = mkdtempSync(join(tmpdir(), PREFIX));
      const bundle = join(folder, "plugin.cjs");
      bundlePlugin(bundle);
      plugin = await startPlugin(undefined, spawn(process.execPath, [bundle]));
      expect(plugin.port).toBeGreaterThan(0);
      plugin.kill("SIGTERM");
      expect(await plugin.ended).toBe(0);
      rmSync(folder, { recursive: true });
    });
  },
);
