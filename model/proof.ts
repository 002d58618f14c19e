/** How an application is asked to prove that what a citizen saves is kept: one row of a small table of its own, through the same door as everybody's. */

/** `POST`, JSON: a `ProofOrder`. Answered with 201 and a `ProofRow`; 503 while the database does not acknowledge. */
export const PROOF_PATH = "/api/proofs";

export interface ProofOrder {
  /** The asker's own: 32 digits in hex. */
  readonly token: string;
}

export const PROOF_TOKEN = /^[0-9a-f]{32}$/;

/** The row as it was read back once its commit was acknowledged. */
export interface ProofRow {
  /** Table of the application's database. */
  readonly table: string;
  /** Which of its rows: there are never more than `PROOF_SLOTS`. */
  readonly slot: number;
  readonly token: string;
  /** ISO 8601, by the database's clock. */
  readonly at: string;
}

/** Whoever asks writes over what another one left, so that the table stays small. */
export const PROOF_SLOTS = 64;

/** Services of the image `node` that answer it. */
export const PROVING_SERVICES: readonly string[] = ["pengaduan"];
