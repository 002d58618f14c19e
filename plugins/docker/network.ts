/** docker:index/network:Network */
import { nameIsTaken } from "./diff.ts";
import { EngineError, isStatus, OperatorError } from "./errors.ts";
import { LABEL_FIELDS, labelsFromEngine, labelsToEngine } from "./labels.ts";
import type { Fields, Properties } from "./property.ts";
import type { Context, Found, Made, Resource } from "./resource.ts";
import { sameBlocksExcept } from "./same.ts";
import { driftedInputs, importedInputs, settle } from "./settle.ts";
import { overlaps } from "./subnet.ts";
import { blocks, flag, isEmpty, text, textMap, UNKNOWN, type Value, type ValueMap } from "./values.ts";

const IPAM_FIELDS: Fields = {
  auxAddress: { kind: "textMap", absent: null },
  gateway: { kind: "text", absent: "" },
  ipRange: { kind: "text", absent: "" },
  subnet: { kind: "text", absent: "" },
};

const PROPERTIES: Properties = {
  name: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  driver: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  attachable: { kind: "flag", change: "replace", preview: null },
  ingress: {
    kind: "flag",
    change: "replace",
    preview: null,
    rule: (value) => (value === true ? "an ingress network needs Docker Swarm" : undefined),
  },
  internal: { kind: "flag", change: "replace", chosen: true, preview: UNKNOWN },
  ipv6: { kind: "flag", change: "replace", preview: null },
  ipamDriver: { kind: "text", change: "replace", fallback: "default", preview: "default" },
  ipamOptions: { kind: "textMap", change: "replace", preview: null },
  ipamConfigs: {
    kind: { blocks: IPAM_FIELDS },
    change: "replace",
    chosen: true,
    preview: UNKNOWN,
    same: sameBlocksExcept(["gateway", "ipRange", "subnet"], (item) => item),
  },
  labels: { kind: { blocks: LABEL_FIELDS }, change: "replace", preview: [] },
  options: { kind: "textMap", change: "replace", chosen: true, preview: UNKNOWN },
};

interface NetworkInspect {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly EnableIPv6: boolean;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Containers?: Readonly<Record<string, { Name: string }>> | null;
  readonly IPAM: {
    readonly Driver: string;
    readonly Options: Readonly<Record<string, string>> | null;
    readonly Config:
      | readonly { Subnet?: string; Gateway?: string; IPRange?: string; AuxiliaryAddresses?: Record<string, string> }[]
      | null;
  };
}

export const network: Resource = {
  type: "docker:index/network:Network",
  properties: PROPERTIES,
  refused: {},
  derived: { id: UNKNOWN, scope: UNKNOWN },
  fixed: [],
  exclusive: (declared, state) => nameIsTaken(declared, state) || sharesSubnet(declared, state),
  create,
  read,
  update: async (id, outputs) => ({ id, outputs }),
  delete: remove,
};

/** An address range is held by one network at a time. */
function sharesSubnet(declared: ValueMap, state: ValueMap): boolean {
  const held = blocks(state.ipamConfigs).map((config) => text(config.subnet));
  return blocks(declared.ipamConfigs).some((config) => held.some((subnet) => overlaps(subnet, text(config.subnet))));
}

async function create(inputs: ValueMap, context: Context): Promise<Made> {
  const { engine, signal } = context;
  const name = text(inputs.name);
  const json = {
    Name: name,
    CheckDuplicate: true,
    Driver: text(inputs.driver) || "bridge",
    Internal: flag(inputs.internal),
    Attachable: flag(inputs.attachable),
    EnableIPv6: flag(inputs.ipv6),
    Labels: labelsToEngine(inputs.labels),
    Options: textMap(inputs.options),
    IPAM: {
      Driver: text(inputs.ipamDriver) || "default",
      Options: textMap(inputs.ipamOptions),
      Config: blocks(inputs.ipamConfigs).map(ipamOf),
    },
  };
  let id: string;
  try {
    const made = await engine.post<{ Id: string }>("/networks/create", {
      json,
      what: `create network ${name}`,
      signal,
    });
    id = made.Id;
  } catch (error) {
    throw error instanceof EngineError ? await explained(error, inputs, context) : error;
  }
  const found = await engine.get<NetworkInspect>(`/networks/${id}`, { what: `read network ${name}`, signal });
  return { id, outputs: settle(PROPERTIES, inputs, outputsOf(found)) };
}

function ipamOf(config: ValueMap): Record<string, unknown> {
  return {
    ...(text(config.subnet) ? { Subnet: text(config.subnet) } : {}),
    ...(text(config.gateway) ? { Gateway: text(config.gateway) } : {}),
    ...(text(config.ipRange) ? { IPRange: text(config.ipRange) } : {}),
    ...(isEmpty(config.auxAddress) ? {} : { AuxiliaryAddresses: textMap(config.auxAddress) }),
  };
}

/** Says which network is in the way. */
async function explained(error: EngineError, inputs: ValueMap, { engine, signal }: Context): Promise<Error> {
  const name = text(inputs.name);
  const others = await engine.get<NetworkInspect[]>("/networks", { what: "list the networks", signal });
  const namesake = others.find((other) => other.Name === name);
  if (namesake) {
    return new OperatorError(
      `network ${name} can't be created: the name is taken by network ${namesake.Id.slice(0, 12)} (${subnetsOf(namesake).join(", ") || "no subnet"}), which is not in this stack. ` +
        `Hint: remove it (docker network rm ${name}) or import it (pulumi import docker:index/network:Network ${name} ${namesake.Id})`,
    );
  }
  const wanted = blocks(inputs.ipamConfigs)
    .map((config) => text(config.subnet))
    .filter((subnet) => subnet !== "");
  const rival = others.find((other) =>
    subnetsOf(other).some((subnet) => wanted.some((mine) => overlaps(subnet, mine))),
  );
  if (!rival) return error;
  return new OperatorError(
    `network ${name} can't be created: its subnet ${wanted.join(", ")} overlaps with ${subnetsOf(rival).join(", ")} of network ${rival.Name}. ` +
      `Hint: choose another subnet, or remove that network if nobody needs it`,
  );
}

function subnetsOf(found: NetworkInspect): string[] {
  return (found.IPAM.Config ?? []).flatMap((config) => (config.Subnet ? [config.Subnet] : []));
}

async function read(
  id: string,
  outputs: ValueMap,
  inputs: ValueMap,
  { engine, signal }: Context,
): Promise<Found | undefined> {
  const found = await engine.find<NetworkInspect>(`/networks/${encodeURIComponent(id)}`, {
    what: `read network ${id}`,
    signal,
  });
  if (!found) return undefined;
  const now = settle(PROPERTIES, outputs, outputsOf(found));
  const imported = Object.keys(inputs).length === 0;
  return {
    id: found.Id,
    outputs: now,
    inputs: imported ? importedInputs(PROPERTIES, now) : driftedInputs(PROPERTIES, inputs, now),
  };
}

const SETTLE_MS = 5_000;

/** A container that was just removed may hold its endpoint for a moment: waits for it to let go, then names who has not. */
async function remove(id: string, outputs: ValueMap, { engine, signal }: Context): Promise<void> {
  const name = text(outputs.name) || id;
  const path = `/networks/${encodeURIComponent(id)}`;
  const gone = await engine.until({ type: ["network"], network: [id] }, SETTLE_MS, signal, async () => {
    try {
      await engine.delete(path, { what: `remove network ${name}`, signal });
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return true;
      if (isStatus(error, 403, 409) && /active endpoints/.test(error.said)) return undefined;
      throw error;
    }
  });
  if (gone) return;
  const found = await engine.find<NetworkInspect>(path, { what: `read network ${name}`, signal });
  const users = Object.values(found?.Containers ?? {}).map((user) => `container ${user.Name}`);
  throw new OperatorError(
    `network ${name} is in use by ${users.join(", ") || "an endpoint that Docker does not name"}: it can't be removed. Hint: remove or disconnect what uses it first`,
  );
}

function outputsOf(found: NetworkInspect): ValueMap {
  return {
    __meta: '{"schema_version":"1"}',
    id: found.Id,
    name: found.Name,
    driver: found.Driver,
    scope: found.Scope,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    ipamDriver: found.IPAM.Driver,
    ipamOptions: orNull(found.IPAM.Options),
    ipamConfigs: (found.IPAM.Config ?? []).map((config) => ({
      auxAddress: orNull(config.AuxiliaryAddresses),
      gateway: config.Gateway ?? "",
      ipRange: config.IPRange ?? "",
      subnet: config.Subnet ?? "",
    })),
    labels: labelsFromEngine(found.Labels),
    options: { ...found.Options },
  };
}

function orNull(map: Readonly<Record<string, string>> | null | undefined): Value {
  return map && Object.keys(map).length > 0 ? { ...map } : null;
}
