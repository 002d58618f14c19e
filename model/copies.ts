/**
 * How copiers of files, objects and repositories are asked and told (docs/adr/0018-region-runbooks.md; images/shared/copies, copies_door.py).
 *
 * Every object store, code repository and PHP application with uploads answers HTTPS on COPIES_PORT of its host name, to whoever shows a certificate of the region:
 *
 *   GET  /copies    200 and a CopyState for each copy that this workload keeps; 409 where it cannot say
 *   POST /copies    a CopyOrder in JSON, from `ops` of any site alone (else 403): 202 and the CopyStates where it was taken; 409 and `{ "code", "message" }`
 *                   where it may not be taken now; 400 where it is none
 *
 * An application is not on the backbone: `ops` of the other site comes through that site's gateway (DOORS_PORT), which passes TLS through by name.
 */

/** Beside it no workload has a guard, whose door is on the same port (model/lease.ts). */
export const COPIES_PORT = 8010;

export interface CopyState {
  /** As backups name it: `objects:<bucket>`, `files:<application>`, or `code`. */
  readonly id: string;
  /** ISO 8601: when its last whole round began; null: there was none. It is of this site's own clock, and stays when the other site is gone. */
  readonly completeAt: string | null;
  /** Of the credentials that count here; null: it has none of its own. */
  readonly epoch: number | null;
}

export type CopyOrder =
  /**
   * A round of every copy begins now, or as soon as the one that is under way has ended, and is tried until it is whole, for a minute. A site that is not
   * standby makes none.
   */
  | { readonly verb: "round" }
  /**
   * Credentials of this epoch count from now on, and older ones no more; answered once that is so. 409 `past-epoch` where a later one counts already.
   * Where there are no credentials, nothing is to be done, and the answer says so (`note`).
   */
  | { readonly verb: "raise"; readonly epoch: number };
