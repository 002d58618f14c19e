/** A tar archive in memory (POSIX.1-2001 "pax" over ustar; IEEE Std 1003.1, pax, "ustar Interchange Format"). */

export interface TarFile {
  /** Relative path, `etc/conf`. */
  readonly path: string;
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;
const NAME_LENGTH = 100;

/** The archive of these files, owned by root, all of one time. */
export function tarOf(files: readonly TarFile[], modified: Date): Buffer {
  const seconds = Math.floor(modified.getTime() / 1000);
  return Buffer.concat([...files.flatMap((file) => entry(file, seconds)), Buffer.alloc(2 * BLOCK)]);
}

function entry(file: TarFile, seconds: number): Buffer[] {
  const name = Buffer.from(file.path, "utf8");
  const parts: Buffer[] = [];
  if (name.length > NAME_LENGTH || name.length !== file.path.length) {
    const record = paxRecord("path", name);
    parts.push(header(Buffer.from("PaxHeaders/path"), record.length, 0o644, seconds, "x"), padded(record));
  }
  parts.push(header(name.subarray(0, NAME_LENGTH), file.content.length, file.mode, seconds, "0"), padded(file.content));
  return parts;
}

/** `<length> <key>=<value>\n`, whose length counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function header(name: Buffer, size: number, mode: number, seconds: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, "0"), offset, "ascii");
  name.copy(block, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(seconds, 136, 12);
  block.write(type, 156, "ascii");
  block.write("ustar\0" + "00", 257, "latin1");
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
