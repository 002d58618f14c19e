/** What an assessment at a site is made from besides evidence: `/config/current/assess.json`, rendered by components/ops. */
import type { Catalogue } from "../../compliance/catalogue.ts";
import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import type { Inventory } from "../../model/schema/index.ts";

export interface Material {
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  /** SHA-256 in hex of each document's file as it was when the site was deployed; null: there was none. By path. */
  readonly documents: Readonly<Record<string, string | null>>;
  /** By which evidence is checked: of every site, former generations included. */
  readonly keys: readonly PublicEvidenceKey[];
}

/** What the process is asked on standard input. */
export interface Question {
  readonly kind: "report" | "monthly";
  /** When it was due, and from when on changes are told. ISO 8601. */
  readonly due: string;
  readonly from: string;
  /** The programme's commit. */
  readonly commit: string | null;
}

/** What it answers on standard output: the record that is there already, or what is to be signed (compliance/kept.ts). */
export type Answer = { readonly found: string } | { readonly kept: unknown };
