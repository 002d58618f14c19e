/** docker:index/volume:Volume */
import { nameIsTaken } from "./diff.ts";
import { isStatus, OperatorError } from "./errors.ts";
import { LABEL_FIELDS, labelsFromEngine, labelsToEngine } from "./labels.ts";
import type { Properties } from "./property.ts";
import type { Context, Found, Made, Resource } from "./resource.ts";
import { sameValue } from "./same.ts";
import { driftedInputs, importedInputs, settle } from "./settle.ts";
import { text, textMap, UNKNOWN, type ValueMap } from "./values.ts";

const PROPERTIES: Properties = {
  name: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  driver: { kind: "text", change: "replace", chosen: true, preview: UNKNOWN },
  driverOpts: { kind: "textMap", change: "replace", preview: null },
  labels: { kind: { blocks: LABEL_FIELDS }, change: "replace", preview: [] },
};

interface VolumeInspect {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Options: Readonly<Record<string, string>> | null;
}

export const volume: Resource = {
  type: "docker:index/volume:Volume",
  properties: PROPERTIES,
  refused: { cluster: "cluster volumes need Docker Swarm" },
  derived: { id: UNKNOWN, mountpoint: UNKNOWN, cluster: null },
  fixed: [],
  exclusive: nameIsTaken,
  create,
  read,
  update,
  delete: remove,
};

async function create(inputs: ValueMap, { engine, signal }: Context): Promise<Made> {
  const name = text(inputs.name);
  const existing = await engine.find<VolumeInspect>(pathOf(name), { what: `look for volume ${name}`, signal });
  if (existing) refuseStranger(existing, inputs);
  const json = {
    Name: name,
    Labels: labelsToEngine(inputs.labels),
    ...(text(inputs.driver) ? { Driver: text(inputs.driver) } : {}),
    ...(inputs.driverOpts ? { DriverOpts: textMap(inputs.driverOpts) } : {}),
  };
  const made = await engine.post<VolumeInspect>("/volumes/create", { json, what: `create volume ${name}`, signal });
  return { id: made.Name, outputs: settle(PROPERTIES, inputs, outputsOf(made)) };
}

/** Docker gives back a volume that exists; that is how a retained one returns. But only if it is the one that is meant. */
function refuseStranger(existing: VolumeInspect, inputs: ValueMap): void {
  const wanted = {
    driver: text(inputs.driver) || "local",
    options: textMap(inputs.driverOpts),
    labels: labelsToEngine(inputs.labels),
  };
  const has = { driver: existing.Driver, options: existing.Options ?? {}, labels: existing.Labels ?? {} };
  const differs = (["driver", "options", "labels"] as const).filter((part) => !sameValue(wanted[part], has[part]));
  if (differs.length === 0) return;
  const part = differs[0] ?? "labels";
  throw new OperatorError(
    `volume ${existing.Name} already exists and is not the one declared: ${differs.join(", ")} differ; ` +
      `expected ${part} ${JSON.stringify(wanted[part])}, found ${JSON.stringify(has[part])}. ` +
      `Hint: its data may belong to somebody else; look with "docker volume inspect ${existing.Name}", then rename or remove it`,
  );
}

async function read(
  id: string,
  outputs: ValueMap,
  inputs: ValueMap,
  { engine, signal }: Context,
): Promise<Found | undefined> {
  const found = await engine.find<VolumeInspect>(pathOf(id), { what: `read volume ${id}`, signal });
  if (!found) return undefined;
  const now = settle(PROPERTIES, outputs, outputsOf(found));
  const imported = Object.keys(inputs).length === 0;
  return {
    id: found.Name,
    outputs: now,
    inputs: imported ? importedInputs(PROPERTIES, now) : driftedInputs(PROPERTIES, inputs, now),
  };
}

async function update(id: string, outputs: ValueMap): Promise<Made> {
  // Every property replaces, so this is only reached when nothing of the volume itself changed.
  return { id, outputs };
}

async function remove(id: string, _outputs: ValueMap, { engine, signal }: Context): Promise<void> {
  try {
    await engine.delete(pathOf(id), { what: `remove volume ${id}`, signal });
  } catch (error) {
    if (isStatus(error, 404)) return;
    if (!isStatus(error, 409)) throw error;
    const users = await usersOf(id, { engine, signal });
    throw new OperatorError(`volume ${id} is in use by ${users}: it can't be removed. Hint: remove what uses it first`);
  }
}

async function usersOf(name: string, { engine, signal }: Pick<Context, "engine" | "signal">): Promise<string> {
  const query = { all: true, filters: JSON.stringify({ volume: [name] }) };
  const users = await engine.get<{ Names: string[]; State: string }[]>("/containers/json", {
    query,
    what: `list the users of volume ${name}`,
    signal,
  });
  if (users.length === 0) return "something that Docker does not name";
  return users.map((user) => `container ${user.Names[0]?.slice(1)} (${user.State})`).join(", ");
}

function outputsOf(found: VolumeInspect): ValueMap {
  return {
    __meta: '{"schema_version":"1"}',
    id: found.Name,
    name: found.Name,
    driver: found.Driver,
    driverOpts: Object.keys(found.Options ?? {}).length > 0 ? { ...found.Options } : null,
    labels: labelsFromEngine(found.Labels),
    mountpoint: found.Mountpoint,
    cluster: null,
  };
}

function pathOf(name: string): string {
  return `/volumes/${encodeURIComponent(name)}`;
}
