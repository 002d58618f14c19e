/** A container's name that is taken: by a leftover of ours, which goes, or by somebody else, who is named. */
import { isStatus, OperatorError } from "../errors.ts";
import { labelsToEngine } from "../labels.ts";
import type { Context } from "../resource.ts";
import { sameValue } from "../same.ts";
import { text, type ValueMap } from "../values.ts";
import type { ContainerInspect, ImageInspect } from "./inspect.ts";

/**
 * Frees the name if what holds it is a create of ours that was cut off: it never started, and it is of the declared image with the
 * declared labels (at least one). Such a container holds nothing. Throws `OperatorError` for anything else.
 */
export async function freeName(inputs: ValueMap, image: ImageInspect, { engine, signal, say }: Context): Promise<void> {
  const name = text(inputs.name);
  const holder = await engine.find<ContainerInspect>(`/containers/${encodeURIComponent(name)}/json`, {
    what: `look for container ${name}`,
    signal,
  });
  if (!holder) return;
  if (!isLeftover(holder, inputs, image)) throw taken(name, holder);
  say(`removing container ${name} (${holder.Id.slice(0, 12)}): an earlier run was cut off before it started`);
  try {
    await engine.delete(`/containers/${holder.Id}`, {
      what: `remove the leftover container ${name}`,
      query: { v: true, force: true },
      signal,
    });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}

/** Whether the container never started and is what we would have made. */
export function isLeftover(holder: ContainerInspect, inputs: ValueMap, image: ImageInspect): boolean {
  const declared = labelsToEngine(inputs.labels);
  if (Object.keys(declared).length === 0) return false;
  const labels = { ...image.Config?.Labels, ...declared };
  return (
    holder.State.Status === "created" && holder.Image === image.Id && sameValue({ ...holder.Config.Labels }, labels)
  );
}

function taken(name: string, holder: ContainerInspect): OperatorError {
  return new OperatorError(
    `container ${name} can't be created: the name is taken by container ${holder.Id.slice(0, 12)} (${holder.State.Status}, made ${holder.Created}), which is not in this stack. ` +
      `Hint: remove it (docker rm -f ${name}) if nobody needs it, or import it (pulumi import docker:index/container:Container ${name} ${holder.Id})`,
  );
}
