/** Where records are kept: each is put once and never changed. Implementations are in `io`. */

export interface StoredRecord {
  /** Path below the region without `.json`: `<writer>/<number, 10 digits>`, or whatever else lies there. */
  readonly id: string;
  /** Of the first version. */
  readonly bytes: Uint8Array;
  /** How many versions lie in a store that keeps all. Default 1. */
  readonly versions?: number;
}

export interface EvidenceStore {
  /**
   * On disk, or kept by the store, when it returns. The same bytes again are no change.
   * @throws AlreadyThere where other bytes have that name.
   */
  put(id: string, bytes: Uint8Array): Promise<void>;
  get(id: string): Promise<Uint8Array | undefined>;
  /** Writers of which there is a record, in order of name. */
  writers(): Promise<readonly string[]>;
  /** Everything that is there, in order of name; of one writer if named, and of that only what follows a number. */
  list(writer?: string, after?: number): AsyncIterable<StoredRecord>;
}

/** A record of this name is there and says something else. */
export class AlreadyThere extends Error {
  override readonly name = "AlreadyThere";
  readonly id: string;

  constructor(id: string) {
    super(`record ${id}: it is there already and says something else; a record is never overwritten`);
    this.id = id;
  }
}
