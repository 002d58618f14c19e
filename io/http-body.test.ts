import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bodyOf } from "./http-body.ts";

const server = createServer((_, response) => response.end("0123456789"));
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const answer = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ host: "127.0.0.1", port, agent: false }, resolve).on("error", reject);
  });

it("is read whole up to its bound, and not beyond", async () => {
  expect((await bodyOf(await answer(), 10, "answer")).toString()).toBe("0123456789");
  await expect(bodyOf(await answer(), 9, "answer")).rejects.toThrow("answer is larger than 9 bytes");
});
