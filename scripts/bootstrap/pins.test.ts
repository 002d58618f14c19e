import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./context.mjs";
import { digestOfInputs, readPins, shortDigest } from "./pins.mjs";

it("are those of package.json and of the Go modules", async () => {
  const pins = await readPins(ROOT);
  const { dependencies, devDependencies, engines } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  expect(dependencies["@pulumi/pulumi"]).toBe(pins.pulumi);
  expect(devDependencies.pulumi).toBe(pins.pulumi);
  expect(dependencies["@pulumi/docker"]).toBe(pins.dockerPlugin);
  expect(engines.node).toBe(`>=${pins.node.replace(/\.0$/, "")}`);
  const module = (name: string) => readFile(join(ROOT, "toolchain", name, "go.mod"), "utf8");
  expect(await module("pulumi")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${pins.pulumi} `);
  expect(await module("pulumi-language-nodejs")).toContain(`github.com/pulumi/pulumi/sdk/v3 v${pins.languageHost} `);
});

it("a digest changes when a byte moves from one input to the next", () => {
  expect(shortDigest(["ab", "c"])).not.toBe(shortDigest(["a", "bc"]));
});

it("a digest of files changes with their names and contents", async () => {
  const both = await digestOfInputs(ROOT, ["toolchain/pulumi/go.mod", "toolchain/pulumi/go.sum"]);
  expect(both).toMatch(/^[0-9a-f]{16}$/);
  expect(await digestOfInputs(ROOT, ["toolchain/pulumi/go.sum", "toolchain/pulumi/go.mod"])).not.toBe(both);
});
