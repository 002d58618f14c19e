/** What a rotation is asked for and what comes of it; when its next step may follow. */
import { refused } from "../io/errors.ts";
import type { Model, Text } from "../model/types.ts";
import type { RegionSecrets } from "./types.ts";

export interface RotationRequest {
  /** `root`, `dnssec:<zone>`, one secret's name or a class. */
  readonly what: string;
  /** Ends an overlap: what was before is no longer accepted. Default: begins. */
  readonly finish?: boolean;
  /** The parent zone shows the DS record of the next key. */
  readonly dsPublished?: boolean;
  /** How long resolvers keep the parent's DS record. Default a day. */
  readonly dsTtlSeconds?: number;
}

/** What is known of where the secrets are in use. */
export interface Deployment {
  readonly model: Model;
  /** ISO 8601: what was made before this is in use at every site; undefined where some site never confirmed. */
  readonly broughtOut: string | undefined;
}

export interface Rotation {
  readonly secrets: RegionSecrets;
  readonly renew: (what: string) => boolean;
  readonly settle: (what: string, created: string) => boolean;
  /** What was done and what a person does next. */
  readonly told: readonly Text[];
}

/** The leaves of every workload, of the public and of the operators. */
export const isLeaf = (what: string): boolean => /^(certificate|public-certificate|operator):/.test(what);

/** Whether what was made at this time is in use at every site. */
export function isBroughtOut(created: string, { broughtOut }: Pick<Deployment, "broughtOut">): boolean {
  return broughtOut !== undefined && created < broughtOut;
}

/** A further step would leave a site with nothing that the other accepts. */
export function notBroughtOut(what: string) {
  return refused(
    {
      id: `${what}: yang dibuat terakhir belum dipakai di semua situs; langkah berikutnya akan memutus yang belum menerimanya`,
      en: `${what}: what was made last is not in use at every site yet; a further step would cut off whoever has not received it`,
    },
    {
      id: "jalankan `lumbung up` sampai semua sehat, lalu ulangi",
      en: "run `lumbung up` until all is well, then again",
    },
  );
}

export const NEXT_UP: Text = { id: "jalankan `lumbung up` agar dipakai", en: "run `lumbung up` so that it is used" };
