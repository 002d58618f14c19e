import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tooLarge } from "./app.ts";
import { type Leaf, type TestAuthority, testAuthority } from "./certificates.ts";
import { CONFIG } from "./fixture.ts";
import type { AppRequest } from "./http.ts";
import { clientAddress, MAX_BODY_BYTES, makeServer, readBody, renewTls } from "./server.ts";

const SELF = CONFIG.tls.name;
const GATEWAY = "gateway.dc.lab.internal";

let authority: TestAuthority;
let leaves: Readonly<Record<"self" | "gateway" | "stranger", Leaf>>;
let server: ReturnType<typeof makeServer>;
const seen: AppRequest[] = [];
const refused: string[] = [];

beforeAll(async () => {
  authority = await testAuthority();
  leaves = {
    self: await authority.issue(SELF),
    gateway: await authority.issue(GATEWAY),
    stranger: await authority.issue("web.dc.lab.internal"),
  };
  server = makeServer(
    { ...leaves.self, ca: authority.root },
    {
      callers: () => ({ clients: [GATEWAY], monitors: [SELF] }),
      handle: async (got) => {
        seen.push(got);
        return { status: 200, headers: { "content-type": "text/plain" }, body: "isi", route: "test" };
      },
      tooLarge: (url) => tooLarge(CONFIG, url),
      health: async () => ({ ok: false, detail: "database is read-only" }),
      onRequest: () => undefined,
      onRefused: (reason) => refused.push(reason),
      onBug: (error) => {
        throw error;
      },
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(
  path: string,
  leaf: Leaf | undefined,
  more: { body?: string; ca?: string; session?: Buffer; onSession?: (session: Buffer) => void } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
        path,
        method: more.body === undefined ? "GET" : "POST",
        headers: { "x-forwarded-for": "198.51.100.9, 203.0.113.7", host: "pengaduan.lumbungkab.go.id" },
        servername: SELF,
        ca: more.ca ?? authority.root,
        ...leaf,
        ...(more.session ? { session: more.session } : {}),
        agent: false,
      },
      (response) => {
        let body = "";
        response.on("data", (part) => {
          body += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    asked.on("socket", (socket) => socket.on("session", (session: Buffer) => more.onSession?.(session)));
    asked.on("error", reject);
    asked.end(more.body);
  });
}

describe("the server", () => {
  it("answers the gateway, and hears from it who the client is", async () => {
    expect(await ask("/laporan/?a=b", leaves.gateway)).toEqual({ status: 200, body: "isi" });
    expect(seen.at(-1)).toMatchObject({
      method: "GET",
      url: "/laporan/?a=b",
      host: "pengaduan.lumbungkab.go.id",
      client: "203.0.113.7",
    });
  });

  it("refuses another workload of the region, though its certificate is genuine", async () => {
    expect((await ask("/", leaves.stranger)).status).toBe(403);
    expect((await ask("/health", leaves.stranger)).status).toBe(403);
    expect(refused.at(-1)).toContain("web.dc.lab.internal");
  });

  it("still knows who asks when a TLS session is resumed", async () => {
    let session: Buffer | undefined;
    await ask("/", leaves.stranger, { onSession: (given) => (session = given) });
    expect(session).toBeDefined();
    expect((await ask("/", leaves.stranger, session ? { session } : {})).status).toBe(403);
    await ask("/", leaves.gateway, { onSession: (given) => (session = given) });
    expect((await ask("/", leaves.gateway, session ? { session } : {})).status).toBe(200);
  });

  it("refuses who has no certificate, or one of another authority", async () => {
    await expect(ask("/", undefined)).rejects.toThrow();
    const elsewhere = await testAuthority();
    await expect(ask("/", await elsewhere.issue(GATEWAY))).rejects.toThrow();
  });

  it("lets its own health command ask for health, and for nothing else", async () => {
    expect(await ask("/health", leaves.self)).toEqual({ status: 503, body: "database is read-only\n" });
    expect((await ask("/", leaves.self)).status).toBe(403);
  });

  it("has the gateway send people here also without a database", async () => {
    expect(await ask("/health", leaves.gateway)).toEqual({ status: 200, body: "serving\n" });
  });

  it("reads no body over the limit", async () => {
    const count = seen.length;
    expect((await ask("/", leaves.gateway, { body: "x".repeat(MAX_BODY_BYTES + 1) })).status).toBe(413);
    expect(seen).toHaveLength(count);
    expect((await ask("/", leaves.gateway, { body: "x".repeat(MAX_BODY_BYTES) })).status).toBe(200);
  });

  it("shows renewed certificates without being started again", async () => {
    const renewed = await testAuthority();
    const [self, gateway] = [await renewed.issue(SELF), await renewed.issue(GATEWAY)];
    renewTls(server, { ...self, ca: renewed.root });
    expect((await ask("/", gateway, { ca: renewed.root })).status).toBe(200);
    await expect(ask("/", leaves.gateway)).rejects.toThrow();
    expect(() => renewTls(server, { cert: self.cert, key: gateway.key, ca: renewed.root })).toThrow();
    renewTls(server, { ...leaves.self, ca: authority.root });
  });
});

describe("readBody", () => {
  it("joins characters that were cut between packets", async () => {
    const bytes = Buffer.from("padi 🌾");
    expect(await readBody(Readable.from([bytes.subarray(0, 6), bytes.subarray(6)]))).toBe("padi 🌾");
  });
});

describe("clientAddress", () => {
  it("believes the last hop only", () => {
    expect(clientAddress("1.1.1.1, 203.0.113.7", "10.0.0.1")).toBe("203.0.113.7");
    expect(clientAddress(undefined, "10.0.0.1")).toBe("10.0.0.1");
  });
});
