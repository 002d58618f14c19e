/** How uploads come from the active site to the other one, through both gateways, and to the site's own repository host: rsync over mutual TLS. */
import type { ApplicationModel, Model, SiteModel } from "../../model/types.ts";
import { repositoryHost } from "../backup/names.ts";
import { word } from "../dns/words.ts";
import { UPLOADS_PORT } from "../gateway/plan.ts";

const CONFIG = "/config/current";

/** Host name of the same application at the other site; undefined where there is none. */
export function peerOf(model: Model, site: SiteModel, application: ApplicationModel): string | undefined {
  const name = application.run?.workload;
  return model.sites
    .filter(({ id }) => id !== site.id)
    .flatMap(({ workloads }) => workloads.filter((placement) => placement.name === name))
    .map(({ hostName }) => word("host name", hostName, "workloads.hostName"))[0];
}

/** Who may read an application's uploads, by certificate. */
export interface UploadsReaders {
  /** Host name of the same application at the other site: only while this site is active. Absent where there is no other site. */
  readonly peer?: string;
  /** Host name of the site's own repository host. Absent where no backups run. */
  readonly backup?: string;
}

/** The readers of an application's uploads at a site. @throws a TypeError on a host name that is none. */
export function readersOf(model: Model, site: SiteModel, application: ApplicationModel): UploadsReaders {
  const peer = peerOf(model, site, application);
  const backup = repositoryHost(site)?.hostName;
  return {
    ...(peer === undefined ? {} : { peer }),
    ...(backup === undefined ? {} : { backup: word("host name", backup, "workloads.hostName") }),
  };
}

/** `uploads.env`: `KEY=value` lines, read by the image's `uploads`, `uploads-give` and `health`. */
export function uploadsEnv(application: ApplicationModel, { peer = "", backup = "" }: UploadsReaders): string {
  const uploads = application.run?.uploads;
  if (!uploads) throw new Error(`applications.${application.id}: expected run.uploads, received none`);
  return `PEER_HOST=${peer}\nBACKUP_HOST=${backup}\nRPO_SECONDS=${uploads.rpoSeconds}\nQUOTA_BYTES=${uploads.quotaBytes}\n`;
}

/**
 * Configuration of stunnel: only the bearers of the readers' certificates get as far as rsync (any `checkHost` that matches will do);
 * undefined where there are none, as without a `checkHost` every workload of the region would.
 */
export function uploadsGiveConf({ peer, backup }: UploadsReaders): string | undefined {
  const names = [peer, backup].filter((name) => name !== undefined);
  if (names.length === 0) return undefined;
  return `foreground = yes
pid =
syslog = no
debug = warning

[uploads]
accept = ${UPLOADS_PORT}
cert = ${CONFIG}/tls/server.crt
key = ${CONFIG}/tls/server.key
CAfile = ${CONFIG}/tls/ca.crt
requireCert = yes
verifyChain = yes
${names.map((name) => `checkHost = ${word("host name", name, "uploads.readers")}`).join("\n")}
sslVersionMin = TLSv1.2
exec = /usr/local/lib/lumbung/uploads-give
execArgs = uploads-give
`;
}
