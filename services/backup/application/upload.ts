/** One of an application's uploads, asked for as a reader would: it must be what was copied, byte for byte. */
import { createHash } from "node:crypto";
import type { Entry } from "../manifest.ts";
import type { DrillReport } from "../wire.ts";
import type { Answer } from "./ask-page.ts";

/** What the web server hands out of the folder of uploads, and where. */
export interface Served {
  /** `/wp-content/uploads/` */
  readonly at: string;
  /** Paths below the folder that it hands out. */
  readonly isServed: (path: string) => boolean;
}

/** By images/php/etc/lumbung/nginx/uploads.conf: neither programs nor what begins with a dot. */
export const isPublic = (path: string): boolean =>
  !/\.(php\d?|phtml|phar|phps|cgi|pl|py|sh)$/i.test(path) && !/(^|\/)\./.test(path);

/** The first by its digest, so that it is any of them and the same for the same copy; undefined where none is handed out. */
export function chosenUpload(entries: readonly Entry[], { isServed }: Served): Entry | undefined {
  const files = entries.filter(({ sha256, bytes, path }) => sha256 !== "-" && bytes > 0 && isServed(path));
  return [...files].sort((a, b) =>
    a.sha256 === b.sha256 ? (a.path < b.path ? -1 : 1) : a.sha256 < b.sha256 ? -1 : 1,
  )[0];
}

export const uploadPath = ({ at }: Served, { path }: Pick<Entry, "path">): string =>
  at + path.split("/").map(encodeURIComponent).join("/");

/** What came against what was copied. */
export function judgeUpload(path: string, expected: Entry, { status, body }: Pick<Answer, "status" | "body">): Check {
  const sha256 = createHash("sha256").update(body).digest("hex");
  const ok = status === 200 && sha256 === expected.sha256;
  const wanted = `expected 200 and ${expected.bytes} bytes, sha256 ${expected.sha256}`;
  const came = `received ${status} and ${body.length} bytes, sha256 ${sha256}`;
  return {
    name: "upload",
    ok,
    detail: ok ? `${path}: 200, ${body.length} bytes, sha256 ${sha256}` : `${path}: ${wanted}; ${came}`,
  };
}

type Check = DrillReport["checks"][number];
