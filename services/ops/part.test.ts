import pino from "pino";
import { expect, test } from "vitest";
import { part } from "./part.ts";

function stand(start: () => Promise<void> = async () => {}) {
  const done: string[] = [];
  let wanted = true;
  const one = part({
    ...{ failing: "it does not run", log: pino({ level: "silent" }), wanted: () => wanted },
    start: async () => {
      await start();
      done.push("started");
      return { close: async () => done.push("closed") };
    },
    reload: () => done.push("reloaded"),
  });
  return {
    one,
    done,
    want: (now: boolean) => {
      wanted = now;
    },
  };
}

test("it is begun once, told of changes, ended when it is no longer wanted, and begun anew", async () => {
  const { one, done, want } = stand();
  await one.arrange();
  await one.arrange();
  want(false);
  await one.arrange();
  expect(one.running()).toBeUndefined();
  await one.arrange();
  want(true);
  await one.arrange();
  await one.close();
  expect(done).toEqual(["started", "reloaded", "closed", "started", "closed"]);
});

test("one that cannot be begun says why, takes nothing else away, and is tried again when it is arranged again", async () => {
  let broken = true;
  const { one, want } = stand(async () => {
    if (broken) throw new Error("no volume");
  });
  await one.arrange();
  expect([one.fault(), one.running()]).toEqual(["it does not run: no volume", undefined]);
  want(false);
  await one.arrange();
  expect(one.fault()).toBeUndefined();
  [broken] = [false];
  want(true);
  await one.arrange();
  expect([one.fault(), one.running() === undefined]).toEqual([undefined, false]);
});
