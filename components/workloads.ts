/** The workloads of a site, from the model and the site's secrets: pure, so that golden tests hold them. */
import type { KnownApprover } from "../custody/approvers.ts";
import type { PlaceSecrets, SiteSecrets } from "../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../model/types.ts";
import { applicationWorkload } from "./application/workload.ts";
import { backupWorkload, drillWorkload } from "./backup/workload.ts";
import { codeWorkload } from "./code/workload.ts";
import { dnsWorkload } from "./dns/workload.ts";
import { epochWorkload } from "./epoch/workload.ts";
import { etcdWorkload } from "./etcd/workload.ts";
import { gatewayWorkload } from "./gateway/workload.ts";
import { mariadbWorkload } from "./mariadb/workload.ts";
import { objectsWorkload } from "./objects/workload.ts";
import { opsWorkload, type Programme } from "./ops/workload.ts";
import { phpWorkload } from "./php/workload.ts";
import { postgresWorkload } from "./postgres/workload.ts";
import { signerWorkload } from "./signer/workload.ts";
import { webWorkload } from "./web/workload.ts";
import type { Workload } from "./workload.ts";

export interface SiteInputs {
  readonly model: Model;
  readonly site: SiteModel;
  readonly secrets: SiteSecrets;
  /** The pages of the portal and of the agencies' sites, as one tar. */
  readonly sites: Uint8Array;
  /** The programme's commit, which evidence names. */
  readonly commit?: string;
  /** Who may approve runbooks, with their keys. Default: nobody whose key is not in the inventory. */
  readonly approvers?: readonly KnownApprover[];
  /** What duties are assessed from on schedule. Default: no site assesses any. */
  readonly material?: Programme["material"];
}

/** In order of start; without the configuration carrier, which belongs to the runtime. */
export function siteWorkloads(inputs: SiteInputs): Workload[] {
  return inputs.site.workloads
    .filter((placement) => placement.kind !== "config")
    .map((placement) => workloadOf(placement, inputs));
}

/** What runs at the witness, in order of start; without the configuration carrier. */
export function witnessWorkloads(model: Model, secrets: PlaceSecrets): Workload[] {
  return model.witness ? [epochWorkload(model, model.witness, secrets)] : [];
}

function workloadOf(placement: WorkloadPlacement, inputs: SiteInputs): Workload {
  const { model, site, secrets, sites, commit, approvers, material } = inputs;
  switch (placement.kind) {
    case "etcd":
      return etcdWorkload(model, site, secrets);
    case "epoch":
      return epochWorkload(model, site, secrets);
    case "postgresql":
      return postgresWorkload(model, site, declared(model.databaseServers, placement), secrets);
    case "mariadb":
      return mariadbWorkload(model, site, declared(model.databaseServers, placement), secrets);
    case "objects":
      return objectsWorkload(model, site, secrets);
    case "code":
      return codeWorkload(model, site, secrets);
    case "backup":
      return backupWorkload(model, site, secrets);
    case "drill":
      return drillWorkload(model, site, secrets);
    case "dns":
      return dnsWorkload(model, site, secrets);
    case "gateway":
      return gatewayWorkload(model, site, secrets);
    case "web":
      return webWorkload(model, site, secrets, sites);
    case "application":
      return anApplication(model, site, declared(model.applications, placement), secrets);
    case "signer":
      return signerWorkload(model, site, secrets);
    case "ops":
      return opsWorkload(model, site, secrets, {
        ...(commit ? { commit } : {}),
        ...(approvers ? { approvers } : {}),
        ...(material ? { material } : {}),
      });
    case "config":
      throw new Error("the configuration carrier belongs to the runtime");
  }
}

function anApplication(...told: Parameters<typeof applicationWorkload>): Workload {
  const [, , application] = told;
  return application.run?.runtime === "php" ? phpWorkload(...told) : applicationWorkload(...told);
}

function declared<T extends { readonly id: string }>(all: readonly T[], placement: WorkloadPlacement): T {
  const found = all.find((one) => one.id === placement.of);
  if (!found) throw new Error(`workload ${placement.name}: "${placement.of}" is not declared`);
  return found;
}
