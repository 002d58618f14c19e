/** One deterministic archive of all pages: POSIX.1-1988 ustar, sorted, no time, no owner. */
import type { Pages } from "./sites.ts";

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** Contents below this are stored again rather than linked. */
const LINK_FROM_BYTES = BLOCK;

const encoder = new TextEncoder();

/** Parts of a path as ustar stores it. Throws if it can't: over 255 bytes, or no `/` at a fitting place. */
function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (encoder.encode(path).length <= NAME_BYTES) return { name: path, prefix: "" };
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    const prefix = path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (encoder.encode(prefix).length <= PREFIX_BYTES && encoder.encode(name).length <= NAME_BYTES && name !== "")
      return { name, prefix };
  }
  throw new Error(`pages["${path}"]: expected a path that ustar can store (at most 155 bytes, "/", at most 100 bytes)`);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

interface Entry {
  readonly path: string;
  readonly size: number;
  /** Path of an earlier entry with the same content. */
  readonly linkTo?: string;
}

function writeHeader(archive: Uint8Array, offset: number, entry: Entry): void {
  const put = (at: number, text: string) => encoder.encodeInto(text, archive.subarray(offset + at));
  const { name, prefix } = splitPath(entry.path);
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${octal(entry.size, 11)}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, entry.linkTo === undefined ? "0" : "1");
  if (entry.linkTo !== undefined) put(157, entry.linkTo);
  put(257, "ustar\x0000");
  put(345, prefix);
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += archive[offset + index] ?? 0;
  put(148, `${octal(sum, 6)}\0 `);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/**
 * The archive of the pages. Equal contents (a style sheet that all sites have) are stored once and hard-linked from their first
 * path, which keeps the archive small. Throws on a path that ustar can't store or that leaves the archive's root.
 */
export function sitesTar(pages: Pages): Uint8Array {
  const paths = [...pages.keys()].sort((left, right) => (left < right ? -1 : 1));
  const first = new Map<string | Uint8Array, string>();
  const entries: { readonly entry: Entry; readonly content: string | Uint8Array }[] = [];
  let total = 2 * BLOCK;
  for (const path of paths) {
    if (path.startsWith("/") || path.split("/").some((part) => part === "" || part === "." || part === ".."))
      throw new Error(`pages["${path}"]: expected a plain relative path without empty, "." or ".." parts`);
    const content = pages.get(path) ?? "";
    const known = first.get(content);
    if (known !== undefined && content.length >= LINK_FROM_BYTES && known.length <= NAME_BYTES) {
      entries.push({ entry: { path, size: 0, linkTo: known }, content: "" });
      total += BLOCK;
      continue;
    }
    if (known === undefined) first.set(content, path);
    const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
    entries.push({ entry: { path, size }, content });
    total += BLOCK + padded(size);
  }
  const archive = new Uint8Array(total);
  let offset = 0;
  for (const { entry, content } of entries) {
    writeHeader(archive, offset, entry);
    if (typeof content === "string") encoder.encodeInto(content, archive.subarray(offset + BLOCK));
    else archive.set(content, offset + BLOCK);
    offset += BLOCK + padded(entry.size);
  }
  return archive;
}
