import type { Text } from "../model/types.ts";
import type { SecretChange } from "./types.ts";

const WORDS: Readonly<Record<SecretChange["action"], Text>> = {
  made: { id: "dibuat", en: "made" },
  renewed: { id: "diperbarui", en: "renewed" },
  copied: { id: "disalin", en: "copied" },
  settled: { id: "yang lama tidak lagi diterima", en: "the one before is no longer accepted" },
  dropped: { id: "dihapus karena tidak lagi dideklarasikan", en: "dropped, for it is no longer declared" },
};

/** Writes down what is done to which secret, and knows which ones were asked to be renewed. */
export class Journal {
  readonly changes: SecretChange[] = [];
  readonly #renew: (what: string) => boolean;
  readonly #settle: (what: string, created: string) => boolean;

  /** @param settle whether what was before the value of this time need no longer be accepted. Default: it is. */
  constructor(renew: (what: string) => boolean, settle: (what: string, created: string) => boolean = () => false) {
    this.#renew = renew;
    this.#settle = settle;
  }

  isRenewed(what: string): boolean {
    return this.#renew(what);
  }

  made<T>(what: string, value: T): T {
    this.#write(what, this.isRenewed(what) ? "renewed" : "made");
    return value;
  }

  renewed(what: string, why: Text): void {
    this.#write(what, "renewed", why);
  }

  /** The value without what was before it, where that is no longer needed. */
  settled<T extends { readonly created?: string; readonly previous?: unknown; readonly previousPassword?: unknown }>(
    what: string,
    value: T,
  ): T {
    const { previous, previousPassword, ...rest } = value;
    if (previous === undefined && previousPassword === undefined) return value;
    if (!this.#settle(what, value.created ?? "")) return value;
    this.#write(what, "settled");
    return rest as T;
  }

  copied(what: string, from: string, to: string): void {
    this.#write(what, "copied", { id: `dari ${from} ke ${to}`, en: `from ${from} to ${to}` });
  }

  dropped(what: string): void {
    this.#write(what, "dropped");
  }

  /** Everything that was in any of the records and is not in the last one. */
  droppedKeys(
    prefix: string,
    before: readonly Readonly<Record<string, unknown>>[],
    after: Readonly<Record<string, unknown>>,
  ): void {
    const gone = new Set(before.flatMap((record) => Object.keys(record)).filter((key) => !Object.hasOwn(after, key)));
    for (const key of [...gone].sort()) this.dropped(`${prefix}${key}`);
  }

  #write(what: string, action: SecretChange["action"], more?: Text): void {
    const tail = more ? { id: ` (${more.id})`, en: ` (${more.en})` } : { id: "", en: "" };
    const word = WORDS[action];
    this.changes.push({
      what,
      action,
      message: { id: `${what}: ${word.id}${tail.id}`, en: `${what}: ${word.en}${tail.en}` },
    });
  }
}
