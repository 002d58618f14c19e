import { describe, expect, it } from "vitest";
import { Provider } from "./provider.ts";
import { UNKNOWN, type ValueMap } from "./values.ts";

const URN = "urn:pulumi:t::t::docker:index/container:Container::c";
const provider = new Provider({}, () => undefined);

function diff(
  olds: ValueMap,
  news: ValueMap,
  oldInputs: ValueMap = {},
  ignoreChanges: readonly string[] = [],
  urn = URN,
) {
  return provider.diff({
    urn,
    olds: { name: "c", image: "i", ...olds },
    news: { name: "c", image: "i", ...news },
    oldInputs,
    ignoreChanges,
  });
}

/** Two spellings of one thing: the state's and the program's. */
const SAME: readonly [string, ValueMap, ValueMap][] = [
  [
    "capabilities with and without CAP_",
    { capabilities: { adds: ["NET_ADMIN"], drops: ["ALL"] } },
    { capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["all"] } },
  ],
  [
    "durations",
    { healthcheck: { tests: ["CMD", "x"], interval: "1m0s", timeout: "1s", retries: 3 } },
    { healthcheck: { tests: ["CMD", "x"], interval: "60s", timeout: "1000ms", startPeriod: "0s", retries: 3 } },
  ],
  ["tmpfs options in another order", { tmpfs: { "/run": "rw,size=1m" } }, { tmpfs: { "/run": "size=1m,rw" } }],
  [
    "user, command and entrypoint of the image",
    { user: "2001", command: ["x"], entrypoints: ["y"], workingDir: "/" },
    {},
  ],
  ["empty lists", { dns: null, hosts: [], labels: [] }, { dns: [], hosts: [], labels: [] }],
  ["host name that Docker gave", { hostname: "0123456789ab", domainname: "" }, {}],
  ["cpus", { cpus: "0.5" }, { cpus: ".50" }],
  ["memorySwap that Docker chose", { memory: 64, memorySwap: 128 }, { memory: 64 }],
  [
    "a port without address",
    { ports: [{ internal: 80, external: 80, ip: "0.0.0.0", protocol: "tcp" }] },
    { ports: [{ internal: 80, external: 80 }] },
  ],
  [
    "a port whose number Docker chose",
    { ports: [{ internal: 80, external: 49153, ip: "0.0.0.0", protocol: "tcp" }] },
    { ports: [{ internal: 80 }] },
  ],
  ["environment in another order", { envs: ["B=2", "A=1"] }, { envs: ["A=1", "B=2"] }],
  [
    "networks in another order",
    { networksAdvanced: [{ name: "a", aliases: ["y", "x"], ipv4Address: "10.0.0.2" }, { name: "b" }] },
    { networksAdvanced: [{ name: "b" }, { name: "a", aliases: ["x", "y"], ipv4Address: "10.0.0.2" }] },
  ],
  ["security option in short", { securityOpts: ["no-new-privileges:true"] }, { securityOpts: ["no-new-privileges"] }],
  ["network mode default", { networkMode: "default" }, { networkMode: "bridge" }],
  ["knobs that were withdrawn", { wait: true, waitTimeout: 30, destroyGraceSeconds: 5 }, {}],
  [
    "readOnly false",
    { volumes: [{ containerPath: "/a", volumeName: "v", readOnly: null }] },
    { volumes: [{ containerPath: "/a", volumeName: "v", readOnly: false }] },
  ],
];

const IN_PLACE: readonly [string, ValueMap, ValueMap][] = [
  ["memory", { memory: 64 }, { memory: 96 }],
  ["memorySwap", { memorySwap: 64 }, { memorySwap: 96 }],
  ["cpus", { cpus: "0.5" }, { cpus: "1" }],
  ["cpuShares", { cpuShares: 0 }, { cpuShares: 512 }],
  ["restart", { restart: "no" }, { restart: "always" }],
  ["maxRetryCount", { maxRetryCount: 0 }, { maxRetryCount: 3 }],
  ["mustRun", { mustRun: false }, { mustRun: true }],
  ["wait", { wait: false }, { wait: true }],
  ["destroyGraceSeconds", { destroyGraceSeconds: 5 }, { destroyGraceSeconds: 30 }],
];

const REPLACING: readonly [string, ValueMap, ValueMap][] = [
  ["image", { image: "i" }, { image: "j" }],
  ["envs", { envs: ["A=1"] }, { envs: ["A=2"] }],
  ["uploads", { uploads: [{ file: "/a", content: "1" }] }, { uploads: [{ file: "/a", content: "2" }] }],
  ["tmpfs", { tmpfs: { "/run": "size=1m" } }, { tmpfs: { "/run": "size=2m" } }],
  ["healthcheck", { healthcheck: { tests: ["CMD", "x"] } }, { healthcheck: { tests: ["CMD", "y"] } }],
  ["init", { init: false }, { init: true }],
  ["command", { command: ["a", "b"] }, { command: ["b", "a"] }],
  [
    "networksAdvanced",
    { networksAdvanced: [{ name: "a", ipv4Address: "10.0.0.2" }] },
    { networksAdvanced: [{ name: "a", ipv4Address: "10.0.0.3" }] },
  ],
  ["labels", { labels: [{ label: "a", value: "1" }] }, { labels: [{ label: "a", value: "2" }] }],
];

describe("diff of a container", () => {
  it.each(SAME)("sees no difference in %s", (_title, state, declared) => {
    expect(diff(state, declared).diffs).toEqual([]);
  });

  it.each(IN_PLACE)("changes %s in place", (name, state, declared) => {
    const answer = diff(state, declared);
    expect(answer).toMatchObject({ diffs: [name], replaces: [], deleteBeforeReplace: false });
    expect(answer.stables).not.toContain(name);
  });

  it.each(REPLACING)("replaces for %s, the old one first", (name, state, declared) => {
    expect(diff(state, declared)).toMatchObject({ diffs: [name], replaces: [name], deleteBeforeReplace: true });
  });

  it("replaces for what is not known yet", () => {
    expect(diff({ envs: ["A=1"] }, { envs: [UNKNOWN] }).replaces).toEqual(["envs"]);
  });

  it("sees a withdrawn property, though Docker chose a value for it", () => {
    expect(diff({ command: ["x"] }, {}, { command: ["x"] }).replaces).toEqual(["command"]);
    expect(diff({ memory: 64 }, {}, { memory: 64 }).detailed).toEqual({ memory: "DELETE_REPLACE" });
  });

  it.each([
    ["memory", 64],
    ["cpus", "0.5"],
    ["cpuShares", 512],
    ["cpuSet", "0"],
    ["memoryReservation", 32],
  ])("replaces when the limit %s is lifted, which Docker can't do in place", (name, limit) =>
    expect(diff({ [name]: limit }, {}).replaces).toEqual([name]),
  );

  it("leaves out what is ignored", () => {
    expect(diff({ image: "i" }, { image: "j" }, {}, ["image"]).diffs).toEqual([]);
  });

  it("names the changed words of a list", () => {
    expect(diff({ envs: ["A=1", "B=1"] }, { envs: ["A=1", "B=2", "C=3"] }).detailed).toEqual({
      "envs[1]": "UPDATE_REPLACE",
      "envs[2]": "ADD_REPLACE",
    });
  });

  it("lets old and new stand side by side when the name is made up and nothing is held alone", () => {
    const made = { __defaults: ["name"] };
    expect(diff({ envs: ["A=1"] }, { ...made, envs: ["A=2"] }).deleteBeforeReplace).toBe(false);
    expect(
      diff({ envs: ["A=1"] }, { ...made, envs: ["A=2"], ports: [{ internal: 1, external: 2 }] }).deleteBeforeReplace,
    ).toBe(true);
  });

  it("tolerates the official plugin's bookkeeping in the state", () => {
    const official = {
      __meta: '{"schema_version":"2"}',
      __pulumi_raw_state_delta: { obj: {} },
      cgroupParent: null,
      storageOpts: {},
    };
    expect(diff(official, {}).diffs).toEqual([]);
  });
});

describe("diff of a network", () => {
  const urn = "urn:pulumi:t::t::docker:index/network:Network::n";
  it("leaves the gateway to Docker when none is declared", () => {
    const state = { ipamConfigs: [{ subnet: "10.0.0.0/24", gateway: "10.0.0.1", ipRange: "", auxAddress: null }] };
    expect(diff(state, { ipamConfigs: [{ subnet: "10.0.0.0/24" }] }, {}, [], urn).diffs).toEqual([]);
    expect(
      diff(state, { ipamConfigs: [{ subnet: "10.0.0.0/24", gateway: "10.0.0.9" }] }, {}, [], urn).replaces,
    ).toEqual(["ipamConfigs"]);
  });

  it("removes the old one first when the new one needs its addresses", () => {
    const state = { internal: false, ipamConfigs: [{ subnet: "10.0.0.0/16" }] };
    const declared = { __defaults: ["name"], name: "n-1", internal: true, ipamConfigs: [{ subnet: "10.0.1.0/24" }] };
    expect(diff(state, declared, {}, [], urn).deleteBeforeReplace).toBe(true);
  });
});
