/** docker:index/container:Container */
import { nameIsTaken } from "../diff.ts";
import { EngineError, isStatus, messageOf, OperatorError } from "../errors.ts";
import type { Failure } from "../property.ts";
import type { Context, Found, Made, Resource } from "../resource.ts";
import { driftedInputs, importedInputs, settle } from "../settle.ts";
import { blocks, flag, hasUnknown, isEmpty, text, type ValueMap } from "../values.ts";
import { createBody, endpointOf, updateBody } from "./body.ts";
import { chosenNames } from "./chosen.ts";
import { freeName } from "./conflict.ts";
import type { ContainerInspect, ImageInspect } from "./inspect.ts";
import { outputsOf } from "./outputs.ts";
import { DERIVED, FIXED, PROPERTIES, REFUSED } from "./properties.ts";
import { inspect, ready, refusal, remove, start, stopAndRemove } from "./run.ts";
import { archivesOf } from "./uploads.ts";

/** Removing what a failed or cancelled create has left must not itself be cancelled, nor last for ever. */
const CLEANUP_MS = 15_000;

export const container: Resource = {
  type: "docker:index/container:Container",
  properties: PROPERTIES,
  refused: REFUSED,
  derived: DERIVED,
  fixed: FIXED,
  exclusive: (declared, state) => nameIsTaken(declared, state) || holdsAlone(declared),
  checkAll,
  unsettled,
  create,
  read,
  update,
  delete: (id, outputs, context) => stopAndRemove(id, outputs, context),
};

/** A published port or a fixed address can be held by one container at a time. */
function holdsAlone(declared: ValueMap): boolean {
  return (
    blocks(declared.ports).some((port) => !isEmpty(port.external)) ||
    blocks(declared.networksAdvanced).some((network) => !isEmpty(network.ipv4Address) || !isEmpty(network.ipv6Address))
  );
}

function unsettled(outputs: ValueMap, inputs: ValueMap): string[] {
  const swap = inputs.memorySwap === undefined && outputs.memory !== inputs.memory ? ["memorySwap"] : [];
  return outputs.mustRun === false && inputs.mustRun === true ? [...swap, "networkDatas", "exitCode"] : swap;
}

function checkAll(inputs: ValueMap): Failure[] {
  const failures: Failure[] = [];
  const isolated = text(inputs.networkMode) === "none" || text(inputs.networkMode) === "host";
  if (isolated && !isEmpty(inputs.networksAdvanced)) {
    failures.push({
      property: "networksAdvanced",
      reason: `expected none with networkMode ${text(inputs.networkMode)}. Hint: leave networkMode out`,
    });
  }
  if (
    flag(inputs.readOnly) &&
    !hasUnknown(inputs.uploads) &&
    !hasUnknown(inputs.volumes) &&
    !hasUnknown(inputs.mounts)
  ) {
    try {
      archivesOf({ ...inputs, uploads: blocks(inputs.uploads).map(({ file }) => ({ file: file ?? "" })) }, new Date(0));
    } catch (error) {
      failures.push({ property: "uploads", reason: messageOf(error) });
    }
  }
  if (flag(inputs.rm) && text(inputs.restart) !== "no" && text(inputs.restart) !== "") {
    failures.push({
      property: "rm",
      reason: `expected false with restart ${text(inputs.restart)}. Hint: a container that is removed when it ends can't be restarted`,
    });
  }
  return failures;
}

async function create(inputs: ValueMap, context: Context): Promise<Made> {
  const image = await localImage(text(inputs.image), context);
  await freeName(inputs, image, context);
  const id = await make(inputs, context);
  let notReady: string | undefined;
  try {
    await connectOthers(id, inputs, context);
    await upload(id, inputs, context);
    if (inputs.start !== false) await start(id, inputs, context);
    notReady = await ready(id, inputs, context);
  } catch (error) {
    throw await undone(id, error, context);
  }
  const outputs = await observe(id, inputs, context);
  return { id, outputs, ...(notReady === undefined ? {} : { notReady }) };
}

/** The image must be there: this plugin pulls nothing, names are resolved before. */
async function localImage(name: string, { engine, signal }: Context): Promise<ImageInspect> {
  const image = await findImage(name, { engine, signal });
  if (image) return image;
  throw new OperatorError(
    `Unable to create container with image ${name}: the engine has no such image, and this plugin pulls none. Hint: build it (npm start does) or docker pull ${name}`,
  );
}

function findImage(
  name: string,
  { engine, signal }: Pick<Context, "engine" | "signal">,
): Promise<ImageInspect | undefined> {
  const path = `/images/${name.split("/").map(encodeURIComponent).join("/")}/json`;
  return engine.find<ImageInspect>(path, { what: `look for image ${name}`, signal });
}

async function make(inputs: ValueMap, { engine, signal }: Context): Promise<string> {
  const name = text(inputs.name);
  try {
    const made = await engine.post<{ Id: string }>("/containers/create", {
      query: { name },
      json: createBody(inputs),
      what: `create container ${name}`,
      signal,
    });
    return made.Id;
  } catch (error) {
    throw error instanceof EngineError ? refusal(error, inputs) : error;
  }
}

async function connectOthers(id: string, inputs: ValueMap, { engine, signal }: Context): Promise<void> {
  for (const network of blocks(inputs.networksAdvanced).slice(1)) {
    const name = text(network.name);
    const json = { Container: id, EndpointConfig: endpointOf(network) };
    try {
      await engine.post(`/networks/${encodeURIComponent(name)}/connect`, {
        json,
        what: `connect container ${text(inputs.name)} to network ${name}`,
        signal,
      });
    } catch (error) {
      throw error instanceof EngineError ? refusal(error, inputs) : error;
    }
  }
}

async function upload(id: string, inputs: ValueMap, { engine, signal }: Context): Promise<void> {
  for (const { path, tar } of archivesOf(inputs, new Date())) {
    await engine.put(`/containers/${id}/archive`, {
      query: { path },
      tar,
      what: `upload files into container ${text(inputs.name)}`,
      signal,
    });
  }
}

/** Removes what was made, and says so if that fails too. */
async function undone(id: string, error: unknown, context: Context): Promise<unknown> {
  try {
    await remove(id, true, { ...context, signal: AbortSignal.timeout(CLEANUP_MS) });
    return error;
  } catch (second) {
    return new OperatorError(
      `${messageOf(error)}. The container could not be removed either: ${messageOf(second)}. Hint: docker rm -f ${id.slice(0, 12)}`,
    );
  }
}

/** Outputs now, written as they were declared or as they were in the state. */
async function observe(id: string, earlier: ValueMap, context: Context): Promise<ValueMap> {
  return outputsFrom(await inspect(id, context), earlier, context);
}

async function outputsFrom(found: ContainerInspect, earlier: ValueMap, context: Context): Promise<ValueMap> {
  const image = await findImage(found.Image, context);
  const declared = text(earlier.image);
  const declaredImage = declared === "" ? undefined : await findImage(declared, context);
  return settle(
    PROPERTIES,
    earlier,
    outputsOf({ container: found, image, declaredImageId: declaredImage?.Id }, earlier),
  );
}

async function read(id: string, outputs: ValueMap, inputs: ValueMap, context: Context): Promise<Found | undefined> {
  const { engine, signal } = context;
  const found = await engine.find<ContainerInspect>(`/containers/${encodeURIComponent(id)}/json`, {
    what: `read container ${id.slice(0, 12)}`,
    signal,
  });
  if (!found || found.State.Status === "removing") return undefined;
  if (Object.keys(inputs).length === 0) return readImported(found, context);
  // The state may say that it did not run; whether it should is for the inputs to say.
  const now = await outputsFrom(found, { ...outputs, mustRun: inputs.mustRun ?? outputs.mustRun ?? true }, context);
  // That it does not run is a matter of the outputs: the inputs go on saying what was asked for, so that a second refresh still sees it.
  const drifted = driftedInputs(PROPERTIES, inputs, now);
  const kept = inputs.mustRun === undefined ? drifted : { ...drifted, mustRun: inputs.mustRun };
  return { id: found.Id, outputs: now, inputs: kept };
}

async function readImported(found: ContainerInspect, context: Context): Promise<Found> {
  const now = await outputsFrom(found, { image: await importedImage(found, context) }, context);
  const chosen = chosenNames(found, await findImage(found.Image, context));
  return { id: found.Id, outputs: now, inputs: importedInputs(PROPERTIES, now, chosen) };
}

/** The name by which the container was made, if it still means the same image. */
async function importedImage(found: ContainerInspect, context: Context): Promise<string> {
  const name = found.Config.Image;
  const image = name === "" ? undefined : await findImage(name, context);
  return image?.Id === found.Image ? name : found.Image;
}

/** Limits and restart policy in place; a container that should run and does not is started. */
async function update(id: string, _outputs: ValueMap, inputs: ValueMap, context: Context): Promise<Made> {
  const { engine, signal } = context;
  const name = text(inputs.name);
  try {
    await engine.post(`/containers/${id}/update`, {
      json: updateBody(inputs),
      what: `update container ${name}`,
      signal,
    });
  } catch (error) {
    if (isStatus(error, 404))
      throw new OperatorError(`container ${name} is gone. Hint: run again with --refresh, which makes it anew`);
    throw error;
  }
  if (inputs.start !== false && inputs.mustRun !== false) await running(id, inputs, context);
  const notReady = await ready(id, inputs, context);
  return { id, outputs: await observe(id, inputs, context), ...(notReady === undefined ? {} : { notReady }) };
}

async function running(id: string, inputs: ValueMap, context: Context): Promise<void> {
  const { State: state } = await inspect(id, context);
  if (state.Paused)
    await context.engine.post(`/containers/${id}/unpause`, {
      what: `unpause container ${text(inputs.name)}`,
      signal: context.signal,
    });
  else if (!state.Running) await start(id, inputs, context);
}
