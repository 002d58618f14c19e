/** The docker command line: what somebody does by hand. */
import { execFileSync, spawnSync } from "node:child_process";

/** Everything that the tests of one file make begins with this. */
export function prefixOf(file: string): string {
  return `try-plugin-${file}-`;
}

/** Runs `docker` with these words and gives its output. Throws with Docker's message. */
export function docker(...words: string[]): string {
  return execFileSync("docker", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

export function exists(kind: "container" | "volume" | "network", name: string): boolean {
  return spawnSync("docker", [kind, "inspect", name], { stdio: "ignore" }).status === 0;
}

export function field(container: string, template: string): string {
  return docker("inspect", "--format", template, container);
}

/** Removes all that earlier or failed tests have left: only objects whose name begins with `prefix`. */
export function sweep(prefix: string): void {
  const list = (...words: string[]) =>
    docker(...words)
      .split("\n")
      .filter((name) => name.startsWith(prefix));
  for (const name of list("ps", "-a", "--format", "{{.Names}}")) docker("rm", "-f", "-v", name);
  for (const name of list("network", "ls", "--format", "{{.Name}}")) docker("network", "rm", name);
  for (const name of list("volume", "ls", "--format", "{{.Name}}")) docker("volume", "rm", name);
}
