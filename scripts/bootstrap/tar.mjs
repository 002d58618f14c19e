import { gzipSync } from "node:zlib";

const BLOCK = 512;

/**
 * A gzipped tar (POSIX ustar) of some files. The same files give the same bytes: no time, no owner.
 * @param {readonly { name: string, content: Uint8Array, executable: boolean }[]} files names of at most 100 bytes
 * @returns {Buffer}
 */
export function tarball(files) {
  /** @type {Uint8Array[]} */
  const blocks = [];
  for (const file of files) {
    blocks.push(header(file.name, file.content.length, file.executable ? "0000755" : "0000644"), file.content);
    blocks.push(Buffer.alloc((BLOCK - (file.content.length % BLOCK)) % BLOCK));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return gzipSync(Buffer.concat(blocks), { level: 9 });
}

/**
 * @param {string} name
 * @param {number} size
 * @param {string} mode seven octal digits
 * @returns {Buffer}
 */
function header(name, size, mode) {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: expected a name of at most 100 bytes`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(`${mode}\0`, 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
