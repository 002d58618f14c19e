import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise, REFERENCE, readReference, referenceFrom, requestKey } from "./complaint.ts";
import { ConfigError, parseConfig } from "./config.ts";
import { csrfKey, issueToken, sessionOf, verifyToken } from "./csrf.ts";
import { CONFIG } from "./fixture.ts";
import { addressGroup, RateLimiter } from "./limit.ts";
import { localTime } from "./pages.ts";
import { MIGRATIONS, migrate, type Queryable, SCHEMA_VERSION } from "./schema.ts";
import { StoreUnavailable } from "./store.ts";

describe("parseConfig", () => {
  it("takes what we write", () => {
    expect(parseConfig(JSON.stringify(CONFIG))).toEqual(CONFIG);
  });

  it("names every mistake with its path", () => {
    const broken = {
      ...CONFIG,
      port: 0,
      timezone: "UTC",
      opds: [{ id: "x" }],
      database: { ...CONFIG.database, host: "" },
      tls: null,
    };
    const message = (() => {
      try {
        parseConfig(JSON.stringify(broken));
        return "";
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return (error as Error).message;
      }
    })();
    for (const path of [
      "port:",
      "timezone:",
      "opds[0].name:",
      "database.host:",
      "tls:",
      "tls.certFile:",
      "tls.clients:",
    ])
      expect(message).toContain(`${path} expected`);
  });

  it("says what is no JSON", () => {
    expect(() => parseConfig("{")).toThrow(/app\.json: expected JSON/);
  });
});

describe("references", () => {
  it("are read back from any way of typing them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const reference = referenceFrom(bytes);
        expect(reference).toMatch(REFERENCE);
        expect(readReference(reference)).toBe(reference);
        expect(readReference(` ${reference.slice(4).toLowerCase().replace("-", " ").replaceAll("1", "l")} `)).toBe(
          reference,
        );
      }),
    );
  });

  it("are not read from anything", () => {
    for (const typed of ["", "ADU", "ADU-1234-567", "ADU-1234-5678-9", "ADU-UUUU-0000", "'; DROP TABLE"])
      expect(readReference(typed)).toBeUndefined();
  });
});

describe("requestKey", () => {
  it("differs whenever any part does, wherever the border between parts is", () => {
    const draft = { opd: "ab", text: "c", name: "", contact: "" };
    const key = requestKey("t", draft);
    expect(requestKey("t", { ...draft })).toBe(key);
    for (const other of [
      { ...draft, opd: "a", text: "bc" },
      { ...draft, text: "", name: "c" },
      { ...draft, contact: "x" },
    ])
      expect(requestKey("t", other)).not.toBe(key);
    expect(requestKey("u", draft)).not.toBe(key);
  });
});

describe("normalise", () => {
  it("leaves nothing that PostgreSQL refuses, and is done at once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = normalise(text);
        expect(once).not.toMatch(/\p{Cs}|(?![\t\n])\p{Cc}/u);
        expect(normalise(once)).toBe(once);
      }),
    );
  });
});

describe("CSRF tokens", () => {
  const key = csrfKey("password");
  const session = "A".repeat(22);
  const token = issueToken(key, session, 1_000_000);

  it("hold for their session, key and time only", () => {
    expect(verifyToken(key, session, token, 1_000_000)).toBe(true);
    expect(verifyToken(key, "B".repeat(22), token, 1_000_000)).toBe(false);
    expect(verifyToken(csrfKey("other"), session, token, 1_000_000)).toBe(false);
    expect(verifyToken(key, undefined, token, 1_000_000)).toBe(false);
    expect(verifyToken(key, session, token, 1_000_000 + 13 * 3_600_000)).toBe(false);
    expect(verifyToken(key, session, issueToken(key, session, 9_000_000), 1_000_000)).toBe(false);
  });

  it("are not accepted with a changed time", () => {
    const [, signature] = token.split(".");
    expect(verifyToken(key, session, `zz.${signature}`, 1_000_000)).toBe(false);
    fc.assert(fc.property(fc.string(), (made) => !verifyToken(key, session, made, 1_000_000)));
  });

  it("are the same at both sites and after a restart", () => {
    expect(csrfKey("password")).toEqual(key);
  });

  it("come with a session from among other cookies", () => {
    expect(sessionOf(`a=b; __Host-pengaduan=${session}; c=d`)).toBe(session);
    for (const cookies of [undefined, "", "__Host-pengaduan=short", `x__Host-pengaduan=${session}`])
      expect(sessionOf(cookies)).toBeUndefined();
  });
});

describe("RateLimiter", () => {
  const rate = { burst: 2, perMinute: 60 };

  it("lets a burst through, then one for each refill", () => {
    const limiter = new RateLimiter();
    expect([limiter.take("a", rate, 0), limiter.take("a", rate, 0), limiter.take("a", rate, 0)]).toEqual([0, 0, 1]);
    expect(limiter.take("b", rate, 0)).toBe(0);
    expect(limiter.take("a", rate, 1000)).toBe(0);
    expect(limiter.take("a", rate, 1000)).toBe(1);
  });

  it("never lets through more than burst and refill allow", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 }), (gaps) => {
        const limiter = new RateLimiter();
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (limiter.take("a", rate, now) === 0) passed++;
        }
        return passed <= rate.burst + now / 1000 + 1e-6;
      }),
    );
  });

  it("counts a /64 as one, and keeps bounded memory", () => {
    expect(addressGroup("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(addressGroup("2001:db8::9")).toBe("2001:db8:0:0::/64");
    expect(addressGroup("::ffff:192.0.2.1")).toBe("::ffff:192.0.2.1");
    const limiter = new RateLimiter();
    for (let index = 0; index < 10_050; index++) limiter.take(`198.51.${index}.1`, rate, 0);
    expect(limiter.size).toBe(10_000);
  });
});

describe("localTime", () => {
  it.each([
    ["Asia/Jakarta", "2026-01-01 06:30 WIB"],
    ["Asia/Makassar", "2026-01-01 07:30 WITA"],
    ["Asia/Jayapura", "2026-01-01 08:30 WIT"],
  ] as const)("%s", (timezone, expected) => {
    expect(localTime(new Date("2025-12-31T23:30:00Z"), timezone)).toBe(expected);
  });
});

/** A server that remembers what it was told, as far as {@link migrate} asks. */
function fakeServer(options: { writable?: boolean; version?: number; failOn?: RegExp } = {}) {
  const said: string[] = [];
  let version = options.version ?? 0;
  const client: Queryable = {
    query: async (text, values) => {
      said.push(text.trim().split(/\s+/).slice(0, 3).join(" "));
      if (options.failOn?.test(text)) throw new Error("refused");
      if (text.includes("writable")) return { rows: [{ writable: options.writable ?? true }] };
      if (text.includes("max(version)")) return { rows: [{ version }] };
      if (text.startsWith("INSERT INTO schema_version")) version = Number(values?.[0]);
      return { rows: [] };
    },
  };
  return { client, said };
}

describe("migrate", () => {
  it("has steps in order, each once", () => {
    expect(MIGRATIONS.map((step) => step.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it("takes the lock before it looks, and commits", async () => {
    const { client, said } = fakeServer();
    expect(await migrate(client)).toBe(SCHEMA_VERSION);
    expect(said.indexOf("SELECT pg_advisory_xact_lock($1)")).toBe(2);
    expect(said.at(-1)).toBe("COMMIT");
  });

  it("does nothing on the newest version, or a newer one", async () => {
    for (const version of [SCHEMA_VERSION, SCHEMA_VERSION + 5]) {
      const { client, said } = fakeServer({ version });
      expect(await migrate(client)).toBe(version);
      expect(said.filter((text) => text.startsWith("CREATE TABLE complaint"))).toEqual([]);
    }
  });

  it("waits for a server that takes no writes", async () => {
    const { client, said } = fakeServer({ writable: false });
    await expect(migrate(client)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(said).toHaveLength(1);
  });

  it("rolls back what failed", async () => {
    const { client, said } = fakeServer({ failOn: /CREATE INDEX/ });
    await expect(migrate(client)).rejects.toThrow("refused");
    expect(said.at(-1)).toBe("ROLLBACK");
  });
});
