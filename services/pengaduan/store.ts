/** Where complaints are kept, as the pages see it. */
import type { ProofRow } from "../../model/proof.ts";
import type { Complaint, ComplaintSummary, NewComplaint } from "./complaint.ts";

/** The database can't be asked now, or did not acknowledge: nothing may be believed to be saved. May be tried again. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

export interface StoreState {
  readonly ok: boolean;
  /** One line that a person understands. */
  readonly detail: string;
}

/** Every method throws {@link StoreUnavailable} while the database is out of reach. */
export interface Store {
  /** Writes a complaint once per request key; answers the reference it has, and whether it is new. */
  add(
    complaint: NewComplaint,
    makeReference: () => string,
  ): Promise<{ readonly reference: string; readonly created: boolean }>;
  find(reference: string): Promise<Complaint | undefined>;
  /** Newest first. */
  latest(count: number): Promise<readonly ComplaintSummary[]>;
  /** Writes this token over a row of the small table for proofs; answers the row as it is read once that was acknowledged. */
  prove(token: string): Promise<ProofRow>;
}
