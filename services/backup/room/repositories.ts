/** Which repositories a run in the room reads: the site's own, or those of a copy from elsewhere, whose keys are in memory for as long as it runs. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryNumber } from "../../../model/derive/backup-repositories.ts";
import { paths } from "../config.ts";
import { resticEnvironment } from "../engines/restic.ts";
import type { ResticSettings } from "../keep.ts";
import type { Imported } from "../wire.ts";

export interface Repositories {
  /** pgbackrest.conf */
  readonly conf: string;
  readonly restic: ResticSettings;
  /** Takes the keys away again. */
  readonly close: () => Promise<void>;
}

const OWN_CONF = `${paths.run}/pgbackrest.conf`;

/** `/run` is memory: nothing of it is ever on a disk. */
export async function repositoriesOf(imported: Imported | undefined): Promise<Repositories> {
  if (imported === undefined) return { conf: OWN_CONF, restic: {}, close: async () => {} };
  await mkdir(paths.run, { recursive: true });
  const folder = await mkdtemp(join(paths.run, "imported-"));
  const [conf, password] = [join(folder, "pgbackrest.conf"), join(folder, "restic.password")];
  await writeFile(conf, importedConf(await readFile(OWN_CONF, "utf8"), imported), { mode: 0o600 });
  await writeFile(password, imported.passphrases.restic ?? "", { mode: 0o600 });
  const repository = (resticEnvironment().RESTIC_REPOSITORY ?? "").replace(/\/restic$/, `/${imported.prefix}restic`);
  return {
    conf,
    restic: { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD_FILE: password },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The room's own file with other paths and keys. Pure. */
export function importedConf(own: string, { prefix, passphrases }: Imported): string {
  const classes = new Map(Object.entries(repositoryNumber).map(([name, number]) => [String(number), name]));
  let stanza = "";
  return own
    .split("\n")
    .map((line) => {
      stanza = /^\[(.+)\]$/.exec(line)?.[1] ?? stanza;
      const [, path] = /^repo\d+-path=\/(.*)$/.exec(line) ?? [];
      if (path !== undefined) return line.replace(/=.*$/, `=/${prefix}${path}`);
      const [, number = ""] = /^repo(\d+)-cipher-pass=/.exec(line) ?? [];
      const key = passphrases[`postgresql:${stanza}/${classes.get(number)}`];
      return number !== "" && key !== undefined ? `repo${number}-cipher-pass=${key}` : line;
    })
    .join("\n");
}
