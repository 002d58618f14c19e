/** Transactions in what `mariadb-binlog` writes, as it passes by. */
import { Transform, type TransformCallback } from "node:stream";

export interface BinlogTransaction {
  readonly gtid: string;
  /** When it was committed; whole seconds. */
  readonly moment: string;
}

/** `#261125 19:04:14 server id 1 … GTID 1-1-30 trans`, in UTC; undefined for any other line. */
export function binlogTransaction(line: string): BinlogTransaction | undefined {
  const parts =
    /^#(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d):(\d\d) server id \d+ +end_log_pos \d+ .*\tGTID (\d+-\d+-\d+)(?: |$)/.exec(
      line,
    );
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second, gtid = ""] = parts.slice(1);
  return { gtid, moment: `20${year}-${month}-${day}T${hour?.padStart(2, "0")}:${minute}:${second}.000Z` };
}

const NEWLINE = 0x0a;
const HASH = 0x23;
/** Lines that are looked at are shorter. */
const LONGEST = 1024;

/** Hands everything on as it is, and tells each transaction. */
export class BinlogWatch extends Transform {
  readonly #tell: (transaction: BinlogTransaction) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(tell: (transaction: BinlogTransaction) => void) {
    super();
    this.#tell = tell;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      if (all[from] === HASH && end - from < LONGEST) {
        const found = binlogTransaction(all.toString("utf8", from, end));
        if (found) this.#tell(found);
      }
      from = end + 1;
    }
    // Of a line that is longer than any that counts, its beginning is enough.
    this.#rest = all.subarray(from).length > LONGEST ? all.subarray(from, from + LONGEST) : all.subarray(from);
    done(null, chunk);
  }
}
