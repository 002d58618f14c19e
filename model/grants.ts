/** Who may hold what in a database server, because the platform makes it so or leave is on record. What `ops` compares with what roles really hold. */

export interface DeclaredGrant {
  /** PostgreSQL's role, or `user@host` of MariaDB; a user's name alone stands for it at any host. */
  readonly role: string;
  /** As `HeldGrant` in model/lease.ts has it: `*` is what concerns the whole server, and nothing of a database. */
  readonly database: string;
  /** `all`: anything in that database. Otherwise the privileges, in the engine's words. */
  readonly may: "all" | Leave | readonly string[];
  /** Last moment at which it holds, ISO 8601. Default: for as long as it is declared. */
  readonly until?: string;
}

/** What a leave allows: to read, or to change contents as well; never to hand it on, and never the structure. */
export type Leave = "read" | "write";
