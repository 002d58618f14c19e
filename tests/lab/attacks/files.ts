/** Files that are uploaded. */
import { crc32, deflateSync } from "node:zlib";
import type { UploadedFile } from "../support/browser.ts";

/** A PNG of one colour, 64 × 64. */
export function png(red: number, green: number, blue: number): Buffer {
  const side = 64;
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([red, green, blue]))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.byteLength);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

export const picture = (field: string, name: string): UploadedFile => ({
  field,
  name,
  type: "image/png",
  content: png(23, 70, 58),
});

/** A program in a picture's name and type, and one in its own. */
export const program = (field: string, name: string, type = "application/x-php"): UploadedFile => ({
  field,
  name,
  type,
  content: Buffer.from(`<?php echo "JALAN-" . (40 + 2); ?>\n`),
});
