import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { REPOSITORY } from "../../../io/repository.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would, in English. */
export function lumbung(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return runProgram(process.execPath, [join(REPOSITORY, "cli", "lumbung.mjs"), ...words], {
    LUMBUNG_LANG: "en",
    ...env,
  });
}

/** Runs a program in the repository and waits for its end. */
export async function runProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(program, words, {
    cwd: REPOSITORY,
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
export async function lumbungWell(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> {
  const ran = await lumbung(words, env);
  if (ran.code !== 0)
    throw new Error(`lumbung ${words.join(" ")}: exit code ${ran.code}\n${ran.stderr}\n${ran.stdout}`);
  return ran;
}
