/** The network of an OPD follows from its number and the pool that serves that number: no other OPD moves it. */
import type { Pool } from "../schema/pools.ts";
import { formatSubnet, parseSubnet, type Subnet, subnetAt, subnetCount } from "./addresses.ts";

export interface NumberedPool {
  readonly id: string;
  readonly index: number;
  readonly subnet: Subnet;
  readonly prefix: number;
  readonly firstNumber: number;
  /** First number that it no longer serves. */
  readonly endNumber: number;
}

/** Pools of OPD networks of a family, by first number. */
export function opdPools(pools: readonly (Pool | undefined)[], family: Pool["family"]): NumberedPool[] {
  const numbered: NumberedPool[] = [];
  pools.forEach((pool, index) => {
    if (pool?.purpose !== "opd" || pool.family !== family) return;
    const subnet = parseSubnet(pool.subnet);
    if (!subnet) return;
    const count = Number(subnetCount(subnet, pool.opdPrefix));
    const { id, firstNumber } = pool;
    numbered.push({ id, index, subnet, prefix: pool.opdPrefix, firstNumber, endNumber: firstNumber + count });
  });
  return numbered.sort((a, b) => a.firstNumber - b.firstNumber || a.index - b.index);
}

/** The OPD's network, or undefined if no pool serves its number. */
export function opdSubnet(pools: readonly NumberedPool[], number: number): Subnet | undefined {
  const pool = pools.find((candidate) => number >= candidate.firstNumber && number < candidate.endNumber);
  return pool && subnetAt(pool.subnet, pool.prefix, number - pool.firstNumber);
}

/** The OPD's network as text, or undefined. */
export function opdSubnetText(pools: readonly NumberedPool[], number: number): string | undefined {
  const subnet = opdSubnet(pools, number);
  return subnet && formatSubnet(subnet);
}
