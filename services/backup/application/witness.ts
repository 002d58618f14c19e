/** What a restored application's page must show: something that lies in its database and nowhere else. */
import type { DrillReport } from "../wire.ts";
import type { Answer } from "./ask-page.ts";
import { textOf } from "./page-text.ts";

/** One question to the restored database, as its superuser: rows by column. @throws what the engine says. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

export interface Witness {
  /** The page that shows it. */
  readonly path: string;
  /** How that is told in evidence, where the path itself is not for everybody. Default: as it is. */
  readonly told?: string;
  /** What is to be seen, for people: `the title of the newest post, "…"`. Never what somebody wrote in confidence. */
  readonly what: string;
  readonly isIn: (html: string) => boolean;
}

type Check = DrillReport["checks"][number];

const SHOWN = 80;
const SHOWN_PAGE = 160;

/** A text of the database as it is told, cut where it is long. */
export const quoted = (text: string): string => `"${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}"`;

/** Whether the page that came shows it; if not, what was expected and what came. Pure. */
export function judgePage(host: string, witness: Witness, answer: Omit<Answer, "location">): Check {
  const html = answer.body.toString("utf8");
  const ok = answer.status === 200 && witness.isIn(html);
  const page = `https://${host}${witness.told ?? answer.path}`;
  const came = `${answer.status}, ${answer.body.length} bytes`;
  const detail = ok
    ? `${page}: ${came}, shows ${witness.what}`
    : `${page}: expected 200 and ${witness.what}; received ${came}: "${textOf(html).slice(0, SHOWN_PAGE)}"`;
  return { name: "page", ok, detail };
}

/** No page came at all, or there is nothing that it could show. */
export const noPage = (host: string, expected: string, received: string): Check => ({
  name: "page",
  ok: false,
  detail: `https://${host}/: expected ${expected}; received ${received}`,
});
