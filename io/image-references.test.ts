import { expect, test, vi } from "vitest";
import { ensureReferences, withReplacements } from "./image-references.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const names = new Map([
  ["postgres", "lumbung/postgres:1"],
  ["web", "lumbung/web:1"],
]);
const go = new AbortController().signal;

function engineWith(there: readonly string[], pull: () => Promise<void> = async () => {}) {
  return {
    describe: () => "the engine",
    pullImage: vi.fn(pull),
    inspectImage: async (name: string) =>
      there.includes(name) ? { Id: name, RepoTags: null, Created: "", Size: 0 } : undefined,
  };
}

test("what the inventory names takes the place of a folder's image, and of no other", () => {
  expect(Object.fromEntries(withReplacements(names, { web: digest("a") }))).toEqual({
    postgres: "lumbung/postgres:1",
    web: digest("a"),
  });
  expect(Object.fromEntries(withReplacements(names))).toEqual(Object.fromEntries(names));
});

test("a folder that does not exist is wrong use, and those that do are named", () => {
  expect(() => withReplacements(names, { postgress: digest("a") })).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(/postgress.*postgres, web/s) }),
  );
});

test("what is there is not fetched, what is not is fetched by its digest", async () => {
  const engine = engineWith([digest("a")]);
  await ensureReferences([digest("a"), `registry.example/web@${digest("b")}`], engine, go);
  expect(engine.pullImage.mock.calls.map((call) => (call as unknown[]).slice(0, 2))).toEqual([
    ["registry.example/web", digest("b")],
  ]);
});

test("every image that cannot be had is named, exit code 3", async () => {
  const engine = engineWith([], async () => {
    throw new Error("no route to host");
  });
  const failed = ensureReferences([digest("a"), `registry.example/web@${digest("b")}`], engine, go);
  await expect(failed).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/aaaa: an id alone[\s\S]*bbbb: no route to host/),
  });
});
