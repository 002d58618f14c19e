/** pgbackrest.conf of a drill room: it reads the site's repositories in the store itself, and restores into its scratch folder alone. Secret. */
import type { SiteSecrets } from "../../custody/types.ts";
import type { BackupModel, Model, SiteModel } from "../../model/types.ts";
import { ini } from "./ini.ts";
import { archivedServers, stanzaOf } from "./names.ts";
import { ciphers, processesOf, repositories } from "./pgbackrest-host-conf.ts";

export function pgbackrestRoomConf(model: Model, site: SiteModel, backup: BackupModel, secrets: SiteSecrets): string {
  const servers = archivedServers(model);
  return ini({
    global: [
      ["lock-path", "/run/backup/lock"],
      ["spool-path", "/run/backup/spool"],
      ["log-level-file", "off"],
      ["log-level-console", "info"],
      ["log-level-stderr", "off"],
      ["log-timestamp", "n"],
      ["process-max", processesOf(site)],
      ...repositories(site, backup, servers),
    ],
    ...Object.fromEntries(
      servers.map((server) => [
        stanzaOf(server),
        [...ciphers(backup, server, secrets), ["pg1-path", "/scratch/data"] as const],
      ]),
    ),
  });
}
