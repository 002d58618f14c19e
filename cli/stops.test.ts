import { expect, test, vi } from "vitest";
import type { Model, SiteModel } from "../model/types.ts";
import { beforeStop } from "./before-stop.ts";
import { replacedContainer } from "./deploy.ts";
import { expectedStop, STOPS, stopText } from "./stops.ts";

const site = {
  id: "dc",
  workloads: [
    { name: "etcd", kind: "etcd" },
    { name: "postgres-utama", kind: "postgresql" },
    { name: "gateway", kind: "gateway" },
  ],
} as unknown as SiteModel;
const model = { region: { id: "lab" }, sites: [site] } as unknown as Model;
const go = new AbortController().signal;

test("the longest stop of what is replaced counts", () => {
  expect(expectedStop(["gateway", "postgresql"])).toEqual(STOPS.postgresql);
  expect(expectedStop([])).toEqual({ writesSeconds: 0, requestsSeconds: 0 });
});

test("a change that replaces something says so before, one that does not says nothing", () => {
  expect(stopText(model, site, ["gateway"])?.en).toBe(
    `lab-dc: replaced: gateway; where this site is active, writes stop for at most ${STOPS.gateway.writesSeconds} s, requests for at most ${STOPS.gateway.requestsSeconds} s`,
  );
  expect(stopText(model, site, [])).toBeUndefined();
});

const urn = (type: string, name: string) => `urn:pulumi:lab-dc::lumbung::lumbung:docker:Site$${type}::${name}`;
const CONTAINER = "docker:index/container:Container";
test.each([
  ["replace", CONTAINER, "gateway", "gateway"],
  ["create-replacement", CONTAINER, "gateway", "gateway"],
  ["update", CONTAINER, "gateway", undefined],
  ["create", CONTAINER, "gateway", undefined],
  ["replace", CONTAINER, "config", undefined],
  ["replace", "docker:index/volume:Volume", "gateway", undefined],
])("%s of a %s called %s", (op, type, name, replaced) => {
  expect(replacedContainer({ op, type, urn: urn(type, name) })).toBe(replaced);
});

test("only databases that are replaced write out what they hold before", async () => {
  const exec = vi.fn(async () => ({ code: 0, stdout: "", stderr: "" }));
  expect(await beforeStop(model, site, ["gateway", "etcd"], { exec }, go)).toEqual([]);
  expect(exec).not.toHaveBeenCalled();
  expect(await beforeStop(model, site, ["gateway", "postgres-utama"], { exec }, go)).toEqual([]);
  expect(exec.mock.calls).toEqual([
    ["lab-dc-postgres-utama", expect.arrayContaining(["psql", "checkpoint"]), expect.anything()],
  ]);
});

test("one that does not answer is told, and holds nothing up", async () => {
  const refusing = { exec: async () => ({ code: 2, stdout: "", stderr: "no server\n" }) };
  const gone = { exec: () => Promise.reject(new Error("is not running")) };
  const failures = [
    await beforeStop(model, site, ["postgres-utama"], refusing, go),
    await beforeStop(model, site, ["postgres-utama"], gone, go),
  ];
  expect(failures.map(([line]) => line?.replace(/: psql .*: /, ": "))).toEqual([
    "lab-dc-postgres-utama: no server",
    "lab-dc-postgres-utama: is not running",
  ]);
});
