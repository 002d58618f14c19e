/**
 * Which password the database takes. While a role's password is rotated, the server and we reload at our own moments (and the server may
 * be at the other site, which is brought up later): so the new one is tried first, then the one before.
 */

/** `invalid_password` (PostgreSQL, appendix A). */
export const WRONG_PASSWORD = "28P01";

export class Passwords {
  readonly #all: readonly string[];
  readonly #works: (password: string) => Promise<boolean>;
  #chosen = 0;
  #choosing: Promise<void> | undefined;

  /**
   * @param all Newest first; at least one.
   * @param works Whether the server lets us in with it. Throws where the server does not say.
   */
  constructor(all: readonly string[], works: (password: string) => Promise<boolean>) {
    this.#all = all;
    this.#works = works;
  }

  get current(): string {
    return this.#all[this.#chosen] ?? "";
  }

  /** Whether a refusal may be answered with another password. */
  get several(): boolean {
    return this.#all.length > 1;
  }

  /** After a refusal: finds the password that the server takes now. However many ask, the server is tried once. */
  choose(): Promise<void> {
    this.#choosing ??= this.#find().finally(() => {
      this.#choosing = undefined;
    });
    return this.#choosing;
  }

  async #find(): Promise<void> {
    for (const [index, password] of this.#all.entries()) {
      if (!(await this.#works(password))) continue;
      this.#chosen = index;
      return;
    }
  }
}
