import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as addresses from "./addresses.ts";

const family = fc.constantFrom<addresses.Family>(4, 6);
const bitsOf = (of: addresses.Family): number => (of === 4 ? 32 : 128);

const subnet = family.chain((of) =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(of))) - 1n }), fc.integer({ min: 0, max: bitsOf(of) }))
    .map(([value, prefix]) => {
      const part = { family: of, prefix };
      return { ...part, base: value - (value % addresses.size(part)) };
    }),
);

describe("addresses", () => {
  it("writes and reads back every address", () => {
    const address = family.chain((of) =>
      fc.tuple(fc.constant(of), fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(of))) - 1n })),
    );
    fc.assert(
      fc.property(address, ([of, value]) => {
        expect(addresses.parseAddress(addresses.formatAddress(of, value))).toEqual({ family: of, value });
      }),
    );
  });

  it("reads what Node reads, and nothing else, as IPv6 without a zone or dotted tail", async () => {
    const { isIPv6 } = await import("node:net");
    const group = fc.stringMatching(/^[0-9a-f]{0,5}$/);
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 9 }), (groups) => {
        const text = groups.join(":");
        fc.pre(text.includes(":"));
        expect(addresses.parseAddress(text) !== undefined).toBe(isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("writes IPv6 as RFC 5952 asks", () => {
    const cases = {
      "2001:DB8:0:0:0:0:0:1": "2001:db8::1",
      "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
      "1:0:0:2:0:0:0:3": "1:0:0:2::3",
      "1:0:0:2:3:0:0:4": "1::2:3:0:0:4",
      "::": "::",
      "1::": "1::",
    };
    for (const [given, wanted] of Object.entries(cases)) {
      const parsed = addresses.parseAddress(given);
      expect(parsed && addresses.formatAddress(parsed.family, parsed.value)).toBe(wanted);
    }
  });

  it("refuses what is no address", () => {
    for (const text of [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "1.2.3.256",
      "01.2.3.4",
      "1.2.3.4 ",
      "::1::2",
      "1:2:3:4:5:6:7:8:9",
      "g::",
      ":",
    ]) {
      expect(addresses.parseAddress(text), text).toBeUndefined();
    }
  });

  it("refuses a subnet off its boundary and names the aligned one", () => {
    expect(addresses.parseSubnet("10.91.0.5/24")).toBeUndefined();
    expect(addresses.alignedSubnet("10.91.0.5/24")).toBe("10.91.0.0/24");
    for (const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/08", "fd00::/129"]) {
      expect(addresses.parseSubnet(text), text).toBeUndefined();
    }
    expect(() => addresses.subnetOf("10.91.0.5/24")).toThrow(RangeError);
    expect(() => addresses.formatAddress(4, 1n << 32n)).toThrow(RangeError);
  });

  it("reads back every subnet", () => {
    fc.assert(
      fc.property(subnet, (one) => {
        expect(addresses.parseSubnet(addresses.formatSubnet(one))).toEqual(one);
      }),
    );
  });

  it("gives parts that lie inside, apart from each other", () => {
    fc.assert(
      fc.property(subnet, fc.nat(8), fc.nat(300), fc.nat(300), (outer, more, i, j) => {
        const prefix = outer.prefix + more;
        const [one, other] = [addresses.subnetAt(outer, prefix, i), addresses.subnetAt(outer, prefix, j)];
        expect(one !== undefined).toBe(BigInt(i) < addresses.subnetCount(outer, prefix));
        if (!one || !other) return;
        expect(addresses.contains(outer, one)).toBe(true);
        expect(addresses.overlaps(one, other)).toBe(i === j);
      }),
    );
  });

  it("overlap is symmetrical and means that one contains the other", () => {
    fc.assert(
      fc.property(subnet, subnet, (one, other) => {
        expect(addresses.overlaps(one, other)).toBe(addresses.overlaps(other, one));
        expect(addresses.overlaps(one, other)).toBe(addresses.contains(one, other) || addresses.contains(other, one));
      }),
    );
  });

  it("gives no network, broadcast or outside address", () => {
    fc.assert(
      fc.property(subnet, fc.integer({ min: -2, max: 70_000 }), (one, slot) => {
        const address = addresses.addressAt(one, slot);
        const last = addresses.size(one) - (one.family === 4 ? 1n : 0n);
        expect(address !== undefined).toBe(slot >= 1 && BigInt(slot) < last);
        if (address === undefined) return;
        expect(addresses.parseAddress(address)?.value).toBe(one.base + BigInt(slot));
      }),
    );
    expect(addresses.addressAt(addresses.subnetOf("10.91.0.0/24"), 254)).toBe("10.91.0.254");
    expect(addresses.addressAt(addresses.subnetOf("10.91.0.0/24"), 255)).toBeUndefined();
  });
});
