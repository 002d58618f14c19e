/** Asks this machine and its engine what the preflight must know. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { CLIENT_PORT } from "../components/epoch/members.ts";
import { LABEL } from "../components/runtime/docker/names.ts";
import type { DockerEngine } from "../io/docker-engine.ts";
import { alignedSubnet } from "../model/derive/addresses.ts";
import type { Model } from "../model/types.ts";
import { type Machine, published } from "./preflight.ts";

export async function observeMachine(model: Model, engine: DockerEngine): Promise<Machine> {
  const running = new Set(
    (await engine.listContainers({ [LABEL.region]: model.region.id }))
      .filter((container) => container.State === "running")
      .flatMap((container) => container.Names.map((name) => name.replace(/^\//, ""))),
  );
  const local = engine.endpoint.kind === "unix";
  return {
    running,
    freeDiskBytes: local ? await freeDisk((await engine.info()).DockerRootDir) : undefined,
    availableMemoryBytes: local ? await availableMemory() : undefined,
    foreignNetworks: [...(await foreignNetworks(model, engine)), ...(local ? ownNetworks(model) : [])],
    refusedBindings: local ? await refusedBindings(model, running) : [],
  };
}

async function freeDisk(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** What Linux says can be had without swapping; undefined elsewhere. */
async function availableMemory(): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

async function foreignNetworks(model: Model, engine: DockerEngine): Promise<Machine["foreignNetworks"]> {
  const networks = await engine.listNetworks();
  return networks
    .filter((network) => network.Labels?.[LABEL.region] !== model.region.id)
    .flatMap((network) =>
      (network.IPAM.Config ?? []).flatMap(({ Subnet }) =>
        Subnet === undefined || Subnet.includes(":") ? [] : [{ name: `docker: ${network.Name}`, subnet: Subnet }],
      ),
    );
}

/** Networks that the machine itself is in, but for the bridges that Docker made for this region. */
function ownNetworks(model: Model): Machine["foreignNetworks"] {
  const gateways = new Set(
    [model.backbone, ...model.sites.map((site) => site.network)].map((network) => network.gateway),
  );
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal, address }) => family === "IPv4" && !internal && !gateways.has(address))
      .flatMap(({ cidr }) => {
        const subnet = cidr === null ? undefined : alignedSubnet(cidr);
        return subnet === undefined ? [] : [{ name, subnet }];
      }),
  );
}

/** Tries each address that a site will publish on, where the workload that publishes it does not run yet. */
async function refusedBindings(model: Model, running: ReadonlySet<string>): Promise<Machine["refusedBindings"]> {
  const wanted = model.sites.flatMap((site) =>
    published(model)
      .filter(({ by }) =>
        site.workloads.some((workload) => workload.kind === by && !running.has(`${site.stack}-${workload.name}`)),
      )
      .map(({ port, protocol }) => ({ address: site.publicAddress, port, protocol })),
  );
  const { witness } = model;
  if (witness && !running.has(`${witness.stack}-epoch`)) {
    wanted.push({ address: witness.publicAddress, port: CLIENT_PORT, protocol: "tcp" });
  }
  const tried = await Promise.all(
    wanted.map(async (binding) => ({
      ...binding,
      reason: await bindingError(binding.address, binding.port, binding.protocol),
    })),
  );
  return tried.flatMap(({ reason, ...binding }) => (reason === undefined ? [] : [{ ...binding, reason }]));
}

async function bindingError(address: string, port: number, protocol: "tcp" | "udp"): Promise<string | undefined> {
  const socket = protocol === "tcp" ? createServer() : createSocket("udp4");
  try {
    if ("bind" in socket) socket.bind(port, address);
    else socket.listen(port, address);
    await once(socket, "listening");
    const closed = once(socket, "close");
    socket.close();
    await closed;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
