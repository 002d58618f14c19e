/** One preview, in a process of its own as a user's would be. Words: the path of a `PreviewJob` as JSON. Answers as JSON on stdout. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { previewStack } from "../../../cli/deploy.ts";
import { pulumiEnvironment } from "../../../scripts/toolchain.ts";
import type { PreviewAnswer, PreviewJob } from "./job.ts";
import { createdResources } from "./job.ts";

async function openStack(home: string, program: () => Promise<void>): Promise<Stack> {
  const [workDir, state] = [join(home, "work"), join(home, "state")];
  for (const folder of [workDir, state]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const envVars: Record<string, string> = {
    ...(await pulumiEnvironment()),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
  };
  // The Automation API looks for the command on this process's own path.
  process.env.PATH = envVars.PATH;
  return LocalWorkspace.createOrSelectStack(
    { stackName: "bench", projectName: "bench", program },
    { workDir, envVars },
  );
}

/** Loads a program's modules and what it needs from the machine: part of what is measured. */
async function load(program: PreviewJob["program"]): Promise<() => Promise<void>> {
  switch (program.kind) {
    case "region": {
      const { loadInputs } = await import("../../../stacks/load.ts");
      const { stackProgram } = await import("../../../stacks/program.ts");
      const inputs = (await loadInputs(program.region))(program.part);
      return () => stackProgram(inputs);
    }
    case "bare": {
      const { bareProgram } = await import("./bare.ts");
      return () => bareProgram(program.resources);
    }
  }
}

const begun = performance.now();
const job = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as PreviewJob;
let loadSeconds = 0;
const stack = await openStack(job.home, async () => {
  const asked = performance.now();
  const program = await load(job.program);
  loadSeconds = (performance.now() - asked) / 1000;
  await program();
});
const started = performance.now();
const { output } = await previewStack(stack, false, new AbortController().signal);
const ended = performance.now();
const { user, system } = process.cpuUsage();
const answer: PreviewAnswer = {
  startSeconds: begun / 1000,
  previewSeconds: (ended - started) / 1000,
  loadSeconds,
  processorSeconds: (user + system) / 1e6,
  resources: createdResources(output),
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
