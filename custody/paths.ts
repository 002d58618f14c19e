import { join } from "node:path";
import { lumbungHome, partHome } from "../io/home.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a part of a region (a site, `backbone`, `root`) keeps what custody needs. */
export interface CustodyPaths {
  readonly folder: string;
  /** Mode 0600. May be taken away to a safe; then the environment has to hand it in. */
  readonly passphrase: string;
  /** `secrets.age`, for the root `root.age`. */
  readonly sealed: string;
  /** The region's record, in clear. */
  readonly record: string;
  /** When what was brought out last had been read, in clear: which step of a rotation may follow. */
  readonly broughtOut: string;
  /** When a handover of this part was last made, in clear. */
  readonly handedOver: string;
}

/** Name of the folder that holds the sealed root key; no site may be called so. */
export const ROOT_PART = "root";

export function custodyPaths(region: string, part: string, env: Environment): CustodyPaths {
  const folder = partHome(region, part, env);
  return {
    folder,
    passphrase: join(folder, "passphrase"),
    sealed: join(folder, part === ROOT_PART ? "root.age" : "secrets.age"),
    record: join(folder, "region.json"),
    broughtOut: join(folder, "brought-out.json"),
    handedOver: join(folder, "handed-over.json"),
  };
}

/** Held while a region's secrets are being made or changed. */
export function regionLock(region: string, env: Environment): string {
  return join(lumbungHome(env), region, "secrets.lock");
}

/** Lists the files of a change that is being put in place. */
export function regionMarker(region: string, env: Environment): string {
  return join(lumbungHome(env), region, "secrets.commit");
}
