import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { startTicking } from "./ticker.ts";

it("ticks until it is stopped, and goes on after a tick that failed", async () => {
  let ticks = 0;
  const warnings: string[] = [];
  const tick = async () => {
    ticks += 1;
    throw new Error(`tick ${ticks}`);
  };
  const ticking = startTicking(tick, (message) => void warnings.push(message), "* * * * * *");
  await pause(2500);
  ticking.stop();
  const until = ticks;
  expect(until).toBeGreaterThanOrEqual(2);
  expect(warnings[0]).toBe("tick: tick 1");
  await pause(1500);
  expect(ticks).toBe(until);
});
