/** Pulumi's Automation API over a region's stacks: each part has a passphrase, a state and a settings file of its own (D13). */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { completeChange } from "../custody/complete.ts";
import { systemEntropy } from "../custody/entropy.ts";
import { ensurePassphrase } from "../custody/passphrase.ts";
import { custodyPaths } from "../custody/paths.ts";
import { ensurePrivateFolder, readIfThere } from "../io/files.ts";
import { partHome } from "../io/home.ts";
import { REPOSITORY } from "../io/repository.ts";
import { pulumiEnvironment } from "../scripts/toolchain.ts";
import { declaringAll, ownConnections } from "../stacks/engine-link.ts";
import { PROJECT } from "./project.ts";

/** What a part's stack needs in its environment, for the Automation API and for a shell alike. */
export async function partEnvironment(region: string, part: string): Promise<Record<string, string>> {
  const home = partHome(region, part);
  await ensurePrivateFolder(join(home, "state"));
  await completeChange(region, process.env);
  await ensurePassphrase(region, part, process.env, systemEntropy);
  await shareSettings(region, part);
  return {
    ...(await pulumiEnvironment()),
    PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: custodyPaths(region, part, process.env).passphrase,
  };
}

/**
 * The stack of a region's part, made at first use, running this program. Where the clone is is written anew each time: the home
 * outlives the clone it was made from.
 */
export async function openStack(region: string, part: string, program: () => Promise<void>): Promise<automation.Stack> {
  const env = await partEnvironment(region, part);
  // The Automation API looks for the command on this process's own path.
  process.env.PATH = env.PATH;
  const workDir = join(partHome(region, part), "work");
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const stackName = `${region}-${part}`;
  ownConnections();
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName, projectName: PROJECT, program: () => declaringAll(program) },
    { workDir, envVars: env, projectSettings: { name: PROJECT, runtime: "nodejs", main: REPOSITORY } },
  );
  await shareSettings(region, part);
  return stack;
}

/** The stack's settings say how its secrets are locked: put where `pulumi` from a shell looks for them, in whichever clone this is. */
async function shareSettings(region: string, part: string): Promise<void> {
  const name = `Pulumi.${region}-${part}.yaml`;
  const settings = await readIfThere(join(partHome(region, part), "work", name));
  if (settings !== undefined) await writeFile(join(REPOSITORY, "stacks", name), settings);
}
