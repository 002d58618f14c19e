import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { atLowestPriority, must, start, wordsAt } from "./process.ts";

const NICENESS = [process.execPath, "-e", "process.stdout.write(String(os.getPriority()))"];

test("the lowest priority is words before the program's own", () => {
  expect(wordsAt(["restic", "snapshots"], undefined)).toEqual(["restic", "snapshots"]);
  expect(wordsAt(["restic", "snapshots"], "lowest")).toEqual([
    ...["nice", "-n", "19", "ionice", "-c", "3"],
    ...["restic", "snapshots"],
  ]);
});

test("every program that is started within has it, whatever was awaited before, and none besides", async () => {
  const before = getPriority();
  const within = atLowestPriority(async () => {
    await must(["true"]);
    return (await must(NICENESS)).stdout;
  });
  const [low, beside] = await Promise.all([within, must(NICENESS)]);
  expect([low, beside.stdout, getPriority()]).toEqual(["19", String(before), before]);
});

test("a signal that ends it reaches the program itself", async () => {
  const child = await atLowestPriority(async () =>
    start([
      process.execPath,
      "-e",
      "process.on('SIGINT', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000)",
    ]),
  );
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(7);
});
