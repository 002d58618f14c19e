import type { SiteSecrets } from "../../custody/types.ts";
import type { CodeRepositoryModel, Model, SiteModel } from "../../model/types.ts";
import { repositoryHost } from "../backup/names.ts";
import { copiesFile } from "../copies.ts";
import { gatewaySetting, identityVolume, keepFile } from "../keep.ts";
import { lacking } from "../lacking.ts";
import { placementOfKind } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";
import { byId } from "./access.ts";
import { cgitrc } from "./cgitrc.ts";
import { gitoliteConf } from "./gitolite-conf.ts";
import { htpasswd } from "./htpasswd.ts";
import { allowedSigners, authorizedKeys } from "./keys.ts";
import { nginxConf } from "./nginx-conf.ts";
import { codeEnv, repositoriesTsv } from "./settings.ts";

const SSH_PORT = 2222;

/**
 * The code repository of a site: gitolite over SSH and HTTPS, cgit, and the copy of the other site's.
 * @throws where the model declares none, or model or secrets lack what it needs.
 */
export function codeWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const { code } = model;
  if (!code) throw new Error(`site ${site.id}: no code repository is declared running`);
  const placement = placementOfKind(site, "code");
  return {
    name: placement.name,
    kind: "code",
    image: "code",
    user: { uid: 2008, gid: 2008 },
    environment: gatewaySetting(site),
    files: files(model, site, code, secrets),
    volumes: [{ name: "data", path: "/var/lib/code", keeps: "data" }, identityVolume],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
      published: [{ port: SSH_PORT, published: code.sshPort, protocol: "tcp" }],
    },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

function files(model: Model, site: SiteModel, code: CodeRepositoryModel, secrets: SiteSecrets): WorkloadFile[] {
  const placement = placementOfKind(site, "code");
  return [
    ...tlsFiles(secrets, placement.name),
    keepFile(model, site, placement.name, secrets),
    copiesFile(model),
    { path: "code.env", content: codeEnv(model, site, code, secrets) },
    { path: "repositories.tsv", content: repositoriesTsv(model, code) },
    { path: "nginx.conf", content: webConf(model, site) },
    { path: "gitolite.conf", content: gitoliteConf(code) },
    { path: "authorized_keys", content: authorizedKeys(code.people) },
    { path: "htpasswd", content: htpasswd(code, secrets), secret: true },
    { path: "ssh/host_key", content: hostKey(secrets), secret: true },
    ...byId(code).map((repository) => ({
      path: `signers/${repository.id}`,
      content: allowedSigners(repository, code.people),
    })),
    ...code.people.map(({ role }) => ({ path: `cgit/${role}.cgitrc`, content: cgitrc(model, code, role) })),
  ];
}

function webConf(model: Model, site: SiteModel): string {
  const peer = model.sites.find((other) => other.id !== site.id);
  const backup = repositoryHost(site);
  return nginxConf({
    hostName: placementOfKind(site, "code").hostName,
    gateway: placementOfKind(site, "gateway").hostName,
    ...(peer ? { peer: placementOfKind(peer, "code").hostName } : {}),
    ...(backup ? { backup: backup.hostName } : {}),
    monitors: model.sites
      .flatMap((each) => each.workloads.filter(({ kind }) => kind === "ops"))
      .map((ops) => ops.hostName),
    ipv6: site.network.subnet6 !== undefined,
  });
}

/** PKCS#8, which sshd reads as it is. */
function hostKey(secrets: SiteSecrets): string {
  if (!secrets.codeHostKey) throw lacking(secrets, "codeHostKey", "a key");
  return secrets.codeHostKey.key;
}
