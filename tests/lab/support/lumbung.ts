import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { REPOSITORY } from "../../../io/repository.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would, in English. @param repository the clone that is used. */
export function lumbung(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  repository: string = REPOSITORY,
): Promise<Ran> {
  const program = [join(repository, "cli", "lumbung.mjs"), ...words];
  return runProgram(process.execPath, program, { LUMBUNG_LANG: "en", ...env }, repository);
}

/** Runs a program in the repository and waits for its end. */
export async function runProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  folder: string = REPOSITORY,
): Promise<Ran> {
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const [code, signal] = await once(child, "close");
  if (signal !== null) throw new Error(`${program} ${words.join(" ")}: ended by ${signal}`);
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** As `lumbung`, but an exit code other than 0 is an error that shows what was said. */
export async function lumbungWell(
  words: readonly string[],
  env?: Readonly<Record<string, string>>,
  repository?: string,
): Promise<Ran> {
  const ran = await lumbung(words, env, repository);
  if (ran.code !== 0)
    throw new Error(`lumbung ${words.join(" ")}: exit code ${ran.code}\n${ran.stderr}\n${ran.stdout}`);
  return ran;
}
