import { describe, expect, it } from "vitest";
import { Passwords } from "./passwords.ts";

/** A server with one password, which a test changes under our feet. */
function bench(all: readonly string[], first: string) {
  const server = { password: first, tries: 0, away: false };
  const passwords = new Passwords(all, async (password) => {
    server.tries += 1;
    if (server.away) throw new Error("connection refused");
    return password === server.password;
  });
  return { server, passwords };
}

describe("Passwords", () => {
  it("begins with the newest", () => {
    expect(bench(["new", "old"], "old").passwords.current).toBe("new");
  });

  it("falls back to the one before, and returns to the new one when the server has it", async () => {
    const { server, passwords } = bench(["new", "old"], "old");
    await passwords.choose();
    expect(passwords.current).toBe("old");
    server.password = "new";
    await passwords.choose();
    expect(passwords.current).toBe("new");
  });

  it("keeps what it has where the server takes none, or does not answer", async () => {
    const { server, passwords } = bench(["new", "old"], "old");
    await passwords.choose();
    server.password = "another";
    await passwords.choose();
    expect(passwords.current).toBe("old");
    server.away = true;
    await expect(passwords.choose()).rejects.toThrow("connection refused");
    server.away = false;
    server.password = "new";
    await passwords.choose();
    expect(passwords.current).toBe("new");
  });

  it("tries once however many ask at the same time", async () => {
    const { server, passwords } = bench(["new", "old"], "old");
    await Promise.all([passwords.choose(), passwords.choose(), passwords.choose()]);
    expect(server.tries).toBe(2);
  });

  it("has no second one where there is none", () => {
    expect([bench(["only"], "x").passwords.several, bench(["a", "b"], "x").passwords.several]).toEqual([false, true]);
  });
});
