/** One throw-away stack over Pulumi's Automation API, against whichever plugin LUMBUNG_DOCKER_PLUGIN names. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { buildSync } from "esbuild";
import { declaringAll, ownConnections } from "../../../stacks/engine-link.ts";

export type PluginChoice = "ours" | "official";

/** `ours` unless the environment says `official` (which must then be installed where Pulumi finds it). */
export function chosenPlugin(): PluginChoice {
  const choice = process.env.LUMBUNG_DOCKER_PLUGIN ?? "ours";
  if (choice === "ours" || choice === "official") return choice;
  throw new Error(`LUMBUNG_DOCKER_PLUGIN: expected ours or official, received ${choice}`);
}

export interface Trial {
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** The stack with this program; the same stack each time. */
  stack(program: PulumiFn): Promise<Stack>;
  /** The state as it lies in the backend, secrets encrypted. */
  state(): string;
  close(): Promise<void>;
}

/** A stack `t` of project `t` in a temporary folder. */
export async function trial(): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "try-plugin-"));
  const environment: Record<string, string> = {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "percobaan",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: join(folder, "home"),
    PATH: [...(chosenPlugin() === "ours" ? [ourPlugin(folder)] : []), pulumiFolder(), process.env.PATH].join(delimiter),
  };
  if (chosenPlugin() === "official") delete environment.PULUMI_HOME;
  ownConnections();
  const open = (program: PulumiFn) =>
    LocalWorkspace.createOrSelectStack(
      { stackName: "t", projectName: "t", program: () => declaringAll(program) },
      { workDir: folder, envVars: environment },
    );
  let last: Stack | undefined;
  mkdirSync(join(folder, "home"), { recursive: true });
  // The Automation API looks for the CLI on this process's own PATH before it looks at envVars.
  process.env.PATH = environment.PATH;
  return {
    folder,
    environment,
    async stack(program) {
      last = await open(program);
      return last;
    },
    state() {
      return readFileSync(join(folder, ".pulumi/stacks/t/t.json"), "utf8");
    },
    async close() {
      await last?.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A folder with an executable `pulumi-resource-docker`: our plugin in one file, as the toolchain bundles it. */
function ourPlugin(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const bundle = join(bin, "plugin.cjs");
  bundlePlugin(bundle);
  const script = join(bin, "pulumi-resource-docker");
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  chmodSync(script, 0o755);
  return bin;
}

/** Our plugin as one CommonJS file. */
export function bundlePlugin(outfile: string): void {
  const entryPoints = [resolve(import.meta.dirname, "../../../plugins/docker/main.ts")];
  buildSync({ entryPoints, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error" });
}

/** Where the Pulumi CLI is: LUMBUNG_PULUMI_BIN, else the toolchain's cache, else the PATH. */
function pulumiFolder(): string {
  const given = process.env.LUMBUNG_PULUMI_BIN;
  if (given) return given;
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lumbung", "tools");
  const found = existsSync(cache)
    ? execFileSync("find", [cache, "-name", "pulumi", "-type", "f", "-perm", "-u+x"], { encoding: "utf8" })
    : "";
  const first = found.split("\n")[0] ?? "";
  return first === "" ? "" : dirname(first);
}
