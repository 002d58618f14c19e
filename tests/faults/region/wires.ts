/**
 * The wires between the places of a stand, cut or made poor by nftables at the end that hears: in the network namespace of each workload on the backbone, by a container
 * of its own with NET_ADMIN alone (region-stand.ts). Silently, as a broken wire does; established connections as well. Nothing is told to who sends.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { placesOf } from "../../../model/places.ts";
import type { Model, PlaceModel } from "../../../model/types.ts";

const execute = promisify(execFile);
const TABLE = "lumbung_cut";

/** What `from` sends does not arrive at `to`: ids of places. */
export interface Wire {
  readonly from: string;
  readonly to: string;
}

/** Of what arrives so much is lost by chance, and whatever comes faster than the rate: slow and lossy, as TCP feels it. */
export interface Poor {
  readonly lossPercent: number;
  readonly kilobytesPerSecond: number;
}

export interface PoorWire extends Wire, Poor {}

/** The same at the end that hears, by address. */
interface PoorSource extends Poor {
  readonly addresses: readonly string[];
}

/** For `nft -f`: from now on nothing is heard from these addresses, and little from the poor ones; whatever was cut or poor before is whole. */
export function rules(from: readonly string[], poor: readonly PoorSource[] = []): string {
  // A table that is named first may be deleted whether it was there or not.
  const whole = [`table inet ${TABLE}`, `delete table inet ${TABLE}`];
  if (from.length === 0 && poor.length === 0) return lines(whole);
  return lines([
    ...whole,
    `table inet ${TABLE} {`,
    "  chain hears {",
    "    type filter hook input priority -300; policy accept;",
    ...(from.length === 0 ? [] : [`    ip saddr ${set(from)} drop`]),
    ...poor.flatMap(({ addresses, lossPercent, kilobytesPerSecond }) => [
      `    ip saddr ${set(addresses)} numgen random mod 100 < ${lossPercent} drop`,
      `    ip saddr ${set(addresses)} limit rate over ${kilobytesPerSecond} kbytes/second burst ${kilobytesPerSecond} kbytes drop`,
    ]),
    "  }",
    "}",
  ]);
}

/** What runs in the namespace of a workload. */
export const cutter = (name: string, script: string): string[] => ["exec", `${name}-net`, "nft", script];

export class Wires {
  readonly #places: readonly PlaceModel[];
  readonly #nameOf: (place: string, workload: string) => string;
  /** Of the workloads that run: those that a stand leaves out hear nothing anyway. */
  readonly #runs: (place: PlaceModel) => ReadonlySet<string>;

  constructor(
    model: Model,
    nameOf: (place: string, workload: string) => string,
    runs: (place: PlaceModel) => ReadonlySet<string>,
  ) {
    this.#places = placesOf(model);
    this.#nameOf = nameOf;
    this.#runs = runs;
  }

  /** Cuts these, makes those poor and mends all others, at all places at once. Returns when the last of them is done. */
  async set(cut: readonly Wire[], poor: readonly PoorWire[] = []): Promise<void> {
    await Promise.all(
      this.#places.flatMap((place) => {
        const from = cut.filter(({ to }) => to === place.id).flatMap((wire) => this.#addresses(wire.from));
        const sources = poor
          .filter(({ to }) => to === place.id)
          .map((wire) => ({ ...wire, addresses: this.#addresses(wire.from) }));
        return this.#onBackbone(place).map(({ name }) =>
          execute("docker", cutter(this.#nameOf(place.id, name), rules(from, sources))),
        );
      }),
    );
  }

  mend(): Promise<void> {
    return this.set([]);
  }

  #addresses(id: string): string[] {
    const place = this.#places.find((one) => one.id === id);
    if (!place) throw new Error(`no place ${id}`);
    return this.#onBackbone(place).map(({ backboneAddress }) => backboneAddress);
  }

  #onBackbone(place: PlaceModel): { readonly name: string; readonly backboneAddress: string }[] {
    const runs = this.#runs(place);
    return place.workloads.flatMap(({ name, backboneAddress }) =>
      backboneAddress !== undefined && runs.has(name) ? [{ name, backboneAddress }] : [],
    );
  }
}

const set = (addresses: readonly string[]): string => `{ ${addresses.join(", ")} }`;
const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;
