import { expect, test } from "vitest";
import type { Model } from "../model/types.ts";
import { type Machine, preflightProblems } from "./preflight.ts";

const GIB = 1024 ** 3;
const model = {
  backbone: { name: "lab-backbone", subnet: "10.90.0.0/24" },
  sites: [
    {
      stack: "lab-dc",
      runtime: { kind: "docker" },
      network: { name: "lab-dc", subnet: "10.91.0.0/24" },
      workloads: [
        { name: "dns", kind: "dns", memoryBytes: GIB },
        { name: "gateway", kind: "gateway", memoryBytes: GIB },
      ],
    },
  ],
} as unknown as Model;

const roomy: Machine = {
  freeDiskBytes: 100 * GIB,
  availableMemoryBytes: 100 * GIB,
  running: new Set(),
  foreignNetworks: [{ name: "docker: bridge", subnet: "172.17.0.0/16" }],
  refusedBindings: [],
};

const found = (change: Partial<Machine>) => preflightProblems(model, { ...roomy, ...change }).map(({ what }) => what);

test("a roomy machine has no problems", () => {
  expect(found({})).toEqual([]);
});

test.each<[string, Partial<Machine>, string]>([
  ["too little disk", { freeDiskBytes: GIB }, "disk"],
  ["too little memory", { availableMemoryBytes: GIB }, "memory"],
  ["a network that overlaps", { foreignNetworks: [{ name: "eth0", subnet: "10.91.0.128/25" }] }, "lab-dc"],
  [
    "a port that is taken",
    { refusedBindings: [{ address: "127.0.10.1", port: 443, protocol: "tcp", reason: "EADDRINUSE" }] },
    "127.0.10.1:443/tcp",
  ],
])("%s is named", (_, change, what) => {
  expect(found(change)).toEqual([what]);
});

test("what runs already needs no more memory", () => {
  expect(found({ availableMemoryBytes: GIB, running: new Set(["lab-dc-dns"]) })).toEqual([]);
});

test("what cannot be asked (another machine's engine) is not guessed", () => {
  expect(found({ freeDiskBytes: undefined, availableMemoryBytes: undefined })).toEqual([]);
});

test("all problems come at once, each with a hint in both languages", () => {
  const problems = preflightProblems(model, { ...roomy, freeDiskBytes: 0, availableMemoryBytes: 0 });
  expect(problems.map(({ what }) => what)).toEqual(["disk", "memory"]);
  for (const { text, hint } of problems) for (const { id, en } of [text, hint]) expect([id, en]).not.toContain("");
});
