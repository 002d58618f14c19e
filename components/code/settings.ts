/** What the programs of images/code are told besides rules and keys. */
import type { SiteSecrets } from "../../custody/types.ts";
import type { CodeRepositoryModel, Model, SiteModel } from "../../model/types.ts";
import { gatewaySetting } from "../keep.ts";
import { byId, checked } from "./access.ts";

/** How long the copy keeps what the other site no longer has, days. */
const KEEP_DAYS = 90;
/** Two rounds may fail before the copy is older than declared; a round is one question where nothing changed. */
const ROUNDS_PER_RPO = 3;
const SHORTEST_PERIOD_SECONDS = 3;

/** `code.env`: `KEY=value` lines, none of them secret. @throws where a value would end its line. */
export function codeEnv(model: Model, site: SiteModel, code: CodeRepositoryModel, secrets: SiteSecrets): string {
  const peer = model.sites.find((other) => other.id !== site.id);
  const settings: Readonly<Record<string, string>> = {
    REGION_IDENTITY: secrets.regionIdentity,
    SITE: site.id,
    DESIGNATION: site.designation,
    PEER_SITE: peer?.id ?? "",
    PEER_HOST: peer?.workloads.find(({ kind }) => kind === "code")?.hostName ?? "",
    ...gatewaySetting(site),
    RPO_SECONDS: String(code.rpoSeconds),
    PERIOD_SECONDS: String(Math.max(SHORTEST_PERIOD_SECONDS, Math.floor(code.rpoSeconds / ROUNDS_PER_RPO))),
    KEEP_DAYS: String(KEEP_DAYS),
    PUSH_HINT: pushHint(code, peer),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value === "" ? "" : checked("one line", value, `code.env: ${key}`)}\n`)
    .join("");
}

/** Where the other site takes pushes: by the region's name, which leads to the active site, or by that site's own address. */
function pushHint(code: CodeRepositoryModel, peer: SiteModel | undefined): string {
  const at = code.host ?? peer?.publicAddress;
  const own = code.host && peer ? ` (${peer.publicAddress}:${code.sshPort})` : "";
  return at === undefined ? "" : `ssh://git@${at}:${code.sshPort}/${own}`;
}

/** `repositories.tsv`: id, quota in bytes, application, and the revision of it that is declared to run (`-` for none), a repository a line. */
export function repositoriesTsv(model: Model, code: CodeRepositoryModel): string {
  return byId(code)
    .map(({ id, quotaBytes, application }) => {
      const revision = model.applications.find((one) => one.id === application)?.run?.revision;
      return [
        checked("id", id, "repositories.id"),
        String(quotaBytes),
        application === undefined ? "-" : checked("id", application, `repository ${id}: application`),
        revision === undefined ? "-" : checked("revision", revision, `application ${application}: revision`),
      ];
    })
    .map((fields) => `${fields.join("\t")}\n`)
    .join("");
}
