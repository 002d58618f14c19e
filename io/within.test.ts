import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { within } from "./within.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Takes connections and says nothing. */
const silent = createServer();
beforeAll(async () => {
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
});
afterAll(() => void silent.close());

const ask = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const { port } = silent.address() as AddressInfo;
    request({ host: "127.0.0.1", port, agent: false, signal }).on("error", reject).end();
  });

test("a question that nobody answers ends in time, however much garbage is collected meanwhile", async () => {
  const collecting = setInterval(collect, 5);
  try {
    const asked = Array.from({ length: 20 }, () => within(200, new AbortController().signal, ask));
    const ended = await Promise.allSettled(asked);
    for (const one of ended)
      expect(one).toMatchObject({
        status: "rejected",
        reason: { name: "AbortError", cause: { name: "TimeoutError" } },
      });
  } finally {
    clearInterval(collecting);
  }
}, 5_000);

test("the caller ends it at any time, with the caller's reason, and before it begins", async () => {
  const ending = new AbortController();
  const asked = within(60_000, ending.signal, ask);
  ending.abort(new Error("enough"));
  await expect(asked).rejects.toMatchObject({ cause: { message: "enough" } });
  await expect(within(60_000, ending.signal, async () => "done")).rejects.toThrow("enough");
});

test("work that ends in time is what it came to", async () => {
  await expect(within(60_000, undefined, async () => 7)).resolves.toBe(7);
});
