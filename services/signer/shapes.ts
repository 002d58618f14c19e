/** What goes over the wire between a signer and those who ask it. */

/** `GET /records`: one a line. */
export interface Line {
  readonly id: string;
  /** The record's bytes in base64: whatever lies there, damaged or not. */
  readonly content: string;
}

/** One chain as `GET /heads` tells it. */
export interface ChainEnd {
  readonly writer: string;
  /** Number of the last record. */
  readonly sequence: number;
  /** Of the last record, if it is right in itself: SHA-256 of its bytes, and the name of the key that signed it, both in hex. */
  readonly end?: { readonly digest: string; readonly keyid: string };
}

/** `GET /heads`. */
export interface Heads {
  readonly region: string;
  readonly site: string;
  /** The site's own chains in order of their beginning: the last one goes on. */
  readonly chains: readonly ChainEnd[];
  /** The other site's chains as far as they were copied. */
  readonly copies: readonly ChainEnd[];
}

/** `POST /statements`: what was signed. */
export interface Signed {
  readonly id: string;
  /** SHA-256 of the record's bytes, in hex. */
  readonly digest: string;
  /** The DSSE envelope; in canonical JSON these are the record's bytes. */
  readonly envelope: unknown;
}
