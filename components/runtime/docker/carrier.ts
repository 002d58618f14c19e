/**
 * How files reach running containers on Docker: one small container per site carries them all and writes each workload's
 * into that workload's configuration volume, switching one link at the end. When a file changes, only the carrier is replaced;
 * the workloads see the link move and reload.
 */
import type { Workload } from "../../workload.ts";

export const CARRIER = "config";
/** Folder of the carrier below which Pulumi uploads. */
const IN = "/in";
/** Folder of the carrier below which the workloads' configuration volumes are mounted. */
export const OUT = "/out";

export interface Upload {
  readonly file: string;
  readonly content: string | Uint8Array;
  readonly secret: boolean;
}

export interface CarrierManifest {
  readonly [workload: string]: {
    readonly uid: number;
    readonly gid: number;
    readonly files: readonly { readonly path: string; readonly mode: "0600" | "0644" }[];
  };
}

/** What is uploaded into the carrier: the manifest, then every workload's files, in order of path. */
export function carrierUploads(workloads: readonly Workload[]): Upload[] {
  const files = workloads.flatMap((workload) =>
    workload.files.map((file) => ({
      file: `${IN}/${workload.name}/${file.path}`,
      content: file.content,
      secret: file.secret ?? false,
    })),
  );
  files.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return [{ file: `${IN}/manifest.json`, content: manifestJson(workloads), secret: false }, ...files];
}

function manifestJson(workloads: readonly Workload[]): string {
  const manifest: Record<string, CarrierManifest[string]> = {};
  for (const workload of [...workloads].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    manifest[workload.name] = {
      uid: workload.user.uid,
      gid: workload.user.gid,
      files: workload.files
        .map((file) => ({ path: file.path, mode: file.secret ? ("0600" as const) : ("0644" as const) }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
