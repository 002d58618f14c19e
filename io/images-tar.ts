/** Deterministic tar archives (POSIX ustar): same entries, same bytes. No owner, no time. */

export interface TarEntry {
  /** Relative, with `/`, at most 255 bytes; its folders are made by whoever unpacks. */
  readonly path: string;
  /** Permission bits, for example `0o644`. */
  readonly mode: number;
  readonly content: Uint8Array;
}

const block = 512;

/** One archive of regular files, in order of path. Throws on a path that does not fit the format. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const parts: Uint8Array[] = [];
  for (const entry of sorted) {
    const padding = (block - (entry.content.length % block)) % block;
    parts.push(header(entry), entry.content, Buffer.alloc(padding));
  }
  parts.push(Buffer.alloc(2 * block));
  return Buffer.concat(parts);
}

function header({ path, mode, content }: TarEntry): Buffer {
  const { name, prefix } = splitPath(path);
  const head = Buffer.alloc(block);
  head.write(name, 0, 100, "utf8");
  head.write(octal(mode & 0o7777, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(content.length, 11), 124);
  head.write(octal(0, 11), 136);
  head.write("        ", 148);
  head.write("0", 156);
  head.write("ustar\u000000", 257);
  head.write(prefix, 345, 155, "utf8");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${octal(sum, 6)}\u0000 `, 148);
  return head;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: "" };
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const prefix = path.slice(0, at);
    const name = path.slice(at + 1);
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { name, prefix };
  }
  throw new Error(
    `tar: expected a path of at most 255 bytes with a / in the right place, received ${JSON.stringify(path)}`,
  );
}
