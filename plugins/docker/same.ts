/** Equality in effect: two spellings that Docker understands alike are no difference. */
import type { Property } from "./property.ts";
import { block, blocks, isEmpty, isList, isMap, text, texts, type Value, type ValueMap } from "./values.ts";

/** Whether what is observed (in the state, or at the engine) and what is declared mean the same. */
export function same(property: Property, left: Value, right: Value): boolean {
  if (isEmpty(left) && isEmpty(right)) return true;
  if (property.same) return property.same(left, right);
  const { kind } = property;
  if (kind === "texts")
    return property.ordered ? sameText(texts(left), texts(right)) : sameSet(texts(left), texts(right));
  if (typeof kind === "object" && "blocks" in kind) return sameBlocks(left, right);
  return sameValue(left, right);
}

/** Deep equality in which an absent field, an empty text and zero are the same. */
export function sameValue(left: Value, right: Value): boolean {
  return canonical(left) === canonical(right);
}

/** Lists of blocks as sets: the order in which they were declared has no effect. */
export function sameBlocks(left: Value, right: Value): boolean {
  return sameSet(blocks(left).map(canonical), blocks(right).map(canonical));
}

/**
 * Sets of blocks where what is declared may leave some fields to the engine: such a field agrees with anything.
 * `spell` brings either side into one spelling.
 */
export function sameBlocksExcept(
  left: readonly string[],
  spell: (item: ValueMap) => ValueMap,
): (observed: Value, declared: Value) => boolean {
  return (observed, declared) => {
    const open = blocks(observed).map(spell);
    const wanted = blocks(declared).map(spell);
    if (open.length !== wanted.length) return false;
    return wanted.every((want) => {
      const without = (item: ValueMap) =>
        canonical(
          Object.fromEntries(Object.entries(item).filter(([key]) => !(left.includes(key) && isEmpty(want[key])))),
        );
      const index = open.findIndex((item) => without(item) === without(want));
      if (index >= 0) open.splice(index, 1);
      return index >= 0;
    });
  };
}

export function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return sameText([...left].sort(), [...right].sort());
}

function sameText(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

/** One text per meaning: keys sorted, empty ones and `__defaults` left out. */
export function canonical(value: Value): string {
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const kept = Object.keys(value)
    .filter((key) => key !== "__defaults" && !isEmpty(value[key]))
    .sort();
  return `{${kept.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(",")}}`;
}

/** `CAP_NET_ADMIN`, `net_admin` and `NET_ADMIN` are one capability. */
export function sameCapabilities(left: Value, right: Value): boolean {
  const names = (side: Value, list: string) =>
    texts(block(side)[list]).map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  return ["adds", "drops"].every((list) => sameSet(names(left, list), names(right, list)));
}

/** Options of a mount in any order: `rw,size=1m` is `size=1m,rw`. */
export function sameTmpfs(left: Value, right: Value): boolean {
  const spell = (side: Value) =>
    Object.entries(block(side)).map(([path, options]) => `${path}:${text(options).split(",").sort().join(",")}`);
  return sameSet(spell(left), spell(right));
}

/** `no-new-privileges` is short for `no-new-privileges:true`. */
export function sameSecurityOptions(left: Value, right: Value): boolean {
  const spell = (side: Value) =>
    texts(side).map((option) => option.replace("=", ":").replace(/^no-new-privileges$/, "no-new-privileges:true"));
  return sameSet(spell(left), spell(right));
}

export function sameCpus(left: Value, right: Value): boolean {
  return Number(text(left) || "0") === Number(text(right) || "0");
}

/** Durations by length (`60s` is `1m0s`), the test by its words. */
export function sameHealthcheck(left: Value, right: Value): boolean {
  const spell = (side: Value) => {
    const check = block(side);
    const times = ["interval", "timeout", "startPeriod", "startInterval"].map((name) => nanoseconds(text(check[name])));
    return JSON.stringify([texts(check.tests), times, check.retries ?? 0]);
  };
  return spell(left) === spell(right);
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

/** Nanoseconds of a Go duration such as `1m30s`; NaN when it is none. The empty text is zero. */
export function nanoseconds(duration: string): number {
  if (duration === "" || duration === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(duration)) return Number.NaN;
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  }
  return total;
}

/** A Go duration of so many nanoseconds, in the largest unit that divides it. */
export function duration(value: number): string {
  if (value === 0) return "0s";
  for (const unit of ["h", "m", "s", "ms", "us"] as const) {
    const length = UNITS[unit] ?? 1;
    if (value % length === 0) return `${value / length}${unit}`;
  }
  return `${value}ns`;
}
