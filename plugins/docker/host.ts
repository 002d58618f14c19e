/** Where the Docker engine is: provider setting, else DOCKER_HOST, else the local socket. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "./errors.ts";
import { text, type ValueMap } from "./values.ts";

export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export type Endpoint =
  | { readonly kind: "socket"; readonly path: string; readonly shown: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: Tls; readonly shown: string };

const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** The endpoint of a provider configuration. Throws `OperatorError` with what to write instead. */
export function endpointOf(config: ValueMap, environment: Readonly<Record<string, string | undefined>>): Endpoint {
  const address = text(config.host) || environment.DOCKER_HOST || DEFAULT_HOST;
  const scheme = /^([a-z]+):\/\//.exec(address)?.[1];
  if (scheme === "unix") return { kind: "socket", path: address.slice("unix://".length), shown: address };
  if (scheme === "ssh") throw new OperatorError(sshHint(address));
  if (scheme !== "tcp" && scheme !== "http" && scheme !== "https") {
    throw new OperatorError(
      `docker host: expected unix:///path or tcp://address:port, received ${address}. Hint: ${DEFAULT_HOST} is Docker's usual socket`,
    );
  }
  const url = new URL(address.replace(/^tcp:/, "http:"));
  const tls = tlsOf(config, environment);
  const port = url.port === "" ? (tls ? 2376 : 2375) : Number(url.port);
  const secured = tls ?? (scheme === "https" ? {} : undefined);
  return {
    kind: "tcp",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    shown: address,
    ...(secured ? { tls: secured } : {}),
  };
}

function tlsOf(config: ValueMap, environment: Readonly<Record<string, string | undefined>>): Tls | undefined {
  const material: Tls = {
    ...(text(config.caMaterial) ? { ca: text(config.caMaterial) } : {}),
    ...(text(config.certMaterial) ? { cert: text(config.certMaterial) } : {}),
    ...(text(config.keyMaterial) ? { key: text(config.keyMaterial) } : {}),
  };
  if (Object.keys(material).length > 0) return material;
  const folder = text(config.certPath) || (environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH : undefined);
  if (!folder) return undefined;
  return { ca: pem(folder, "ca.pem"), cert: pem(folder, "cert.pem"), key: pem(folder, "key.pem") };
}

function pem(folder: string, file: string): string {
  const path = join(folder, file);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new OperatorError(`docker certPath: expected ${path} to be readable: ${(error as Error).message}`);
  }
}

function sshHint(address: string): string {
  const target = address.slice("ssh://".length);
  return [
    `docker host: expected unix:///path or tcp://address:port, received ${address}; this plugin opens no SSH connection.`,
    `Hint: keep a tunnel open with "ssh -N -L /run/lumbung/docker.sock:/var/run/docker.sock ${target}"`,
    `and set the host to unix:///run/lumbung/docker.sock`,
  ].join(" ");
}
