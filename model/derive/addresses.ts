/** Address arithmetic on text: IPv4 (RFC 791) and IPv6 (RFC 4291, written as RFC 5952 asks). */

export type Family = 4 | 6;

/** A range of addresses that starts on its own boundary. */
export interface Subnet {
  readonly family: Family;
  readonly base: bigint;
  readonly prefix: number;
}

const bits: Record<Family, number> = { 4: 32, 6: 128 };

/** The address as a number, or undefined if the text is no address. Leading zeros are refused (they read as octal elsewhere). */
export function parseAddress(address: string): { family: Family; value: bigint } | undefined {
  if (address.includes(":")) {
    const value = parseAddress6(address);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = parseAddress4(address);
  return value === undefined ? undefined : { family: 4, value: BigInt(value) };
}

function parseAddress4(address: string): number | undefined {
  const parts = address.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function parseAddress6(address: string): bigint | undefined {
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [head = [], tail = []] = groups;
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const all = [...head, ...Array<string>(8 - given).fill("0"), ...tail];
  let value = 0n;
  for (const group of all) {
    if (!/^[\da-fA-F]{1,4}$/.test(group)) return undefined;
    value = value * 65536n + BigInt(Number.parseInt(group, 16));
  }
  return value;
}

/** The number as text: dotted for IPv4, RFC 5952 for IPv6. Throws a RangeError outside the family. */
export function formatAddress(family: Family, value: bigint): string {
  if (value < 0n || value >= 1n << BigInt(bits[family])) {
    throw new RangeError(`formatAddress: expected an address of IPv${family}, received ${value}`);
  }
  return family === 4 ? formatAddress4(Number(value)) : formatAddress6(value);
}

function formatAddress4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function formatAddress6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** The subnet, or undefined if the text is none or does not start on its own boundary. */
export function parseSubnet(subnet: string): Subnet | undefined {
  const loose = parseLooseSubnet(subnet);
  return loose && loose.value % size(loose) === 0n
    ? { family: loose.family, base: loose.value, prefix: loose.prefix }
    : undefined;
}

/** What the text would be if it started on its own boundary: `10.0.0.5/24` gives `10.0.0.0/24`. */
export function alignedSubnet(subnet: string): string | undefined {
  const loose = parseLooseSubnet(subnet);
  if (!loose) return undefined;
  return formatSubnet({ family: loose.family, base: loose.value - (loose.value % size(loose)), prefix: loose.prefix });
}

function parseLooseSubnet(subnet: string): { family: Family; value: bigint; prefix: number } | undefined {
  const [address = "", length = "", ...rest] = subnet.split("/");
  const parsed = parseAddress(address);
  if (!parsed || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= bits[parsed.family] ? { ...parsed, prefix } : undefined;
}

/** A subnet that is known to be well formed. Throws a RangeError otherwise. */
export function subnetOf(subnet: string): Subnet {
  const parsed = parseSubnet(subnet);
  if (!parsed) throw new RangeError(`subnetOf: expected a subnet such as 10.91.0.0/24, received "${subnet}"`);
  return parsed;
}

export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.family, subnet.base)}/${subnet.prefix}`;
}

/** How many addresses the subnet has. */
export function size(subnet: { family: Family; prefix: number }): bigint {
  return 1n << BigInt(bits[subnet.family] - subnet.prefix);
}

/** Whether the whole of `inner` lies in `outer`. */
export function contains(outer: Subnet, inner: Subnet): boolean {
  return (
    outer.family === inner.family && inner.base >= outer.base && inner.base + size(inner) <= outer.base + size(outer)
  );
}

export function overlaps(one: Subnet, other: Subnet): boolean {
  return one.family === other.family && one.base < other.base + size(other) && other.base < one.base + size(one);
}

/** The address at a slot of the subnet, or undefined if it is the network, the broadcast, or outside. */
export function addressAt(subnet: Subnet, slot: number): string | undefined {
  const last = size(subnet) - (subnet.family === 4 ? 1n : 0n);
  return slot >= 1 && BigInt(slot) < last ? formatAddress(subnet.family, subnet.base + BigInt(slot)) : undefined;
}

/** How many subnets of a prefix length fit. */
export function subnetCount(subnet: Subnet, prefix: number): bigint {
  return prefix < subnet.prefix || prefix > bits[subnet.family] ? 0n : 1n << BigInt(prefix - subnet.prefix);
}

/** The index-th subnet of a prefix length, or undefined if there is none. */
export function subnetAt(subnet: Subnet, prefix: number, index: number): Subnet | undefined {
  if (index < 0 || BigInt(index) >= subnetCount(subnet, prefix)) return undefined;
  const part = { family: subnet.family, prefix };
  return { ...part, base: subnet.base + BigInt(index) * size(part) };
}
