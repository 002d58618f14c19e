/** Arithmetic on address ranges. */
import { BlockList, isIP } from "node:net";

/** Whether two ranges such as `10.0.0.0/24` have an address in common. False when one is no range. */
export function overlaps(left: string, right: string): boolean {
  return contains(left, addressOf(right)) || contains(right, addressOf(left));
}

function contains(range: string, address: string): boolean {
  const [base = "", bits = ""] = range.split("/");
  const family = isIP(base);
  if (family === 0 || bits === "" || isIP(address) !== family) return false;
  const list = new BlockList();
  const type = family === 6 ? "ipv6" : "ipv4";
  list.addSubnet(base, Number(bits), type);
  return list.check(address, type);
}

function addressOf(range: string): string {
  return range.split("/")[0] ?? "";
}
