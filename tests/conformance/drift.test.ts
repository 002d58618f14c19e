/** A container as our programs declare it: it settles, and what is altered by hand is seen and repaired. */
import * as pulumiDocker from "@pulumi/docker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { docker, exists, field, prefixOf, sweep } from "./support/docker.ts";
import { ensureImage, IMAGE } from "./support/image.ts";
import { chosenPlugin, type Trial, trial } from "./support/stack.ts";

const PREFIX = prefixOf("drift");
const NAME = `${PREFIX}rich`;
const TAG = `${PREFIX}moving:1`;
const FILES = 300;
const LONG = `/files/${"sangat-panjang/".repeat(8)}berkas`;

function rich(changes: Partial<pulumiDocker.ContainerArgs> = {}) {
  return async () => {
    const site = network("site", 80);
    const backbone = network("backbone", 81);
    const data = new pulumiDocker.Volume("data", {
      name: `${PREFIX}data`,
      labels: [{ label: "id.lumbung.site", value: "dc" }],
    });
    const container = new pulumiDocker.Container("rich", {
      name: NAME,
      image: TAG,
      init: true,
      restart: "unless-stopped",
      hostname: "rich",
      domainname: "dc.lab.internal",
      readOnly: true,
      memory: 64,
      memorySwap: 64,
      cpus: "0.5",
      envs: ["B=2", "A=1", "PATH=/bin"],
      labels: [
        { label: "id.lumbung.workload", value: "rich" },
        { label: "id.lumbung.site", value: "dc" },
      ],
      capabilities: { drops: ["ALL"], adds: ["NET_BIND_SERVICE", "CAP_CHOWN"] },
      securityOpts: ["no-new-privileges"],
      networksAdvanced: [
        { name: site.name, aliases: ["rich.dc.lab.internal", "rich"], ipv4Address: "10.60.80.10" },
        { name: backbone.name, aliases: ["rich.dc.lab.internal"], ipv4Address: "10.60.81.10" },
      ],
      hosts: [
        { host: "y", ip: "10.60.80.8" },
        { host: "x", ip: "10.60.80.9" },
      ],
      dns: [],
      dnsSearches: ["dc.lab.internal"],
      volumes: [{ volumeName: data.name, containerPath: "/files" }],
      tmpfs: { "/tmp": "size=1m,rw", "/run": "rw,noexec,size=1048576" },
      ports: [
        { internal: 8053, external: 18053, ip: "127.0.60.2", protocol: "udp" },
        { internal: 8053, external: 18053, ip: "127.0.60.2" },
      ],
      healthcheck: { tests: ["CMD", "true"], interval: "1000ms", timeout: "2s", startPeriod: "60s", retries: 3 },
      uploads: [
        { file: LONG, content: "panjang", permissions: "0600" },
        { file: "/files/biner", contentBase64: Buffer.from([0, 255, 10]).toString("base64"), executable: true },
        ...Array.from({ length: FILES }, (_, index) => ({
          file: `/files/banyak/${index}`,
          content: `${index}\n`.repeat(100),
        })),
      ],
      ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
      sysctls: { "net.ipv4.ip_unprivileged_port_start": "53" },
      logDriver: "json-file",
      logOpts: { "max-size": "1m", "max-file": "2" },
      stopTimeout: 3,
      stopSignal: "SIGTERM",
      destroyGraceSeconds: 3,
      shmSize: 16,
      wait: true,
      waitTimeout: 30,
      ...changes,
    });
    const isolated = new pulumiDocker.Container("isolated", {
      name: `${PREFIX}isolated`,
      image: TAG,
      networkMode: "none",
      command: ["sleep", "600"],
      mustRun: true,
      labels: [],
      envs: [],
      destroyGraceSeconds: 0,
    });
    return {
      address: container.networkDatas.apply((datas) => datas.map((data) => data.ipAddress).join()),
      isolated: isolated.name,
    };
  };
}

function network(name: string, third: number): pulumiDocker.Network {
  return new pulumiDocker.Network(name, { name: `${PREFIX}${name}`, ipamConfigs: [{ subnet: `10.60.${third}.0/24` }] });
}

describe.runIf(process.env.LUMBUNG_CONFORMANCE)("drift", () => {
  let t: Trial;
  const same = { same: 6 };
  const repaired = async (changes = {}) => {
    const stack = await t.stack(rich(changes));
    const seen = (await stack.preview({ refresh: true })).changeSummary;
    await stack.up({ refresh: true });
    expect((await stack.preview({ refresh: true })).changeSummary, "settles after the repair").toEqual(same);
    return seen;
  };

  beforeAll(async () => {
    sweep(PREFIX);
    ensureImage();
    docker("tag", IMAGE, TAG);
    t = await trial();
  });

  afterEach(() => expect(field(NAME, "{{.State.Status}}")).toBe("running"));

  afterAll(async () => {
    await t?.close();
    sweep(PREFIX);
    docker("rmi", TAG);
  });

  it("creates, waits until healthy, and settles", async () => {
    const stack = await t.stack(rich());
    const result = await stack.up();
    expect(result.summary.resourceChanges).toEqual({ create: 6 });
    expect(result.outputs.address?.value).toBe("10.60.81.10,10.60.80.10");
    expect(field(NAME, "{{.State.Health.Status}}")).toBe("healthy");
    expect((await stack.preview()).changeSummary).toEqual(same);
    expect((await stack.refresh()).summary.resourceChanges).toEqual(same);
    expect((await stack.preview({ refresh: true })).changeSummary).toEqual(same);
  });

  it("uploads every file with its content and mode", () => {
    const run = (...words: string[]) => docker("exec", "-u", "0", NAME, ...words);
    expect(run("cat", LONG)).toBe("panjang");
    expect(run("stat", "-c", "%a %s %u:%g", LONG)).toBe("600 7 0:0");
    expect(run("stat", "-c", "%a %s", "/files/biner")).toBe("744 3");
    expect(run("ls", "/files/banyak").split("\n")).toHaveLength(FILES);
    expect(run("stat", "-c", "%a %u", "/files/banyak")).toBe("755 0");
  });

  it("sees and repairs docker update", async () => {
    docker("update", "--restart", "no", "--memory", "32m", "--memory-swap", "48m", NAME);
    expect(await repaired()).toEqual({ same: 5, update: 1 });
    expect(field(NAME, "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}")).toBe(
      "unless-stopped 67108864 67108864",
    );
  });

  it("sees and repairs a pause", async () => {
    docker("pause", NAME);
    expect(await repaired()).toEqual({ same: 5, update: 1 });
  });

  it("sees and repairs a stop of a container without ports", async () => {
    docker("stop", "-t", "0", `${PREFIX}isolated`);
    expect(await repaired()).toEqual({ same: 5, update: 1 });
    expect(field(`${PREFIX}isolated`, "{{.State.Running}}")).toBe("true");
  });

  it("sees a stop after two refreshes, too", async () => {
    docker("stop", "-t", "0", NAME);
    const stack = await t.stack(rich());
    await stack.refresh();
    await stack.refresh();
    expect((await stack.preview()).changeSummary).toEqual({ same: 5, replace: 1 });
    await stack.up();
  });

  it("sees and repairs a network that was disconnected, by replacing", async () => {
    docker("network", "disconnect", `${PREFIX}backbone`, NAME);
    expect(await repaired()).toEqual({ same: 5, replace: 1 });
    expect(docker("network", "inspect", "--format", "{{len .Containers}}", `${PREFIX}backbone`)).toBe("1");
  });

  it("sees an image whose name means another one now", async () => {
    const made = docker("commit", "--change", "LABEL other=yes", `${PREFIX}isolated`, TAG);
    expect(await repaired()).toEqual({ same: 4, replace: 2 });
    expect(field(NAME, "{{.Image}}")).toBe(made);
  });

  it("sees a rename", async () => {
    docker("rename", NAME, `${PREFIX}renamed`);
    expect(await repaired()).toEqual({ same: 5, replace: 1 });
    expect(exists("container", `${PREFIX}renamed`)).toBe(false);
  });

  it.runIf(chosenPlugin() === "ours")("changes cpus in place, and replaces to lift the limit", async () => {
    const before = field(NAME, "{{.Id}}");
    const stack = await t.stack(rich({ cpus: "0.25", memory: 48, memorySwap: 48 }));
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 5, update: 1 });
    expect(field(NAME, "{{.Id}} {{.HostConfig.NanoCpus}} {{.HostConfig.Memory}}")).toBe(`${before} 250000000 50331648`);
    const without = await t.stack(rich({ cpus: undefined }));
    expect((await without.up()).summary.resourceChanges).toEqual({ same: 5, replace: 1 });
    expect(field(NAME, "{{.HostConfig.NanoCpus}}")).toBe("0");
    expect((await without.preview({ refresh: true })).changeSummary).toEqual(same);
  });

  it("imports by name what was made by hand, and adopts it without a change", async () => {
    docker(
      "run",
      "-d",
      "--name",
      `${PREFIX}manual`,
      "--init",
      "--network",
      `${PREFIX}site`,
      "--ip",
      "10.60.80.20",
      "--memory",
      "32m",
      "--memory-swap",
      "32m",
      "--restart",
      "always",
      IMAGE,
    );
    const id = field(`${PREFIX}manual`, "{{.Id}}");
    const base = rich();
    const stack = await t.stack(async () => {
      const outputs = await base();
      new pulumiDocker.Container(
        "manual",
        {
          name: `${PREFIX}manual`,
          image: IMAGE,
          init: true,
          memory: 32,
          memorySwap: 32,
          restart: "always",
          networksAdvanced: [{ name: `${PREFIX}site`, ipv4Address: "10.60.80.20" }],
        },
        { import: `${PREFIX}manual` },
      );
      return outputs;
    });
    expect((await stack.up({ refresh: true })).summary.resourceChanges).toMatchObject({ import: 1 });
    expect(field(`${PREFIX}manual`, "{{.Id}}")).toBe(id);
    expect((await stack.preview({ refresh: true })).changeSummary).toEqual({ same: 7 });
  });
});
