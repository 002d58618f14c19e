/** The sites that a question about backups goes to, and which of them answered. */
import { LumbungError, wrongUse } from "../../io/errors.ts";
import type { BackupModel, Model, SiteModel } from "../../model/types.ts";
import { siteOption } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";

/** The region's backups. @throws LumbungError (2) where none are declared running. */
export function backupsOf({ backup, region }: Model): BackupModel {
  if (backup) return backup;
  throw wrongUse(
    { id: `wilayah ${region.id}: cadangan belum dinyatakan`, en: `region ${region.id}: no backups are declared` },
    { id: "backup: {status: running} di backup.yaml", en: "backup: {status: running} in backup.yaml" },
  );
}

/** The site of --site, or all. @throws LumbungError (2) where it is not declared. */
export function sitesOf(options: Options, model: Model): readonly SiteModel[] {
  return options.site === undefined ? model.sites : [siteOption(options, model)];
}

export interface Answers<T> {
  readonly told: readonly T[];
  readonly silent: readonly LumbungError[];
}

/** What each site says. One that is out of reach does not keep the other from being heard. @throws what is no LumbungError (3). */
export async function fromEach<T>(
  sites: readonly SiteModel[],
  ask: (site: SiteModel) => Promise<T>,
): Promise<Answers<T>> {
  const settled = await Promise.allSettled(sites.map(ask));
  const told: T[] = [];
  const silent: LumbungError[] = [];
  for (const one of settled) {
    if (one.status === "fulfilled") told.push(one.value);
    else if (one.reason instanceof LumbungError && one.reason.exitCode === 3) silent.push(one.reason);
    else throw one.reason;
  }
  return { told, silent };
}

/** Tells on standard error which sites were not heard. */
export function warnOf(silent: readonly LumbungError[]): void {
  for (const { text, hint } of silent)
    process.stderr.write(`! ${say(text)}${hint === undefined ? "" : `\n  → ${say(hint)}`}\n`);
}
