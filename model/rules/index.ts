/** Every rule that a valid inventory holds, one line each. */
import * as backup from "./backup.ts";
import * as hosts from "./hosts.ts";
import * as identity from "./identity.ts";
import * as merges from "./merges.ts";
import * as network from "./network.ts";
import * as placement from "./placement.ts";
import { undeclaredReferences } from "./references.ts";
import type { Rule } from "./rule.ts";

export const rules: readonly Rule[] = [
  { code: "region-of-other-folder", find: identity.regionOfOtherFolder },
  { code: "duplicate-id", find: identity.duplicateIds },
  { code: "duplicate-number", find: identity.duplicateNumbers },
  { code: "duplicate-host", find: identity.duplicateHosts },
  { code: "duplicate-zone", find: identity.duplicateZones },
  { code: "duplicate-name-server", find: identity.duplicateNameServers },
  { code: "duplicate-bucket", find: identity.duplicateBuckets },
  { code: "duplicate-repository", find: identity.duplicateRepositories },
  { code: "duplicate-ssh-key", find: identity.duplicateSshKeys },
  { code: "ambiguous-alias", find: identity.ambiguousAliases },
  { code: "undeclared", find: undeclaredReferences },
  { code: "merged-into-itself", find: merges.mergedIntoItself },
  { code: "merge-cycle", find: merges.mergeCycles },
  { code: "pools-overlap", find: network.overlappingPools },
  { code: "networks-overlap", find: network.overlappingNetworks },
  { code: "network-outside-pool", find: network.networksOutsidePools },
  { code: "pool-exhausted", find: network.exhaustedOpdPools },
  { code: "pools-same-numbers", find: network.poolsOfSameNumbers },
  { code: "workload-outside-network", find: network.workloadsOutsideNetworks },
  { code: "backbone-collision", find: network.backboneOffsetsTooNear },
  { code: "duplicate-public-address", find: network.publicAddressTwice },
  { code: "guaranteed-above-maximum", find: network.guaranteedAboveMaximum },
  { code: "guaranteed-above-uplink", find: network.guaranteedAboveUplink },
  { code: "host-outside-domain", find: hosts.hostsOutsideDomain },
  { code: "host-reserved", find: hosts.reservedHosts },
  { code: "mail-server-without-address", find: hosts.mailServersWithoutAddress },
  { code: "host-target", find: hosts.hostsWithoutOneTarget },
  { code: "host-dangling", find: hosts.danglingHosts },
  { code: "zone-missing", find: hosts.regionWithoutZone },
  { code: "zone-outside-domain", find: hosts.zonesOutsideDomain },
  { code: "certificate-outside-domain", find: hosts.certificatesOutsideDomain },
  { code: "designation-missing", find: placement.missingDesignations },
  { code: "designation-twice", find: placement.sameDesignation },
  { code: "capacity-exceeded", find: placement.capacityExceeded },
  { code: "run-missing", find: placement.runningWithoutRun },
  { code: "run-elsewhere", find: placement.runElsewhere },
  { code: "database-server-not-running", find: placement.runningOnUnrunServer },
  { code: "sync-without-second-site", find: placement.syncWithoutSecondSite },
  { code: "sync-with-loss", find: placement.syncWithLoss },
  { code: "rpo-below-interval", find: backup.rpoBelowInterval },
  { code: "incremental-interval", find: backup.incrementalNotShorter },
  { code: "nothing-retained", find: backup.nothingRetained },
  { code: "certificate-life", find: backup.certificateRenewedTooLate },
];
