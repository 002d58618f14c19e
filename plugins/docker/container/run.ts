/** Starting, waiting for, stopping a container. */
import { EngineError, isStatus, OperatorError } from "../errors.ts";
import type { Context } from "../resource.ts";
import { blocks, flag, number, text, type ValueMap } from "../values.ts";
import type { ContainerInspect } from "./inspect.ts";

export function inspect(id: string, { engine, signal }: Context): Promise<ContainerInspect> {
  return engine.get<ContainerInspect>(`/containers/${id}/json`, {
    what: `inspect container ${id.slice(0, 12)}`,
    signal,
  });
}

/** Starts it; Docker's refusals name the port or address that is in the way. */
export async function start(id: string, inputs: ValueMap, { engine, signal }: Context): Promise<void> {
  const what = `start container ${text(inputs.name)}`;
  try {
    await engine.post(`/containers/${id}/start`, { what, signal });
  } catch (error) {
    throw error instanceof EngineError ? refusal(error, inputs) : error;
  }
}

/** A clearer message for what Docker says when a container can't start or be connected. */
export function refusal(error: EngineError, inputs: ValueMap): Error {
  const name = text(inputs.name);
  const said = error.said;
  if (/port is already allocated|external connectivity|bind: address already in use/.test(said)) {
    const published = blocks(inputs.ports).map(
      (port) => `${text(port.ip) || "0.0.0.0"}:${number(port.external)}/${text(port.protocol) || "tcp"}`,
    );
    const named = published.filter((port) => said.includes(`${port.split("/")[0]}`));
    return new OperatorError(
      `container ${name} can't start: ${(named.length > 0 ? named : published).join(", ")} is taken (${said}). ` +
        `Hint: see who listens (ss -lntup), stop it, or publish on another port or address`,
    );
  }
  const addresses = blocks(inputs.networksAdvanced).map(
    (network) => `${text(network.ipv4Address) || text(network.ipv6Address) || "any address"} on ${text(network.name)}`,
  );
  if (
    /address already in use|no configured subnet|invalid address|user specified IP/i.test(said) ||
    (/network/i.test(said) && isStatus(error, 400, 403, 404))
  ) {
    return new OperatorError(
      `container ${name} can't join its network: ${said}. Declared: ${addresses.join(", ") || "none"}. Hint: the address must be free and inside the network's subnet`,
    );
  }
  return error;
}

/** Undefined once the container is as declared: running, and healthy when `wait` says so. Else why it is not. */
export async function ready(id: string, inputs: ValueMap, context: Context): Promise<string | undefined> {
  if (inputs.start === false || inputs.mustRun === false) return undefined;
  const name = text(inputs.name);
  if (!flag(inputs.wait)) return endedAtOnce(id, inputs, context);
  const seconds = number(inputs.waitTimeout) || 60;
  const answer = await context.engine.until<{ problem?: string }>(
    { type: ["container"], container: [id] },
    seconds * 1000,
    context.signal,
    async () => {
      const now = await inspect(id, context);
      if (now.State.Health === undefined || now.State.Health.Status === "none")
        return {
          problem: `container ${name}: wait is set, but it has no health check to wait for. Hint: declare healthcheck`,
        };
      if (now.State.Health.Status === "healthy") return {};
      const problem = stopped(now, name);
      return problem === undefined ? undefined : { problem };
    },
  );
  if (answer) return answer.problem;
  const health = (await inspect(id, context)).State.Health;
  const last = health?.Log?.at(-1);
  const output = last ? `; its last check ended with ${last.ExitCode}: ${last.Output.trim().slice(0, 200)}` : "";
  return `container ${name} did not become healthy within ${seconds} s (now ${health?.Status})${output}. Hint: docker logs ${name}`;
}

/** How long a container that nothing restarts is watched for an early end. */
const EARLY_END_MS = 1_000;

/** Docker answers a start before the process runs: one that ends straight away is seen by its event. */
async function endedAtOnce(id: string, inputs: ValueMap, context: Context): Promise<string | undefined> {
  const ended = async () => stopped(await inspect(id, context), text(inputs.name));
  const restarts = text(inputs.restart) !== "no" && text(inputs.restart) !== "";
  if (restarts) return ended();
  return context.engine.until(
    { type: ["container"], container: [id], event: ["die"] },
    EARLY_END_MS,
    context.signal,
    ended,
  );
}

function stopped(now: ContainerInspect, name: string): string | undefined {
  const { State: state } = now;
  if (state.Running || state.Status === "restarting") return undefined;
  const why = state.OOMKilled ? "killed for want of memory" : state.Error || `exit code ${state.ExitCode}`;
  return `container ${name} started and ended at once (${why}). Hint: docker logs ${name}`;
}

const DEFAULT_STOP_SECONDS = 10;

/** Stops it in good order, then removes it and its anonymous volumes. Fine when it is gone already. */
export async function stopAndRemove(id: string, state: ValueMap, context: Context): Promise<void> {
  const name = text(state.name) || id.slice(0, 12);
  const grace =
    typeof state.destroyGraceSeconds === "number"
      ? state.destroyGraceSeconds
      : typeof state.stopTimeout === "number"
        ? state.stopTimeout
        : DEFAULT_STOP_SECONDS;
  const { engine, signal } = context;
  try {
    if (grace > 0)
      await engine.post(`/containers/${id}/stop`, { query: { t: grace }, what: `stop container ${name}`, signal });
  } catch (error) {
    if (isStatus(error, 404)) return;
    throw error;
  }
  await remove(id, state.removeVolumes !== false, context);
}

/** Removes it whatever it is doing. A removal that is under way already is awaited. */
export async function remove(id: string, volumes: boolean, { engine, signal }: Context): Promise<void> {
  const what = `remove container ${id.slice(0, 12)}`;
  try {
    await engine.delete(`/containers/${id}`, { query: { v: volumes, force: true }, what, signal });
  } catch (error) {
    if (isStatus(error, 404)) return;
    if (!isStatus(error, 409) || !/already in progress/.test(error.said)) throw error;
    await engine
      .post(`/containers/${id}/wait`, { query: { condition: "removed" }, what, signal })
      .catch((waiting: unknown) => {
        if (!isStatus(waiting, 404)) throw waiting;
      });
  }
}
