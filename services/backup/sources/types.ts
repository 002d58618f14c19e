/** How what restic keeps is brought to where it is copied from. */
import type { Source } from "../config.ts";
import type { BackupFiles } from "../files.ts";
import type { Work } from "../work.ts";

export interface Bringing<S extends Source = Source> {
  readonly source: S;
  /** What is in it becomes the copy; it holds what the last run brought, so that only changes cross the network. */
  readonly folder: string;
  readonly files: BackupFiles;
  readonly work: Work;
}

export type Of<Kind extends Source["kind"]> = Extract<Source, { kind: Kind }>;
