/** What restic is told: one repository for a site, in its own store. */
import type { BackupModel, SiteModel } from "../../model/types.ts";
import { placementOfKind } from "../placement.ts";
import { OBJECTS_PORT, tls } from "./names.ts";

/** `restic.env`: `KEY=value` lines, none of them secret; password and credentials are files. */
export function resticEnv(site: SiteModel, { bucket }: BackupModel): string {
  const { hostName } = placementOfKind(site, "objects");
  const settings: Readonly<Record<string, string>> = {
    RESTIC_REPOSITORY: `s3:https://${hostName}:${OBJECTS_PORT}/${bucket}/restic`,
    RESTIC_PASSWORD_FILE: "/config/current/restic.password",
    RESTIC_CACERT: tls.ca,
    RESTIC_CACHE_DIR: "/var/cache/lumbung/restic",
    RESTIC_COMPRESSION: "auto",
    RESTIC_PACK_SIZE: "16",
    AWS_SHARED_CREDENTIALS_FILE: "/run/backup/credentials",
    AWS_DEFAULT_REGION: "us-east-1",
    // Collects garbage sooner, so that the index of a repository fits into the container.
    GOGC: "50",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
