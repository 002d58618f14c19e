/** The program of the transcript (plugin-transcripts/README.md), with names and addresses of our own. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { prefixOf } from "./docker.ts";
import { IMAGE } from "./image.ts";

export const PREFIX = prefixOf("steps");

export const NAMES = { network: `${PREFIX}net`, volume: `${PREFIX}vol`, container: `${PREFIX}c`, bad: `${PREFIX}bad` };
export const SECRET = "rahasia-percobaan-7f3a";

/** What a step changes. */
export interface Variation {
  readonly restart?: string;
  readonly env?: string;
  readonly memory?: number;
  readonly conf?: string;
  readonly bad?: boolean;
}

export function program(variation: Variation): pulumi.automation.PulumiFn {
  return async () => {
    const net = new docker.Network("net", {
      name: NAMES.network,
      internal: false,
      labels: [{ label: "app", value: "t" }],
      ipamConfigs: [{ subnet: "10.60.77.0/24", gateway: "10.60.77.1" }],
    });
    const vol = new docker.Volume("vol", { name: NAMES.volume, labels: [{ label: "app", value: "t" }] });
    const auto = new docker.Volume(`${PREFIX}auto`);
    if (variation.bad) new docker.Container("bad", { name: NAMES.bad, image: "no-such-image:1" });
    const c = new docker.Container(
      "c",
      {
        name: NAMES.container,
        image: IMAGE,
        command: ["sleep", "600"],
        init: true,
        restart: variation.restart ?? "unless-stopped",
        user: "1000:1000",
        envs: [variation.env ?? "A=1"],
        memory: variation.memory ?? 64,
        labels: [{ label: "app", value: "t" }],
        capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
        networksAdvanced: [{ name: net.name, aliases: ["c"], ipv4Address: "10.60.77.10" }],
        hosts: [{ host: "x", ip: "10.60.77.9" }],
        volumes: [{ volumeName: vol.name, containerPath: "/data" }],
        tmpfs: { "/scratch": "rw,size=1m" },
        ports: [{ internal: 80, external: 18080, ip: "127.0.60.1" }],
        healthcheck: { tests: ["CMD", "true"], interval: "5s", retries: 3, timeout: "2s", startPeriod: "0s" },
        uploads: [
          { file: "/etc/conf", content: variation.conf ?? "a=1\n", permissions: "0600" },
          { file: "/etc/secret", content: pulumi.secret(SECRET) },
        ],
        stopTimeout: 5,
        mustRun: true,
        wait: false,
      },
      { dependsOn: [auto] },
    );
    return { id: c.id, name: auto.name };
  };
}
