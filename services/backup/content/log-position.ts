/** PostgreSQL's log positions, `X/Y` in hexadecimal. */

/** @throws RangeError where it is none. */
export function positionNumber(position: string): bigint {
  const parts = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(position);
  if (!parts) throw new RangeError(`log position: expected X/Y in hexadecimal, received ${JSON.stringify(position)}`);
  return (BigInt(`0x${parts[1]}`) << 32n) | BigInt(`0x${parts[2]}`);
}

/** Whether `one` lies before `other`. */
export const liesBefore = (one: string, other: string): boolean => positionNumber(one) < positionNumber(other);
