/** What the engine or the image chose for a container, not the one who made it. Pure. */
import { sameValue } from "../same.ts";
import type { Value } from "../values.ts";
import type { ContainerInspect, ImageInspect } from "./inspect.ts";

interface Choice {
  readonly property: string;
  readonly is: (container: ContainerInspect, image: ImageInspect["Config"] | undefined) => boolean;
}

const CHOICES: readonly Choice[] = [
  { property: "hostname", is: ({ Id, Config }) => Id.startsWith(Config.Hostname) },
  { property: "ipcMode", is: ({ HostConfig }) => ["private", "shareable"].includes(HostConfig.IpcMode) },
  { property: "logDriver", is: ({ HostConfig }) => sameValue({ ...HostConfig.LogConfig.Config }, {}) },
  { property: "shmSize", is: ({ HostConfig }) => HostConfig.ShmSize === 64 * 1024 * 1024 },
  { property: "memorySwap", is: ({ HostConfig }) => HostConfig.MemorySwap === 2 * HostConfig.Memory },
  { property: "user", is: ({ Config }, image) => Config.User === (image?.User ?? "") },
  { property: "workingDir", is: ({ Config }, image) => Config.WorkingDir === (image?.WorkingDir ?? "") },
  { property: "stopSignal", is: ({ Config }, image) => (Config.StopSignal ?? "") === (image?.StopSignal ?? "") },
  { property: "command", is: ({ Config }, image) => alike(Config.Cmd, image?.Cmd) },
  { property: "entrypoints", is: ({ Config }, image) => alike(Config.Entrypoint, image?.Entrypoint) },
  { property: "healthcheck", is: ({ Config }, image) => alike(Config.Healthcheck, image?.Healthcheck) },
];

/** Names of the properties that nobody set by hand. */
export function chosenNames(container: ContainerInspect, image: ImageInspect | undefined): string[] {
  return CHOICES.filter(({ is }) => is(container, image?.Config)).map(({ property }) => property);
}

function alike(left: unknown, right: unknown): boolean {
  return sameValue((left ?? null) as Value, (right ?? null) as Value);
}
