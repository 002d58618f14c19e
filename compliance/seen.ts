/** What evidence says, one thing at a time, and where to find it. Pure; built once, so that checks stay linear. */
import { canonicalJson, type Json } from "../evidence/canonical.ts";
import type { ChainRecord } from "../evidence/chain.ts";
import { sha256 } from "../evidence/dsse.ts";
import type { Kind } from "../evidence/kinds.ts";
import { parseWriter } from "../evidence/writer.ts";

/** One thing that a verified record says. */
export interface Seen {
  /** Id and digest of the record. */
  readonly id: string;
  readonly digest: string;
  readonly kind: Kind;
  /**
   * What it is about: `<site>/<target>/<copy>` of backups and drills, `<site>/<name>` of probes (evidence/probes.ts),
   * `<runbook>/<run>` of runs, `<kind of document>/<id>` of attestations.
   */
  readonly about: string;
  readonly site: string | null;
  /** ISO 8601 */
  readonly observedAt: string;
  readonly observed: Json;
  /** Digest of the inventory that it was seen under. */
  readonly inventory: string | null;
}

/** Clocks of two sites may differ by so much: what is dated later than this is of the future. */
export const AHEAD_SECONDS = 300;

/** Members of an object that came from outside; of anything else none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** A record of probes says many things at once; every other one says one. */
export function seenIn({ id, bytes, statement }: Pick<ChainRecord, "id" | "bytes" | "statement">): Seen[] {
  const { kind, observed, observedAt, inventory, subject, writer } = statement;
  const fields = fieldsOf(observed);
  const site = textOf(fields.site) ?? parseWriter(writer)?.site ?? null;
  const common = { id, digest: sha256(bytes), kind, site, observedAt, inventory };
  if (kind === "probe") {
    return Object.entries(fieldsOf(fields.items)).map(([name, item]) => ({
      ...common,
      about: `${site ?? ""}/${name}`,
      observed: item as Json,
    }));
  }
  const about =
    kind === "run"
      ? `${textOf(fields.runbook) ?? ""}/${textOf(fields.run) ?? ""}`
      : kind === "attestation"
        ? `${textOf(fields.kind) ?? ""}/${textOf(fields.id) ?? ""}`
        : (subject[0]?.name ?? "");
  return [{ ...common, about, observed }];
}

/**
 * Where a later one says the same thing anew: what both are about. Undefined: each counts (runs, papers, follow-ups, assessments).
 * Copies that failed and copies of another action do not take the place of one that is there.
 */
export function lookOf({ kind, about, observed }: Seen): string | undefined {
  const [site, target] = about.split("/");
  switch (kind) {
    // Of the other site's chain, hour after hour.
    case "head":
      return `${kind} ${site}`;
    case "probe":
      return `${kind} ${about}`;
    case "drill":
      return `${kind} ${site}/${target}`;
    case "backup": {
      const { run, result } = fieldsOf(observed);
      return `${kind} ${site}/${target} ${textOf(fieldsOf(run).action) ?? ""} ${textOf(result) ?? ""}`;
    }
    default:
      return undefined;
  }
}

/** Of each kind by the first part of what it is about, and by the first two: newest first. */
export class SeenIndex {
  readonly #lists = new Map<string, Seen[]>();

  constructor(seen: readonly Seen[]) {
    for (const one of seen) {
      const [first = "", second = ""] = one.about.split("/");
      this.#add(`${one.kind} ${first}`, one);
      this.#add(`${one.kind} ${first}/${second}`, one);
    }
    // ISO 8601 with other offsets does not sort as text.
    const time = new Map(seen.map((one) => [one, Date.parse(one.observedAt)]));
    for (const list of this.#lists.values()) list.sort((a, b) => (time.get(b) ?? 0) - (time.get(a) ?? 0));
  }

  /** @param start one or two parts of what it is about, `dc/postgresql:utama` */
  of(kind: Kind, start: string): readonly Seen[] {
    return this.#lists.get(`${kind} ${start}`) ?? [];
  }

  #add(key: string, one: Seen): void {
    const list = this.#lists.get(key);
    if (list) list.push(one);
    else this.#lists.set(key, [one]);
  }
}

/** Digest of a model, as evidence names the inventory that it was seen under. */
export function modelDigest(model: object): string {
  return sha256(canonicalJson(model));
}
