/** The digests of one chain's records, 32 bytes each: a million records take some 40 MB. */
export class Digests {
  readonly #sequences: number[] = [];
  #bytes = Buffer.alloc(32 * 64);

  /** Numbers in ascending order. */
  add(sequence: number, digest: string): void {
    const at = this.#sequences.length * 32;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)]);
    this.#bytes.write(digest, at, "hex");
    this.#sequences.push(sequence);
  }

  /** In hex, or undefined where there is no record of this number. */
  get(sequence: number): string | undefined {
    const index = this.#indexOf(sequence);
    return index === undefined ? undefined : this.#bytes.toString("hex", index * 32, index * 32 + 32);
  }

  get last(): number {
    return this.#sequences.at(-1) ?? 0;
  }

  get count(): number {
    return this.#sequences.length;
  }

  *[Symbol.iterator](): IterableIterator<readonly [sequence: number, digest: string]> {
    for (const sequence of this.#sequences) yield [sequence, this.get(sequence) ?? ""];
  }

  #indexOf(sequence: number): number | undefined {
    let [from, to] = [0, this.#sequences.length - 1];
    while (from <= to) {
      const middle = (from + to) >> 1;
      const found = this.#sequences[middle] ?? 0;
      if (found === sequence) return middle;
      if (found < sequence) from = middle + 1;
      else to = middle - 1;
    }
    return undefined;
  }
}
