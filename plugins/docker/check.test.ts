import { describe, expect, it } from "vitest";
import { Provider } from "./provider.ts";
import { replay } from "./replay.ts";
import { UNKNOWN, type ValueMap } from "./values.ts";

const URN = "urn:pulumi:t::t::docker:index/container:Container::c";
const SECRET_ENVELOPE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "rahasia" };

function check(news: ValueMap, urn = URN, olds: ValueMap = {}) {
  return new Provider({}, () => undefined).check({ urn, olds, news, randomSeed: new Uint8Array([1, 2, 3]) });
}

/** Every mistake a program can make, with the property that is named and what is said of it. */
const MISTAKES: readonly [string, ValueMap, string, RegExp][] = [
  ["no image", {}, "image", /expected a value, received none/],
  ["an unknown property", { image: "i", colour: "red" }, "colour", /is no property of this resource/],
  ["a plural that is singular", { image: "i", env: ["A=1"] }, "env", /did you mean envs\?/],
  [
    "a property that only the official plugin has",
    { image: "i", gpus: "all" },
    "gpus",
    /not supported.*official plugin/,
  ],
  [
    "an unknown field",
    { image: "i", volumes: [{ containerPath: "/a", volumeName: "v", mode: "z" }] },
    "volumes[0].mode",
    /Supported here/,
  ],
  ["a wrong type", { image: "i", memory: "64m" }, "memory", /expected a whole number, received a text/],
  ["a fraction", { image: "i", memory: 64.5 }, "memory", /expected a whole number/],
  ["too little memory", { image: "i", memory: 2 }, "memory", /at least 6 MiB, received 2/],
  ["less swap than memory", { image: "i", memory: 64, memorySwap: 32 }, "memorySwap", /at least the memory of 64 MiB/],
  ["attach", { image: "i", attach: true }, "attach", /expected false/],
  ["a restart policy that is none", { image: "i", restart: "sometimes" }, "restart", /one of no, on-failure/],
  [
    "a duration that is none",
    { image: "i", healthcheck: { tests: ["CMD", "x"], interval: "5 s" } },
    "healthcheck",
    /interval: expected a duration/,
  ],
  [
    "a health check without CMD",
    { image: "i", healthcheck: { tests: ["curl"] } },
    "healthcheck",
    /NONE, CMD or CMD-SHELL/,
  ],
  [
    "an address that is none",
    { image: "i", networksAdvanced: [{ name: "n", ipv4Address: "10.0.0" }] },
    "networksAdvanced",
    /IPv4 address/,
  ],
  ["a port beyond 65535", { image: "i", ports: [{ internal: 80, external: 70_000 }] }, "ports", /1 to 65535/],
  [
    "a port twice",
    {
      image: "i",
      ports: [
        { internal: 80, external: 1 },
        { internal: 81, external: 1 },
      ],
    },
    "ports",
    /published twice/,
  ],
  [
    "an upload from a file",
    { image: "i", uploads: [{ file: "/a", source: "b" }] },
    "uploads",
    /content or contentBase64/,
  ],
  [
    "an upload of two contents",
    { image: "i", uploads: [{ file: "/a", content: "b", contentBase64: "Yg==" }] },
    "uploads",
    /received both/,
  ],
  ["an upload with ..", { image: "i", uploads: [{ file: "/a/../b", content: "" }] }, "uploads", /without "\.\."/],
  [
    "an upload on a tmpfs",
    { image: "i", tmpfs: { "/run": "" }, uploads: [{ file: "/run/x", content: "" }] },
    "uploads",
    /on the tmpfs \/run/,
  ],
  [
    "an upload into a read-only root",
    { image: "i", readOnly: true, uploads: [{ file: "/x", content: "" }] },
    "uploads",
    /root is read-only/,
  ],
  [
    "wrong permissions",
    { image: "i", uploads: [{ file: "/x", content: "", permissions: "rw" }] },
    "uploads",
    /octal digits/,
  ],
  [
    "a volume without a source",
    { image: "i", volumes: [{ containerPath: "/x" }] },
    "volumes",
    /either volumeName or hostPath/,
  ],
  [
    "networks with host mode",
    { image: "i", networkMode: "host", networksAdvanced: [{ name: "n" }] },
    "networksAdvanced",
    /expected none/,
  ],
  ["rm with restart", { image: "i", rm: true, restart: "always" }, "rm", /expected false/],
];

describe("check of a container", () => {
  it.each(MISTAKES)("refuses %s", (_title, news, property, reason) => {
    const found = check(news).failures.find((failure) => failure.property === property);
    expect(found?.reason).toMatch(reason);
  });

  it("reports all mistakes at once", () => {
    const { failures } = check({ gpus: "all", memory: 2, restart: "sometimes" });
    expect(failures.map((failure) => failure.property).sort()).toEqual(["gpus", "image", "memory", "restart"]);
  });

  it("never repeats a value that may be secret", () => {
    const { failures } = check({
      image: "i",
      envs: "PASSWORD=rahasia",
      uploads: [{ file: "x", content: "rahasia" }],
      rahasia: "rahasia2",
    });
    expect(failures.length).toBeGreaterThan(2);
    expect(failures.map((failure) => failure.reason).join()).not.toContain("rahasia");
  });

  it("takes unknown values as they are", () => {
    const { inputs, failures } = check({
      image: UNKNOWN,
      memory: UNKNOWN,
      ports: UNKNOWN,
      networksAdvanced: [{ name: UNKNOWN, ipv4Address: UNKNOWN }],
      uploads: [{ file: "/x", content: UNKNOWN }],
    });
    expect(failures).toEqual([]);
    expect(inputs.memory).toBe(UNKNOWN);
  });

  it("gives secrets back as secrets", () => {
    const { inputs, failures } = check({
      image: "i",
      envs: ["A=1"],
      uploads: [{ file: "/x", content: SECRET_ENVELOPE }],
    });
    expect(failures).toEqual([]);
    expect(inputs.uploads).toMatchObject({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
    expect(inputs.envs).toEqual(["A=1"]);
  });

  it("accepts an upload below a volume of a read-only root", () => {
    const news = {
      image: "i",
      readOnly: true,
      volumes: [{ volumeName: "v", containerPath: "/data" }],
      uploads: [{ file: "/data/x", content: "" }],
    };
    expect(check(news).failures).toEqual([]);
  });
});

describe("names", () => {
  const VOLUME = "urn:pulumi:t::t::docker:index/volume:Volume::data";

  it("makes one up, the same for the same seed", () => {
    const { inputs } = check({}, VOLUME);
    expect(inputs.name).toMatch(/^data-[0-9a-f]{7}$/);
    expect(inputs.__defaults).toContain("name");
    expect(check({}, VOLUME).inputs.name).toBe(inputs.name);
  });

  it("keeps one that was made up before", () => {
    expect(check({}, VOLUME, { __defaults: ["name"], name: "data-0000000" }).inputs.name).toBe("data-0000000");
  });

  it("does not take over a name that was chosen before", () => {
    expect(check({}, VOLUME, { __defaults: [], name: "chosen" }).inputs.name).toMatch(/^data-/);
  });

  it.each([
    ["propose", "proposed-name"],
    ["enforce", "enforced-name"],
  ] as const)("follows autonaming %s", (mode, proposed) => {
    const provider = new Provider({}, () => undefined);
    const { inputs } = provider.check({
      urn: VOLUME,
      olds: {},
      news: {},
      randomSeed: new Uint8Array(),
      autonaming: { mode, proposed },
    });
    expect(inputs.name).toBe(proposed);
  });

  it("refuses to make one up where that is switched off", () => {
    const provider = new Provider({}, () => undefined);
    const { failures } = provider.check({
      urn: VOLUME,
      olds: {},
      news: {},
      randomSeed: new Uint8Array(),
      autonaming: { mode: "disable", proposed: "" },
    });
    expect(failures).toEqual([{ property: "name", reason: expect.stringMatching(/switched off/) }]);
  });
});

describe("provider configuration", () => {
  const provider = new Provider({}, () => undefined);
  it.each<[string, ValueMap, RegExp | undefined]>([
    ["nothing", { version: "5.2.0" }, undefined],
    ["a socket", { host: "unix:///run/docker.sock" }, undefined],
    ["an unknown host", { host: UNKNOWN }, undefined],
    ["ssh", { host: "ssh://operator@dc.example" }, /ssh -N -L .* operator@dc\.example/],
    ["a bare path", { host: "/run/docker.sock" }, /expected unix:\/\/\/path/],
    ["registry settings", { registryAuth: "[]" }, /not supported/],
  ])("%s", (_title, news, expected) => {
    const said = provider
      .checkConfig(news)
      .map((failure) => failure.reason)
      .join();
    if (expected) expect(said).toMatch(expected);
    else expect(said).toBe("");
  });

  it("names the settings that changed", () => {
    expect(
      provider.diffConfig({ host: "unix:///a", version: "5.2.0" }, { host: "unix:///b", version: "5.2.0" }),
    ).toEqual(["host"]);
  });
});

describe("over the wire", () => {
  it("names no property in the protocol's own field, for the engine would print its value", async () => {
    const request = { urn: URN, olds: {}, news: { image: "i", uploads: [{ file: "relative", content: "rahasia" }] } };
    const answer = await replay("Check", request);
    expect(answer.failures).toEqual([
      { property: "", reason: expect.stringMatching(/^uploads\[0\]\.file: expected a path/) },
    ]);
  });
});
