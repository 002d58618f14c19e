/**
 * The wires between the places of a stand, cut by nftables at the end that hears: in the network namespace of each workload on the backbone, by a container
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

/** For `nft -f`: from now on nothing is heard from these addresses; whatever was cut before is whole. */
export function rules(from: readonly string[]): string {
  // A table that is named first may be deleted whether it was there or not.
  const whole = [`table inet ${TABLE}`, `delete table inet ${TABLE}`];
  if (from.length === 0) return lines(whole);
  return lines([
    ...whole,
    `table inet ${TABLE} {`,
    "  chain hears {",
    "    type filter hook input priority -300; policy accept;",
    `    ip saddr { ${from.join(", ")} } drop`,
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

  /** Cuts these and mends all others, at all places at once. Returns when the last of them is done. */
  async set(cut: readonly Wire[]): Promise<void> {
    await Promise.all(
      this.#places.flatMap((place) => {
        const from = cut.filter(({ to }) => to === place.id).flatMap((wire) => this.#addresses(wire.from));
        return this.#onBackbone(place).map(({ name }) =>
          execute("docker", cutter(this.#nameOf(place.id, name), rules(from))),
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

const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;
