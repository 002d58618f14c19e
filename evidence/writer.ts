/**
 * Names. A writer is one chain: `<site>-<12 digits of the key's name>-<moment at which it began>`. A rotated key, a damaged or lost
 * chain begin a new one, so that no number is ever given twice. A record is `<writer>/<number, 10 digits>`.
 */

export interface Writer {
  readonly site: string;
  /** First 12 hex digits of the key's name. */
  readonly keyPrefix: string;
  /** ISO 8601 in milliseconds, without separators: sorts by time. */
  readonly began: string;
}

const WRITER = /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)-([0-9a-f]{12})-(\d{8}T\d{9}Z)$/;
const RECORD = /^([^/]+)\/(\d{10})$/;

export function writerName(site: string, keyId: string, began: Date): string {
  return `${site}-${keyId.slice(0, 12)}-${began.toISOString().replace(/[-:.]/g, "")}`;
}

/** The parts of a writer's name, or undefined where it is none. */
export function parseWriter(name: string): Writer | undefined {
  const [, site, keyPrefix, began] = WRITER.exec(name) ?? [];
  return site === undefined || keyPrefix === undefined || began === undefined ? undefined : { site, keyPrefix, began };
}

export function recordId(writer: string, sequence: number): string {
  return `${writer}/${String(sequence).padStart(10, "0")}`;
}

/** Writer and number of a record's name, or undefined where it is none. */
export function parseRecordId(id: string): { readonly writer: string; readonly sequence: number } | undefined {
  const [, writer, digits] = RECORD.exec(id) ?? [];
  if (writer === undefined || parseWriter(writer) === undefined || Number(digits) === 0) return undefined;
  return { writer, sequence: Number(digits) };
}

/** In order of their beginning. */
export function byBeginning(writers: readonly string[]): string[] {
  const began = (name: string): string => parseWriter(name)?.began ?? "";
  return [...writers].sort((a, b) => (began(a) < began(b) ? -1 : began(a) > began(b) ? 1 : a < b ? -1 : 1));
}

/** When a writer began. @throws RangeError where it is none. */
export function beganAt(writer: string): Date {
  const digits = parseWriter(writer)?.began.match(/\d+/g)?.join("") ?? "";
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits);
  if (parts === null) throw new RangeError(`writer: expected <site>-<key>-<moment>, received "${writer}"`);
  const [, year, month, day, hour, minute, second, milli] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
}
