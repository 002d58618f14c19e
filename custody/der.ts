/** The one extension that our X.509 library cannot write: name constraints (RFC 5280 section 4.2.1.10), DNS names only. */

export interface NameConstraints {
  /** A name permits itself and everything below it. */
  readonly permitted: readonly string[];
  /** Stronger than `permitted`. */
  readonly excluded: readonly string[];
}

const SEQUENCE = 0x30;
const DNS_NAME = 0x82;
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;

/** DER of `NameConstraints ::= SEQUENCE { permittedSubtrees [0], excludedSubtrees [1] }`; an empty list is left out, as the RFC demands. */
export function nameConstraintsDer(constraints: NameConstraints): Buffer {
  const subtrees = (tag: number, names: readonly string[]): Buffer[] =>
    names.length === 0
      ? []
      : [encode(tag, ...names.map((name) => encode(SEQUENCE, encode(DNS_NAME, Buffer.from(name, "ascii")))))];
  return encode(SEQUENCE, ...subtrees(PERMITTED, constraints.permitted), ...subtrees(EXCLUDED, constraints.excluded));
}

function encode(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(value.length)]), value]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}
