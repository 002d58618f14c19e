/** What a container's property must be. Each rule says what was expected and how to put it right; none repeats a value that may be a secret. */
import { isIP } from "node:net";
import { nanoseconds } from "../same.ts";
import {
  block,
  blocks,
  hasUnknown,
  isEmpty,
  isUnknown,
  number,
  text,
  texts,
  type Value,
  type ValueMap,
} from "../values.ts";

type Rule = (value: Value, all: ValueMap) => string | undefined;

export function onlyFalse(hint: string): Rule {
  return (value) => (value === false ? undefined : `expected false or nothing, received true. Hint: ${hint}`);
}

export function oneOf(...allowed: string[]): Rule {
  return (value) =>
    allowed.includes(text(value))
      ? undefined
      : `expected one of ${allowed.join(", ")}, received ${JSON.stringify(value)}`;
}

export function atLeast(least: number, unit: string): Rule {
  return (value) =>
    number(value) === 0 || number(value) >= least
      ? undefined
      : `expected at least ${least} ${unit}, received ${number(value)}`;
}

export const decimal: Rule = (value) =>
  /^\d*\.?\d+$/.test(text(value))
    ? undefined
    : `expected a number of processors such as "0.5", received ${JSON.stringify(value)}`;

export const containerName: Rule = (value) =>
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(text(value))
    ? undefined
    : `expected letters, digits, "_", "." or "-" (at least two), received ${JSON.stringify(value)}`;

export const memorySwap: Rule = (value, all) => {
  if (number(value) === -1 || isUnknown(all.memory) || number(value) >= number(all.memory)) return undefined;
  return `expected at least the memory of ${number(all.memory)} MiB, or -1, received ${number(value)}. Hint: it counts memory and swap together; equal means no swap`;
};

export const environment: Rule = (value) => {
  const index = texts(value).findIndex((item) => !isUnknown(item) && !/^[^=]+(=|$)/.test(item));
  return index < 0 ? undefined : `[${index}]: expected NAME=value`;
};

export const healthcheck: Rule = (value) => {
  const check = block(value);
  for (const name of ["interval", "timeout", "startPeriod", "startInterval"]) {
    const given = check[name];
    if (given === undefined || isUnknown(given)) continue;
    if (Number.isNaN(nanoseconds(text(given))))
      return `${name}: expected a duration such as "5s", received ${JSON.stringify(given)}`;
  }
  if (!isEmpty(check.startInterval) && nanoseconds(text(check.startInterval)) > 0) {
    return `startInterval: not supported; Docker knows it from API 1.44. Hint: leave it out`;
  }
  const first = texts(check.tests)[0] ?? "";
  if (isUnknown(check.tests) || isUnknown(first) || ["NONE", "CMD", "CMD-SHELL"].includes(first)) return undefined;
  return `tests: expected NONE, CMD or CMD-SHELL as first word, received ${JSON.stringify(first)}`;
};

export const mounts: Rule = (value) => {
  for (const [index, mount] of blocks(value).entries()) {
    const type = mount.type;
    if (!isUnknown(type) && !["bind", "volume", "tmpfs"].includes(text(type))) {
      return `[${index}].type: expected bind, volume or tmpfs, received ${JSON.stringify(type)}`;
    }
    const wrong = absolute(mount.target);
    if (wrong) return `[${index}].target: ${wrong}`;
  }
  return undefined;
};

export const networks: Rule = (value) => {
  for (const [index, network] of blocks(value).entries()) {
    for (const name of ["driverOpts", "linkLocalIps", "gwPriority", "macAddress"]) {
      if (!isEmpty(network[name])) return `[${index}].${name}: is not supported by this plugin. Hint: leave it out`;
    }
    for (const [name, family] of [
      ["ipv4Address", 4],
      ["ipv6Address", 6],
    ] as const) {
      const address = network[name];
      if (isEmpty(address) || isUnknown(address)) continue;
      if (isIP(text(address)) !== family)
        return `[${index}].${name}: expected an IPv${family} address, received ${JSON.stringify(address)}`;
    }
  }
  return undefined;
};

export const ports: Rule = (value) => {
  const seen = new Set<string>();
  for (const [index, port] of blocks(value).entries()) {
    for (const name of ["internal", "external"]) {
      const given = port[name];
      if (given === undefined || isUnknown(given)) continue;
      if (number(given) < 1 || number(given) > 65_535)
        return `[${index}].${name}: expected 1 to 65535, received ${JSON.stringify(given)}`;
    }
    const protocol = port.protocol ?? "tcp";
    if (!isUnknown(protocol) && !["tcp", "udp", "sctp"].includes(text(protocol))) {
      return `[${index}].protocol: expected tcp, udp or sctp, received ${JSON.stringify(protocol)}`;
    }
    const ip = port.ip ?? "";
    if (!isEmpty(ip) && !isUnknown(ip) && isIP(text(ip)) === 0)
      return `[${index}].ip: expected an IP address, received ${JSON.stringify(ip)}`;
    if (hasUnknown(port) || port.external === undefined) continue;
    const key = `${text(ip) || "0.0.0.0"}:${port.external}/${protocol}`;
    if (seen.has(key)) return `[${index}]: ${key} is published twice`;
    seen.add(key);
  }
  return undefined;
};

export const uploads: Rule = (value, all) => {
  const scratch = Object.keys(block(all.tmpfs));
  for (const [index, upload] of blocks(value).entries()) {
    const path = upload.file;
    if (!isEmpty(upload.source) || !isEmpty(upload.sourceHash)) {
      return `[${index}].source: is not supported: the plugin may run elsewhere than the file. Hint: read the file in the program and give content or contentBase64`;
    }
    if (upload.content !== undefined && upload.contentBase64 !== undefined)
      return `[${index}]: expected content or contentBase64, received both`;
    if (isUnknown(path)) continue;
    const wrong = absolute(path);
    if (wrong) return `[${index}].file: ${wrong}`;
    if (text(path).split("/").includes(".."))
      return `[${index}].file: expected a path without "..", received ${text(path)}`;
    const below = scratch.find((folder) => text(path).startsWith(`${folder.replace(/\/$/, "")}/`));
    if (below)
      return `[${index}].file: ${text(path)} is on the tmpfs ${below}, which is empty when the container starts. Hint: upload elsewhere, or use a volume`;
    const permissions = upload.permissions;
    if (!isEmpty(permissions) && !isUnknown(permissions) && !/^0?[0-7]{3,4}$/.test(text(permissions))) {
      return `[${index}].permissions: expected octal digits such as "0600", received ${JSON.stringify(permissions)}`;
    }
  }
  return undefined;
};

export const volumes: Rule = (value) => {
  for (const [index, volume] of blocks(value).entries()) {
    if (!isEmpty(volume.fromContainer) || !isEmpty(volume.selinuxRelabel)) {
      return `[${index}]: fromContainer and selinuxRelabel are not supported by this plugin. Hint: name the volume with volumeName`;
    }
    if (isEmpty(volume.volumeName) === isEmpty(volume.hostPath))
      return `[${index}]: expected either volumeName or hostPath`;
    const wrong = absolute(volume.containerPath) ?? (isEmpty(volume.hostPath) ? undefined : absolute(volume.hostPath));
    if (wrong) return `[${index}]: ${wrong}`;
  }
  return undefined;
};

function absolute(path: Value | undefined): string | undefined {
  if (path === undefined || isUnknown(path)) return undefined;
  return text(path).startsWith("/")
    ? undefined
    : `expected a path that begins with "/", received ${JSON.stringify(path)}`;
}
