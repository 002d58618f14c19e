/** The properties of a container that this plugin knows: one line each. */
import { LABEL_FIELDS } from "../labels.ts";
import type { Fields, Properties } from "../property.ts";
import {
  sameBlocksExcept,
  sameCapabilities,
  sameCpus,
  sameHealthcheck,
  sameSecurityOptions,
  sameTmpfs,
} from "../same.ts";
import { text, UNKNOWN, type Value, type ValueMap } from "../values.ts";
import * as rule from "./rules.ts";

const CAPABILITIES: Fields = { adds: { kind: "texts", absent: [] }, drops: { kind: "texts", absent: [] } };

const HEALTHCHECK: Fields = {
  interval: { kind: "text", fallback: "0s", absent: "0s" },
  retries: { kind: "integer", absent: 0 },
  startInterval: { kind: "text", fallback: "0s", absent: "0s" },
  startPeriod: { kind: "text", fallback: "0s", absent: "0s" },
  tests: { kind: "texts", absent: [] },
  timeout: { kind: "text", fallback: "0s", absent: "0s" },
};

const HOST: Fields = {
  host: { kind: "text", required: true, absent: "" },
  ip: { kind: "text", required: true, absent: "" },
};

const MOUNT: Fields = {
  readOnly: { kind: "flag", absent: null },
  source: { kind: "text", absent: "" },
  target: { kind: "text", required: true, absent: "" },
  type: { kind: "text", required: true, absent: "" },
};

const NETWORK: Fields = {
  aliases: { kind: "texts", absent: [] },
  driverOpts: { kind: "texts", absent: [] },
  gwPriority: { kind: "integer", absent: null },
  ipv4Address: { kind: "text", absent: "" },
  ipv6Address: { kind: "text", absent: "" },
  linkLocalIps: { kind: "texts", absent: [] },
  macAddress: { kind: "text", absent: "" },
  name: { kind: "text", required: true, absent: "" },
};

const PORT: Fields = {
  external: { kind: "integer", absent: UNKNOWN },
  internal: { kind: "integer", required: true, absent: null },
  ip: { kind: "text", absent: "0.0.0.0" },
  protocol: { kind: "text", fallback: "tcp", absent: "tcp" },
};

const ULIMIT: Fields = {
  hard: { kind: "integer", required: true, absent: 0 },
  name: { kind: "text", required: true, absent: "" },
  soft: { kind: "integer", required: true, absent: 0 },
};

const UPLOAD: Fields = {
  content: { kind: "text", absent: "" },
  contentBase64: { kind: "text", absent: "" },
  executable: { kind: "flag", absent: false },
  file: { kind: "text", required: true, absent: "" },
  permissions: { kind: "text", absent: "" },
  source: { kind: "text", absent: "" },
  sourceHash: { kind: "text", absent: "" },
};

const VOLUME: Fields = {
  containerPath: { kind: "text", required: true, absent: "" },
  fromContainer: { kind: "text", absent: "" },
  hostPath: { kind: "text", absent: "" },
  readOnly: { kind: "flag", absent: null },
  selinuxRelabel: { kind: "text", absent: "" },
  volumeName: { kind: "text", absent: "" },
};

export const PROPERTIES: Properties = {
  attach: {
    kind: "flag",
    change: "knob",
    preview: false,
    rule: rule.onlyFalse("the container always runs in the background"),
  },
  capabilities: { kind: { block: CAPABILITIES }, change: "replace", preview: null, same: sameCapabilities },
  cgroupnsMode: { kind: "text", change: "replace", chosen: true, preview: null, rule: rule.oneOf("private", "host") },
  command: { kind: "texts", ordered: true, change: "replace", chosen: true, preview: UNKNOWN },
  containerReadRefreshTimeoutMilliseconds: { kind: "integer", change: "knob", fallback: 15_000, preview: 15_000 },
  cpuSet: { kind: "text", change: "update", liftReplaces: true, preview: null },
  cpuShares: { kind: "integer", change: "update", liftReplaces: true, preview: null },
  cpus: { kind: "text", change: "update", liftReplaces: true, preview: null, same: sameCpus, rule: rule.decimal },
  destroyGraceSeconds: { kind: "integer", change: "knob", preview: null },
  dns: { kind: "texts", change: "replace", preview: null },
  dnsOpts: { kind: "texts", change: "replace", preview: null },
  dnsSearches: { kind: "texts", change: "replace", preview: null },
  domainname: { kind: "text", change: "replace", preview: null },
  entrypoints: { kind: "texts", ordered: true, change: "replace", chosen: true, preview: UNKNOWN },
  envs: { kind: "texts", change: "replace", chosen: true, preview: UNKNOWN, rule: rule.environment },
  groupAdds: { kind: "texts", change: "replace", preview: null },
  healthcheck: {
    kind: { block: HEALTHCHECK },
    change: "replace",
    stable: false,
    chosen: true,
    preview: UNKNOWN,
    same: sameHealthcheck,
    rule: rule.healthcheck,
  },
  hostname: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  hosts: { kind: { blocks: HOST }, change: "replace", preview: [] },
  image: { kind: "text", change: "replace", required: true, preview: UNKNOWN },
  init: { kind: "flag", change: "replace", stable: false, chosen: true, preview: UNKNOWN },
  ipcMode: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  labels: { kind: { blocks: LABEL_FIELDS }, change: "replace", chosen: true, preview: UNKNOWN },
  logDriver: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  logOpts: { kind: "textMap", change: "replace", preview: null },
  logs: { kind: "flag", change: "knob", preview: false, rule: rule.onlyFalse("read them with docker logs") },
  maxRetryCount: { kind: "integer", change: "update", preview: null },
  memory: { kind: "integer", change: "update", liftReplaces: true, preview: null, rule: rule.atLeast(6, "MiB") },
  memoryReservation: { kind: "integer", change: "update", liftReplaces: true, preview: 0 },
  memorySwap: { kind: "integer", change: "update", chosen: true, preview: null, rule: rule.memorySwap },
  mounts: { kind: { blocks: MOUNT }, change: "replace", preview: [], rule: rule.mounts },
  mustRun: { kind: "flag", change: "update", stable: false, fallback: true, preview: true },
  name: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN, rule: rule.containerName },
  networkMode: { kind: "text", change: "replace", fallback: "bridge", preview: "bridge", same: sameNetworkMode },
  networksAdvanced: {
    kind: { blocks: NETWORK },
    change: "replace",
    preview: [],
    same: sameBlocksExcept(["ipv4Address", "ipv6Address", "macAddress"], bareNetwork),
    rule: rule.networks,
  },
  pidMode: { kind: "text", change: "replace", preview: null },
  ports: {
    kind: { blocks: PORT },
    change: "replace",
    preview: [],
    same: sameBlocksExcept(["external"], spelledPort),
    rule: rule.ports,
  },
  privileged: { kind: "flag", change: "replace", preview: null },
  publishAllPorts: { kind: "flag", change: "replace", preview: null },
  readOnly: { kind: "flag", change: "replace", preview: false },
  removeVolumes: { kind: "flag", change: "knob", fallback: true, preview: true },
  restart: {
    kind: "text",
    change: "update",
    fallback: "no",
    preview: "no",
    rule: rule.oneOf("no", "on-failure", "always", "unless-stopped"),
  },
  rm: { kind: "flag", change: "knob", preview: false },
  securityOpts: { kind: "texts", change: "replace", chosen: true, preview: UNKNOWN, same: sameSecurityOptions },
  shmSize: { kind: "integer", change: "replace", chosen: true, preview: UNKNOWN },
  start: { kind: "flag", change: "knob", fallback: true, preview: true },
  stdinOpen: { kind: "flag", change: "replace", preview: false },
  stopSignal: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  stopTimeout: { kind: "integer", change: "replace", chosen: true, preview: UNKNOWN },
  sysctls: { kind: "textMap", change: "replace", preview: null },
  tmpfs: { kind: "textMap", change: "replace", stable: false, preview: null, same: sameTmpfs },
  tty: { kind: "flag", change: "replace", preview: false },
  ulimits: { kind: { blocks: ULIMIT }, change: "replace", preview: [] },
  uploads: { kind: { blocks: UPLOAD }, change: "replace", preview: [], rule: rule.uploads },
  user: { kind: "text", change: "replace", chosen: true, preview: null },
  volumes: { kind: { blocks: VOLUME }, change: "replace", preview: [], rule: rule.volumes },
  wait: { kind: "flag", change: "knob", preview: false },
  waitTimeout: { kind: "integer", change: "knob", fallback: 60, preview: 60 },
  workingDir: { kind: "text", change: "replace", chosen: true, preview: null },
};

/** Inputs of the official plugin that we refuse rather than ignore. */
export const REFUSED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "cgroupParent",
    "cpuPeriod",
    "cpuQuota",
    "deviceCgroupRules",
    "deviceReadBps",
    "deviceReadIops",
    "deviceRequests",
    "deviceWriteBps",
    "deviceWriteIops",
    "devices",
    "gpus",
    "platform",
    "runtime",
    "storageOpts",
    "usernsMode",
  ].map((name) => [name, "none of our programs uses it; leave it out, or deploy with the official plugin"]),
);

/** Outputs that are no inputs here, as a preview of the official plugin shows them. */
export const DERIVED: Readonly<Record<string, Value>> = {
  bridge: UNKNOWN,
  cgroupParent: null,
  containerLogs: UNKNOWN,
  cpuPeriod: null,
  cpuQuota: null,
  deviceReadBps: [],
  deviceReadIops: [],
  deviceRequests: [],
  deviceWriteBps: [],
  deviceWriteIops: [],
  devices: [],
  exitCode: UNKNOWN,
  gpus: null,
  id: UNKNOWN,
  networkDatas: UNKNOWN,
  platform: UNKNOWN,
  runtime: UNKNOWN,
  storageOpts: null,
  usernsMode: null,
};

/** Docker calls the default network mode both `bridge` and `default`. */
function sameNetworkMode(left: Value, right: Value): boolean {
  const spell = (mode: Value) => (text(mode) === "default" || text(mode) === "" ? "bridge" : text(mode));
  return spell(left) === spell(right);
}

function spelledPort(port: ValueMap): ValueMap {
  return { ...port, ip: text(port.ip) || "0.0.0.0", protocol: text(port.protocol) || "tcp" };
}

/** Aliases are a set. */
function bareNetwork(network: ValueMap): ValueMap {
  const aliases = network.aliases;
  return Array.isArray(aliases) ? { ...network, aliases: [...aliases].sort() } : network;
}

export const FIXED = [
  "cgroupParent",
  "deviceRequests",
  "devices",
  "gpus",
  "platform",
  "runtime",
  "storageOpts",
  "usernsMode",
];
