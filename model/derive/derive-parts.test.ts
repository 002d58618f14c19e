import { describe, expect, it } from "vitest";
import { distanceKm } from "./distance.ts";
import { databaseRole, isWithin } from "./names.ts";
import { opdPools, opdSubnetText } from "./pools.ts";
import { mailboxName, quoted, zoneOf } from "./zones.ts";

describe("distanceKm", () => {
  it("agrees with the distances of regions.md", () => {
    const langsa = { latitude: 4.47, longitude: 97.97 };
    expect(Math.round(distanceKm(langsa, { latitude: 1.13, longitude: 104.05 }))).toBe(771);
    expect(Math.round(distanceKm(langsa, { latitude: 3.59, longitude: 98.67 }))).toBe(125);
    expect(distanceKm(langsa, langsa)).toBe(0);
  });
});

describe("names", () => {
  it("takes a name for inside only at a label's edge", () => {
    expect(isWithin("a.lab.go.id", "lab.go.id")).toBe(true);
    expect(isWithin("lab.go.id", "lab.go.id")).toBe(true);
    expect(isWithin("evillab.go.id", "lab.go.id")).toBe(false);
  });

  it("makes a role that needs no quotes", () => expect(databaseRole("e-office")).toBe("e_office"));
});

describe("zones", () => {
  it("finds the longest zone", () => {
    const zones = new Set(["lab.go.id", "sub.lab.go.id"]);
    expect(zoneOf("a.sub.lab.go.id", zones)).toBe("sub.lab.go.id");
    expect(zoneOf("asub.lab.go.id", zones)).toBe("lab.go.id");
    expect(zoneOf("lab.com", zones)).toBeUndefined();
  });

  it("quotes character strings of at most 255 octets", () => {
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(quoted("x".repeat(300))).toBe(`"${"x".repeat(255)}" "${"x".repeat(45)}"`);
  });

  it("escapes the dots of a mailbox", () => expect(mailboxName("kepala.dns@lab.go.id")).toBe("kepala\\.dns.lab.go.id"));
});

describe("pools", () => {
  const pool = (id: string, subnet: string, firstNumber: number) => ({
    id,
    family: "ipv4" as const,
    purpose: "opd" as const,
    subnet,
    opdPrefix: 24,
    firstNumber,
  });

  it("serves numbers by declared ranges, whatever the order", () => {
    const declared = [pool("baru", "10.2.0.0/16", 256), pool("lama", "10.1.0.0/16", 0)];
    for (const pools of [opdPools(declared, "ipv4"), opdPools([...declared].reverse(), "ipv4")]) {
      expect(opdSubnetText(pools, 0)).toBe("10.1.0.0/24");
      expect(opdSubnetText(pools, 255)).toBe("10.1.255.0/24");
      expect(opdSubnetText(pools, 256)).toBe("10.2.0.0/24");
      expect(opdSubnetText(pools, 512)).toBeUndefined();
    }
  });
});
