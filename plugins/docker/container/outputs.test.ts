import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { driftedInputs, importedInputs, settle } from "../settle.ts";
import type { ValueMap } from "../values.ts";
import { createBody, updateBody } from "./body.ts";
import { chosenNames } from "./chosen.ts";
import { isLeftover } from "./conflict.ts";
import type { ContainerInspect, ImageInspect } from "./inspect.ts";
import { outputsOf } from "./outputs.ts";
import { PROPERTIES } from "./properties.ts";
import { refusal } from "./run.ts";

const ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const MIB = 1024 * 1024;

const IMAGE: ImageInspect = {
  Id: "sha256:1",
  Config: {
    Env: ["PATH=/bin"],
    Labels: { of: "image" },
    Cmd: ["run"],
    Entrypoint: null,
    User: "2001",
    WorkingDir: "/w",
  },
};

const ENDPOINT = {
  NetworkID: "n1",
  Gateway: "10.0.0.1",
  IPAddress: "10.0.0.2",
  IPPrefixLen: 24,
  IPv6Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
  MacAddress: "02:00",
};

type Changes = { readonly [K in keyof ContainerInspect]?: Partial<ContainerInspect[K]> };

function inspected(changes: Changes = {}): ContainerInspect {
  return {
    Id: ID,
    Name: "/c",
    Created: "2026-01-01T00:00:00Z",
    Image: "sha256:1",
    Platform: "linux",
    State: {
      Status: "running",
      Running: true,
      Paused: false,
      ExitCode: 0,
      Error: "",
      OOMKilled: false,
      ...changes.State,
    },
    Config: {
      Image: "i",
      Hostname: ID.slice(0, 12),
      Domainname: "",
      User: "2001",
      Env: ["A=1", "PATH=/bin"],
      Cmd: ["run"],
      Entrypoint: null,
      WorkingDir: "/w",
      Labels: { of: "image", app: "t" },
      Tty: false,
      OpenStdin: false,
      ...changes.Config,
    },
    HostConfig: {
      Binds: ["v:/data:ro"],
      NetworkMode: "lab",
      PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
      PublishAllPorts: false,
      RestartPolicy: { Name: "always", MaximumRetryCount: 0 },
      CapAdd: ["NET_ADMIN"],
      CapDrop: null,
      Dns: [],
      DnsOptions: [],
      DnsSearch: [],
      ExtraHosts: ["six:fd00::1"],
      GroupAdd: null,
      IpcMode: "private",
      PidMode: "",
      UsernsMode: "",
      Privileged: false,
      ReadonlyRootfs: true,
      SecurityOpt: null,
      ShmSize: 64 * MIB,
      Ulimits: null,
      LogConfig: { Type: "json-file", Config: {} },
      Init: true,
      Runtime: "runc",
      Memory: 64 * MIB,
      MemorySwap: 128 * MIB,
      MemoryReservation: 0,
      NanoCpus: 5e8,
      CpuShares: 0,
      CpusetCpus: "",
      CpuPeriod: 0,
      CpuQuota: 0,
      ...changes.HostConfig,
    },
    NetworkSettings: {
      Bridge: "",
      Ports: {
        "80/tcp": [
          { HostIp: "0.0.0.0", HostPort: "8080" },
          { HostIp: "::", HostPort: "8080" },
        ],
      },
      Networks: {
        lab: { ...ENDPOINT, IPAMConfig: { IPv4Address: "10.0.0.2" }, Aliases: ["c.lab", ID.slice(0, 12), "host"] },
      },
      ...changes.NetworkSettings,
    },
  } as ContainerInspect;
}

const DECLARED: ValueMap = {
  name: "c",
  image: "i",
  envs: ["A=1"],
  memory: 64,
  cpus: "0.50",
  readOnly: true,
  init: true,
  restart: "always",
  mustRun: true,
  labels: [{ label: "app", value: "t" }],
  capabilities: { adds: ["CAP_NET_ADMIN"] },
  hosts: [{ host: "six", ip: "fd00::1" }],
  volumes: [{ volumeName: "v", containerPath: "/data", readOnly: true }],
  ports: [{ internal: 80, external: 8080 }],
  networksAdvanced: [{ name: "lab", aliases: ["c.lab"], ipv4Address: "10.0.0.2" }],
};

function observe(
  changes: Changes = {},
  declaredImageId: string | undefined = "sha256:1",
  earlier = DECLARED,
): ValueMap {
  const container = inspected({ ...changes, Config: { Hostname: "host", ...changes.Config } });
  return settle(PROPERTIES, earlier, outputsOf({ container, image: IMAGE, declaredImageId }, earlier));
}

function drift(outputs: ValueMap): string[] {
  const inputs = driftedInputs(PROPERTIES, DECLARED, outputs);
  return Object.keys(inputs).filter((name) => inputs[name] !== DECLARED[name]);
}

describe("what is read of a container", () => {
  it("has not drifted when nothing was altered, and is written as it was declared", () => {
    const outputs = observe();
    expect(drift(outputs)).toEqual([]);
    expect(outputs).toMatchObject({
      cpus: "0.50",
      capabilities: { adds: ["CAP_NET_ADMIN"], drops: [] },
      envs: ["A=1"],
      user: "2001",
      memorySwap: 128,
    });
  });

  it.each<[string, Changes, string[]]>([
    ["memory", { HostConfig: { Memory: 32 * MIB } }, ["memory"]],
    ["restart", { HostConfig: { RestartPolicy: { Name: "no", MaximumRetryCount: 0 } } }, ["restart"]],
    ["a stop", { State: { Status: "exited", Running: false, ExitCode: 143 } }, ["mustRun", "ports"]],
    ["a pause", { State: { Status: "paused", Running: true, Paused: true } }, ["mustRun"]],
    ["a disconnected network", { NetworkSettings: { Networks: {} } }, ["networksAdvanced"]],
    [
      "another address",
      { NetworkSettings: { Networks: { lab: { ...ENDPOINT, IPAMConfig: null, Aliases: ["c.lab"] } } } },
      ["networksAdvanced"],
    ],
    ["a rename", { Name: "/d" as never }, []],
  ])("shows %s", (_title, changes, expected) => {
    expect(drift(observe(changes)).sort()).toEqual(expected);
  });

  it("shows that the image's name means another image, but not that it means none any more", () => {
    expect(drift(observe({}, "sha256:2"))).toEqual(["image"]);
    expect(drift(observe({}, undefined))).toEqual([]);
  });

  it("is not drift that a container stands still which need not run", () => {
    const idle = { ...DECLARED, mustRun: false };
    const outputs = observe({ State: { Status: "exited", Running: false } }, "sha256:1", idle);
    expect(driftedInputs(PROPERTIES, idle, outputs)).toEqual(idle);
  });

  it("names a network as the program did, by name or by id", () => {
    const byId = { ...DECLARED, networksAdvanced: [{ name: "n1", aliases: ["c.lab"], ipv4Address: "10.0.0.2" }] };
    expect(driftedInputs(PROPERTIES, byId, observe({}, "sha256:1", byId))).toEqual(byId);
  });

  it("imports what somebody set, and not what Docker or the image chose", () => {
    const container = inspected();
    const outputs = outputsOf({ container, image: IMAGE, declaredImageId: "sha256:1" }, { image: "i" });
    const inputs = importedInputs(PROPERTIES, outputs, chosenNames(container, IMAGE));
    expect(inputs).toMatchObject({
      image: "i",
      memory: 64,
      envs: ["A=1"],
      labels: [{ label: "app", value: "t" }],
      restart: "always",
    });
    for (const name of ["user", "command", "hostname", "ipcMode", "shmSize", "logDriver", "workingDir", "memorySwap"]) {
      expect(inputs[name], name).toBeUndefined();
    }
  });
});

describe("what is sent", () => {
  it("gives the first network on create, by its name", () => {
    const body = createBody(DECLARED);
    expect(body.HostConfig).toMatchObject({
      NetworkMode: "lab",
      Binds: ["v:/data:ro"],
      NanoCpus: 5e8,
      MemorySwap: 128 * MIB,
    });
    expect(body.NetworkingConfig).toEqual({
      EndpointsConfig: { lab: { Aliases: ["c.lab"], IPAMConfig: { IPv4Address: "10.0.0.2" } } },
    });
    expect(body.ExposedPorts).toEqual({ "80/tcp": {} });
  });

  it("has no upload and no secret in it", () => {
    expect(JSON.stringify(createBody({ ...DECLARED, uploads: [{ file: "/s", content: "rahasia" }] }))).not.toContain(
      "rahasia",
    );
  });

  it("raises memory and swap together", () => {
    expect(updateBody({ memory: 256 })).toMatchObject({ Memory: 256 * MIB, MemorySwap: 512 * MIB });
    expect(updateBody({ memory: 256, memorySwap: -1 })).toMatchObject({ MemorySwap: -1 });
    expect(updateBody({ restart: "on-failure", maxRetryCount: 3 })).toMatchObject({
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
    });
  });
});

describe("a name that is taken", () => {
  const leftover = inspected({ State: { Status: "created", Running: false } });
  it("is a leftover of ours only if it never started, is of the image, and has the labels, at least one", () => {
    expect(isLeftover(leftover, DECLARED, IMAGE)).toBe(true);
    expect(isLeftover(inspected({ State: { Status: "exited", Running: false } }), DECLARED, IMAGE)).toBe(false);
    expect(isLeftover(leftover, { ...DECLARED, labels: [{ label: "app", value: "u" }] }, IMAGE)).toBe(false);
    const bare = inspected({ State: { Status: "created", Running: false }, Config: { Labels: { of: "image" } } });
    expect(isLeftover(bare, { ...DECLARED, labels: [] }, IMAGE)).toBe(false);
    expect(isLeftover(leftover, DECLARED, { ...IMAGE, Id: "sha256:2" })).toBe(false);
  });
});

describe("Docker's refusals", () => {
  const say = (status: number, said: string) => refusal(new EngineError(status, said, "start"), DECLARED).message;
  it.each([
    [
      500,
      "driver failed programming external connectivity on endpoint c: Bind for 0.0.0.0:8080 failed: port is already allocated",
      /0\.0\.0\.0:8080\/tcp is taken/,
    ],
    [
      500,
      "driver failed programming external connectivity: listen tcp4 0.0.0.0:8080: bind: address already in use",
      /0\.0\.0\.0:8080\/tcp is taken/,
    ],
    [403, "Address already in use", /can't join its network.*10\.0\.0\.2 on lab/],
    [
      400,
      "invalid IP address in user specified IP: no configured subnet contains it",
      /can't join its network.*10\.0\.0\.2 on lab/,
    ],
    [404, "network lab not found", /can't join its network.*10\.0\.0\.2 on lab/],
    [500, "something else", /start: Docker answered 500: something else/],
  ])("%d %s", (status, said, expected) => expect(say(status, said)).toMatch(expected));
});
