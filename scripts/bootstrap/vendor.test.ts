import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT } from "./context.mjs";
import { digestOfFile } from "./manifest.mjs";
import { digestInList, handedOver, isReachable, vendorHost, vendorNames } from "./vendor.mjs";

const open: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(answer?: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
    if (answer) socket.once("data", () => socket.end(answer));
  });
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("isReachable", () => {
  it("where something listens", async () => {
    expect(await isReachable(new URL(`https://127.0.0.1:${await listen()}`), {})).toBe(true);
  });
  it("not where nothing listens", async () => {
    expect(await isReachable(new URL("https://127.0.0.1:1"), {})).toBe(false);
  });
  it("not where a name is unknown, and it does not take long to say so", async () => {
    const began = Date.now();
    expect(await isReachable(new URL("https://vendor.invalid"), {}, 1500)).toBe(false);
    expect(Date.now() - began).toBeLessThan(3000);
  });
  it("through the proxy of the environment, if that lets us", async () => {
    const host = new URL("https://vendor.invalid");
    const yes = await listen("HTTP/1.1 200 Connection established\r\n\r\n");
    const no = await listen("HTTP/1.1 403 Forbidden\r\n\r\n");
    expect(await isReachable(host, { HTTPS_PROXY: `http://127.0.0.1:${yes}` })).toBe(true);
    expect(await isReachable(host, { https_proxy: `http://127.0.0.1:${no}` })).toBe(false);
  });
  it("gives up on a proxy that never answers", async () => {
    const silent = await listen();
    expect(
      await isReachable(new URL("https://vendor.invalid"), { HTTPS_PROXY: `http://127.0.0.1:${silent}` }, 200),
    ).toBe(false);
  });
});

describe("what the operator hands over", () => {
  it("is found by the vendor's own file names", () => {
    expect(vendorNames("linux", "x64")).toEqual({ cli: "linux-x64", plugin: "linux-amd64" });
    expect(vendorNames("darwin", "arm64")).toEqual({ cli: "darwin-arm64", plugin: "darwin-arm64" });
  });
  it("is checked against the list of digests beside it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lumbung-tarballs-"));
    try {
      await writeFile(join(folder, "a.tar.gz"), "content");
      expect(await handedOver(folder, "a.tar.gz")).toMatchObject({ checked: false });
      await writeFile(join(folder, "SHA256SUMS"), `${await digestOfFile(join(folder, "a.tar.gz"))} *a.tar.gz\n`);
      expect(await handedOver(folder, "a.tar.gz")).toMatchObject({ checked: true });
      await writeFile(join(folder, "a.tar.gz"), "conten");
      expect(await handedOver(folder, "a.tar.gz")).toMatchObject({ fault: expect.stringContaining("expected sha256") });
      expect(await handedOver(folder, "b.tar.gz")).toBeUndefined();
      expect(await handedOver(join(folder, "none"), "a.tar.gz")).toMatchObject({
        fault: expect.stringContaining("expected a folder"),
      });
      expect(await handedOver(undefined, "a.tar.gz")).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  it("reads a list as sha256sum writes it", () => {
    const digest = "a".repeat(64);
    expect(digestInList(`${digest}  x.tar.gz\n`, "x.tar.gz")).toBe(digest);
    expect(digestInList(`${digest}  x.tar.gz\n`, "tar.gz")).toBeUndefined();
  });
});

it("finds the vendor's host in the official launcher", async () => {
  expect((await vendorHost(ROOT)).protocol).toBe("https:");
});
