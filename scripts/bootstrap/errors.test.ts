import { describe, expect, it } from "vitest";
import { blamesNetwork, EXIT, exitCodeOf, Stop } from "./errors.mjs";

describe("exit codes", () => {
  it("are those of design.md, section 6", () => {
    expect(EXIT).toMatchObject({ done: 0, no: 1, wrongUse: 2, unreachable: 3, refused: 4, bug: 70 });
  });
  it("a stop carries its own; anything else is a bug", () => {
    expect(exitCodeOf(new Stop(EXIT.unreachable, "x"))).toBe(3);
    expect(exitCodeOf(new TypeError("x"))).toBe(70);
    expect(exitCodeOf("x")).toBe(70);
  });
});

describe("blamesNetwork", () => {
  it.each([
    "dial tcp: lookup host.example on 10.0.0.1:53: no such host",
    "npm error code ENOTFOUND",
    "npm error network request to https://x failed, reason: connect ECONNREFUSED 127.0.0.1:1",
    "E: Failed to fetch http://mirror/x.deb  Temporary failure resolving 'mirror'",
    "NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection')",
    "read tcp 10.0.0.2:4->10.0.0.1:443: read: connection reset by peer",
    "unexpected EOF",
  ])("%s", (output) => expect(blamesNetwork(output)).toBe(true));
  it.each(["undefined: foo", "SECURITY ERROR checksum mismatch", "no space left on device", ""])("not: %s", (output) =>
    expect(blamesNetwork(output)).toBe(false),
  );
});
