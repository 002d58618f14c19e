/** How uploads come from the active site to the other one: rsync over mutual TLS between the two applications, through both gateways. */
import type { ApplicationModel, Model, SiteModel } from "../../model/types.ts";
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

/** `uploads.env`: `KEY=value` lines, read by the image's `uploads` and `health`. */
export function uploadsEnv(application: ApplicationModel, peer: string | undefined): string {
  const uploads = application.run?.uploads;
  if (!uploads) throw new Error(`applications.${application.id}: expected run.uploads, received none`);
  return `PEER_HOST=${peer ?? ""}\nRPO_SECONDS=${uploads.rpoSeconds}\nQUOTA_BYTES=${uploads.quotaBytes}\n`;
}

/** Configuration of stunnel: only the bearer of the peer's certificate gets as far as rsync. */
export function uploadsGiveConf(peer: string): string {
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
checkHost = ${word("host name", peer, "uploads.peer")}
sslVersionMin = TLSv1.2
exec = /usr/local/lib/lumbung/uploads-give
execArgs = uploads-give
`;
}
