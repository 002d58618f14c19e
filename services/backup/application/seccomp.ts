/**
 * What a restored application may open: unix sockets, and no network at all. A seccomp filter, which util-linux's `setpriv` loads before the
 * program begins and which its children keep: no capability and no namespace is needed for it (seccomp(2), setpriv(1)). Pure.
 */
import { WorkFault } from "../work.ts";

/** By Node's name of the processor: its number in `<linux/audit.h>`, and that of the system call socket(2). */
const MACHINES: Readonly<Partial<Record<string, { readonly audit: number; readonly socket: number }>>> = {
  x64: { audit: 0xc000003e, socket: 41 },
  arm64: { audit: 0xc00000b7, socket: 198 },
};

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const RETURN = 0x06;
/** Offsets in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;
/** The other set of numbers that x86-64 has (x32). */
const X32 = 0x40000000;
/** By it sockets could be made without socket(2); the same number everywhere. */
const IO_URING_SETUP = 425;
const AF_UNIX = 1;
const ALLOW = 0x7fff0000;
/** The call fails with EAFNOSUPPORT. */
const REFUSE = 0x00050000 | 97;

/** The filter as `struct sock_filter`s. @throws WorkFault on a processor whose numbers are not known here. */
export function unixSocketsOnly(machine: string = process.arch): Buffer {
  const found = MACHINES[machine];
  if (found === undefined)
    throw new WorkFault({
      id: `aplikasi tidak dapat dijalankan tanpa jaringan pada prosesor ini: diharapkan ${Object.keys(MACHINES).join(" atau ")}, diterima ${machine}`,
      en: `an application cannot be run without a network on this processor: expected ${Object.keys(MACHINES).join(" or ")}, received ${machine}`,
    });
  // Jumps count the instructions that are left out: where it holds, and where it does not.
  return program([
    [LOAD, 0, 0, ARCHITECTURE],
    [IF_EQUAL, 0, 7, found.audit],
    [LOAD, 0, 0, NUMBER],
    [IF_AT_LEAST, 5, 0, X32],
    [IF_EQUAL, 4, 0, IO_URING_SETUP],
    [IF_EQUAL, 0, 2, found.socket],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [IF_EQUAL, 0, 1, AF_UNIX],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, REFUSE],
  ]);
}

type Instruction = readonly [code: number, holds: number, fails: number, value: number];

function program(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [index, [code, holds, fails, value]] of instructions.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(holds, index * 8 + 2);
    bytes.writeUInt8(fails, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}

/** Where the filter lies in an application's folder of the room. */
export const filterIn = (folder: string): string => `${folder}/unix-sockets-only`;

/** Words that run a program under a filter that lies in a file. */
export const confinedWords = (filter: string, words: readonly string[]): string[] => [
  "setpriv",
  "--no-new-privs",
  "--seccomp-filter",
  filter,
  ...words,
];
