import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { SignerConfig } from "../../services/signer/config.ts";
import { repositoryHost } from "../backup/names.ts";
import { lacking } from "../lacking.ts";
import { placementOfKind } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";

/** Also where `ops` asks how it is. */
const PORT = 9444;
const COPY_SECONDS = 30;
/** D10: heads are counter-signed every hour. */
const HEAD_SECONDS = 3600;

/**
 * The site's signer of evidence: our own image, apart from what runs jobs. Its records are in a volume of its own; one that is lost
 * begins a new chain, so it needs no permit to be founded. @throws where the model or the secrets lack its place or its keys.
 */
export function signerWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementOfKind(site, "signer");
  const { evidenceKey, evidenceKeys } = secrets;
  if (evidenceKey === undefined) throw lacking(secrets, "evidenceKey", "a key that signs evidence");
  const keys = evidenceKeys.map(({ site: of, publicKey }) => ({ site: of, publicKey }));
  return {
    name: placement.name,
    kind: "signer",
    image: "node",
    user: { uid: 2006, gid: 2006 },
    // Which of the image's services runs.
    environment: { SERVICE: "signer" },
    files: [
      { path: "signer.json", content: json(signerConfig(model, site)) },
      { path: "evidence-keys.json", content: json(keys) },
      { path: "evidence.key", content: evidenceKey.key, secret: true },
      ...tlsFiles(secrets, placement.name),
    ],
    volumes: [{ name: "data", path: "/data", keeps: "data" }],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
    },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

/** What the site's signer is told. */
export function signerConfig(model: Model, site: SiteModel): SignerConfig {
  const other = model.sites.find(({ id }) => id !== site.id);
  const backup = repositoryHost(site);
  const theirs = other === undefined ? undefined : placementOfKind(other, "signer");
  return {
    version: 1,
    region: model.region.id,
    site: site.id,
    port: PORT,
    name: placementOfKind(site, "signer").hostName,
    ops: placementOfKind(site, "ops").hostName,
    monitors: model.sites.map((one) => placementOfKind(one, "ops").hostName),
    ...(backup === undefined ? {} : { backup: backup.hostName }),
    ...(other === undefined || theirs?.backboneAddress === undefined
      ? {}
      : { peer: { site: other.id, name: theirs.hostName, address: theirs.backboneAddress, port: PORT } }),
    copySeconds: COPY_SECONDS,
    headSeconds: HEAD_SECONDS,
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
