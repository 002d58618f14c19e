/** Addresses are numbered centrally: no overlap, none outside a pool, none exhausted. */
import { contains, formatSubnet, overlaps, parseSubnet, type Subnet, size } from "../derive/addresses.ts";
import {
  backboneAddress,
  backboneSlots,
  epochSlot,
  siteAddress,
  slotsOf,
  witnessAddress,
} from "../derive/placement.ts";
import { opdPools, opdSubnet } from "../derive/pools.ts";
import { formatPath, type Path } from "../problems.ts";
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

interface Declared {
  readonly path: Path;
  readonly subnet: Subnet;
}

function declared(path: Path, subnet: string | undefined): Declared[] {
  const parsed = subnet === undefined ? undefined : parseSubnet(subnet);
  return parsed ? [{ path, subnet: parsed }] : [];
}

/** Each range that meets one that starts before it. Sorted, so that time is n log n. */
function* overlapping(ranges: readonly Declared[]): Generator<Finding> {
  const sorted = [...ranges].sort(
    (a, b) =>
      a.subnet.family - b.subnet.family ||
      Number(a.subnet.base > b.subnet.base) - Number(a.subnet.base < b.subnet.base),
  );
  let widest: Declared | undefined;
  for (const range of sorted) {
    if (widest && overlaps(widest.subnet, range.subnet)) {
      const other = `${formatPath(widest.path)} (${formatSubnet(widest.subnet)})`;
      yield {
        path: range.path,
        message: text(
          `${formatSubnet(range.subnet)} bertumpang tindih dengan ${other}`,
          `${formatSubnet(range.subnet)} overlaps ${other}`,
        ),
        expected: text("rentang yang tidak bertumpang tindih", "a range that overlaps no other"),
      };
    }
    if (!widest || widest.subnet.family !== range.subnet.family || end(range.subnet) > end(widest.subnet))
      widest = range;
  }
}

const end = (subnet: Subnet): bigint => subnet.base + size(subnet);

export function* overlappingPools({ view }: Context): Generator<Finding> {
  yield* overlapping(
    [...entries(view.pools)].flatMap(([index, pool]) => declared(["pools", index, "subnet"], pool.subnet)),
  );
}

function networks({ view }: Context): Declared[] {
  return [
    ...declared(["backbone", "subnet"], view.backbone?.subnet),
    ...declared(["backbone", "subnet6"], view.backbone?.subnet6),
    ...[...entries(view.sites)].flatMap(([index, { network }]) => [
      ...declared(["sites", index, "network", "subnet"], network.subnet),
      ...declared(["sites", index, "network", "subnet6"], network.subnet6),
    ]),
  ];
}

export function* overlappingNetworks(context: Context): Generator<Finding> {
  yield* overlapping(networks(context));
}

export function* networksOutsidePools(context: Context): Generator<Finding> {
  const { pools } = context.view;
  if (!pools) return;
  const own = [...entries(pools)].filter(([, pool]) => pool.purpose === "infrastructure");
  const ranges = own.flatMap(([index, pool]) => declared(["pools", index], pool.subnet));
  // An invalid pool may well be the one that holds the network.
  if (pools.includes(undefined)) return;
  for (const { path, subnet } of networks(context)) {
    if (ranges.some((range) => contains(range.subnet, subnet))) continue;
    const list = ranges.map((range) => formatSubnet(range.subnet)).join(", ") || "-";
    yield {
      path,
      message: text(
        `${formatSubnet(subnet)} di luar setiap kumpulan alamat infrastructure`,
        `${formatSubnet(subnet)} is outside every infrastructure pool`,
      ),
      expected: text(`subnet di dalam ${list}`, `a subnet inside ${list}`),
    };
  }
}

export function* exhaustedOpdPools({ view }: Context): Generator<Finding> {
  if (!view.pools || view.pools.includes(undefined)) return;
  const pools4 = opdPools(view.pools, "ipv4");
  const pools6 = opdPools(view.pools, "ipv6");
  for (const [pools, family] of [
    [pools4, "IPv4"],
    [pools6, "IPv6"],
  ] as const) {
    if (family === "IPv6" && pools.length === 0) continue;
    for (const [index, { id, number }] of entries(view.opd)) {
      if (opdSubnet(pools, number)) continue;
      const ranges = pools.map((pool) => `${pool.firstNumber}-${pool.endNumber - 1}`).join(", ") || "-";
      yield {
        path: ["opd", index, "number"],
        message: text(
          `kumpulan alamat ${family} habis: tidak ada jaringan untuk nomor ${number} (${id})`,
          `the ${family} pools are exhausted: there is no network for number ${number} (${id})`,
        ),
        expected: text(`nomor ${ranges}`, `a number in ${ranges}`),
        hint: text("tambah kumpulan alamat dengan firstNumber berikutnya", "add a pool with the next firstNumber"),
      };
    }
  }
}

/** Two pools of one family that serve the same numbers would make an OPD's network depend on their order. */
export function* poolsOfSameNumbers({ view }: Context): Generator<Finding> {
  for (const family of ["ipv4", "ipv6"] as const) {
    const pools = opdPools(view.pools ?? [], family);
    for (let at = 1; at < pools.length; at += 1) {
      const [before, pool] = [pools[at - 1], pools[at]];
      if (!before || !pool || pool.firstNumber >= before.endNumber) continue;
      yield {
        path: ["pools", pool.index, "firstNumber"],
        message: text(
          `nomor ${pool.firstNumber} sudah dilayani kumpulan alamat "${before.id}"`,
          `number ${pool.firstNumber} is already served by pool "${before.id}"`,
        ),
        expected: text(`paling sedikit ${before.endNumber}`, `at least ${before.endNumber}`),
      };
    }
  }
}

/** Every workload has an address in the site's network and, if it talks to the other site, on the backbone. */
export function* workloadsOutsideNetworks({ view }: Context): Generator<Finding> {
  const { sites, backbone } = view;
  const joined = backbone && parseSubnet(backbone.subnet);
  const placed = {
    databaseServers: valid(view.databaseServers),
    applications: valid(view.applications),
    objectStore: view.objectStore,
    codeRepository: view.codeRepository,
    backup: view.backup,
    witness: view.witness,
  };
  for (const [index, site] of entries(sites)) {
    const network = parseSubnet(site.network.subnet);
    for (const { name, slot, onBackbone } of slotsOf(site, index, placed)) {
      if (slot === undefined) continue;
      if (network && siteAddress(network, slot) === undefined) {
        yield outside(["sites", index, "network", "subnet"], name, slot, formatSubnet(network));
      }
      if (joined && onBackbone && backboneAddress(joined, site, slot) === undefined) {
        yield outside(
          ["sites", index, "network", "backboneOffset"],
          name,
          slot + site.network.backboneOffset,
          formatSubnet(joined),
        );
      }
    }
  }
}

/** The witness is reached on the backbone, at an address that no site's workload can have. */
export function* witnessOutsideBackbone({ view }: Context): Generator<Finding> {
  const { witness, backbone, sites } = view;
  const joined = backbone && parseSubnet(backbone.subnet);
  if (!witness || !joined) return;
  const path = ["witness", "backboneOffset"];
  const address = witnessAddress(joined, witness);
  if (address === undefined) yield outside(path, "epoch", witness.backboneOffset + epochSlot, formatSubnet(joined));
  for (const [, site] of entries(sites)) {
    const offset = site.network.backboneOffset;
    const slot = witness.backboneOffset + epochSlot;
    if (slot < offset || slot >= offset + backboneSlots) continue;
    yield {
      path,
      message: text(
        `alamat saksi di backbone bertabrakan dengan lokasi "${site.id}"`,
        `the witness's address on the backbone collides with those of site "${site.id}"`,
      ),
      expected: text(
        `kurang dari ${offset - epochSlot}, atau paling sedikit ${offset + backboneSlots - epochSlot}`,
        `less than ${offset - epochSlot}, or at least ${offset + backboneSlots - epochSlot}`,
      ),
      received: witness.backboneOffset,
    };
  }
}

function outside(path: Path, workload: string, slot: number, subnet: string): Finding {
  return {
    path,
    message: text(
      `alamat habis: slot ${slot} untuk ${workload} di luar ${subnet}`,
      `out of addresses: slot ${slot} of ${workload} is outside ${subnet}`,
    ),
    expected: text("jaringan yang cukup besar untuk setiap beban kerja", "a network large enough for every workload"),
  };
}

const valid = <T>(items: readonly (T | undefined)[] | undefined): T[] => [...entries(items)].map(([, item]) => item);

export function* backboneOffsetsTooNear({ view }: Context): Generator<Finding> {
  const sorted = [...entries(view.sites)].sort(([, a], [, b]) => a.network.backboneOffset - b.network.backboneOffset);
  for (let at = 1; at < sorted.length; at += 1) {
    const [before, here] = [sorted[at - 1], sorted[at]];
    if (!before || !here) continue;
    const least = before[1].network.backboneOffset + backboneSlots;
    if (here[1].network.backboneOffset >= least) continue;
    yield {
      path: ["sites", here[0], "network", "backboneOffset"],
      message: text(
        `alamat backbone bertabrakan dengan lokasi "${before[1].id}"`,
        `addresses on the backbone collide with those of site "${before[1].id}"`,
      ),
      expected: text(`paling sedikit ${least}`, `at least ${least}`),
      received: here[1].network.backboneOffset,
    };
  }
}

export function* publicAddressTwice({ view }: Context): Generator<Finding> {
  const first = new Map<string, string>();
  for (const [index, { id, publish }] of entries(view.sites)) {
    for (const family of ["ipv4", "ipv6"] as const) {
      const address = publish[family];
      if (address === undefined) continue;
      const before = first.get(address);
      if (before === undefined) first.set(address, id);
      else {
        yield {
          path: ["sites", index, "publish", family],
          message: text(
            `alamat ${address} sudah dipakai lokasi "${before}"`,
            `address ${address} is already used by site "${before}"`,
          ),
          expected: text("alamat publik sendiri bagi setiap lokasi", "a public address of its own for each site"),
        };
      }
    }
  }
  const own = view.witness?.publish.ipv4;
  const before = own === undefined ? undefined : first.get(own);
  if (before === undefined) return;
  yield {
    path: ["witness", "publish", "ipv4"],
    message: text(
      `alamat ${own} sudah dipakai lokasi "${before}"`,
      `address ${own} is already used by site "${before}"`,
    ),
    expected: text("alamat publik sendiri bagi saksi", "a public address of its own for the witness"),
  };
}

export function* guaranteedAboveMaximum({ view }: Context): Generator<Finding> {
  for (const [index, { bandwidth }] of entries(view.opd)) {
    const { guaranteedMbps, maximumMbps } = bandwidth;
    if (guaranteedMbps <= maximumMbps) continue;
    yield {
      path: ["opd", index, "bandwidth", "guaranteedMbps"],
      message: text(
        `laju terjamin ${guaranteedMbps} Mbps di atas laju tertinggi ${maximumMbps} Mbps`,
        `guaranteed rate ${guaranteedMbps} Mbps is above the maximum rate ${maximumMbps} Mbps`,
      ),
      expected: text(`paling banyak ${maximumMbps}`, `at most ${maximumMbps}`),
    };
  }
}

/** Maximum rates may be oversubscribed; guaranteed ones may not. */
export function* guaranteedAboveUplink({ view }: Context): Generator<Finding> {
  const sum = valid(view.opd).reduce(
    (total, { bandwidth, mergedInto }) => total + (mergedInto ? 0 : bandwidth.guaranteedMbps),
    0,
  );
  for (const [index, { id, capacity }] of entries(view.sites)) {
    if (sum <= capacity.uplinkMbps) continue;
    yield {
      path: ["sites", index, "capacity", "uplinkMbps"],
      message: text(
        `jumlah laju terjamin OPD ${sum} Mbps melebihi uplink "${id}" ${capacity.uplinkMbps} Mbps`,
        `the guaranteed rates of all OPD, ${sum} Mbps, exceed the uplink of "${id}", ${capacity.uplinkMbps} Mbps`,
      ),
      expected: text(`paling sedikit ${sum}`, `at least ${sum}`),
    };
  }
}
