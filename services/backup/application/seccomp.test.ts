import { expect, it } from "vitest";
import { WorkFault } from "../work.ts";
import { confinedWords, unixSocketsOnly } from "./seccomp.ts";

/** What the kernel does with a filter: enough of BPF for this one. Undefined: the program is none. */
function decide(
  filter: Buffer,
  { arch, number, first }: { arch: number; number: number; first: number },
): number | undefined {
  const data: Readonly<Record<number, number>> = { 0: number, 4: arch, 16: first };
  let held = 0;
  for (let at = 0; at * 8 < filter.length; at += 1) {
    const [code, yes, no, value] = [
      filter.readUInt16LE(at * 8),
      filter.readUInt8(at * 8 + 2),
      filter.readUInt8(at * 8 + 3),
      filter.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return value;
    if (code === 0x20) held = data[value] ?? Number.NaN;
    else if (code === 0x15) at += held === value ? yes : no;
    else if (code === 0x35) at += held >= value ? yes : no;
    else return undefined;
  }
  return undefined;
}

const ALLOW = 0x7fff0000;
const REFUSE = 0x50061;
const [UNIX, INET, INET6, NETLINK] = [1, 2, 10, 16];

it.each([
  ["x64", 0xc000003e, 41],
  ["arm64", 0xc00000b7, 198],
])("lets a program on %s open unix sockets, and none of a network", (machine, arch, socket) => {
  const filter = unixSocketsOnly(machine);
  const asked = (number: number, first = 0, at = arch) => decide(filter, { arch: at, number, first });
  expect(asked(socket, UNIX)).toBe(ALLOW);
  for (const family of [INET, INET6, NETLINK, 0]) expect(asked(socket, family), `family ${family}`).toBe(REFUSE);
  // Everything else goes on as before: the first argument of another call says nothing of a family.
  for (const number of [0, 1, 42, 59, 424, 426]) expect(asked(number, INET), `call ${number}`).toBe(ALLOW);
});

it("closes the ways around it: io_uring, the other set of numbers, another processor's calls", () => {
  const filter = unixSocketsOnly("x64");
  expect(decide(filter, { arch: 0xc000003e, number: 425, first: UNIX })).toBe(REFUSE);
  expect(decide(filter, { arch: 0xc000003e, number: 0x40000000 + 41, first: UNIX })).toBe(REFUSE);
  expect(decide(filter, { arch: 0x40000003, number: 359, first: UNIX })).toBe(REFUSE);
});

it("refuses to begin where it could not confine", () => {
  expect(() => unixSocketsOnly("riscv64")).toThrow(WorkFault);
});

it("is loaded before the program begins, which cannot get rid of it", () => {
  expect(confinedWords("/f", ["a", "b"])).toEqual(["setpriv", "--no-new-privs", "--seccomp-filter", "/f", "a", "b"]);
});
