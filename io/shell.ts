/** Runs a command of the machine. Commands are built as arrays of words elsewhere (style rule 1); here they are run. */
import { $ } from "zx";

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that ended with another code than 0; the message has its words and the end of what it said. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  readonly result: CommandResult;

  constructor(words: readonly string[], result: CommandResult) {
    const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-10).join("\n");
    super(`${words.join(" ")}: exit code ${result.code}\n${said}`);
    this.result = result;
  }
}

/** @throws CommandFailed where the command ends with another code than 0. */
export async function run(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const shell = $({
    quiet: true,
    nothrow: true,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    env: { ...process.env, ...options.env },
  });
  const { exitCode, stdout, stderr } = await shell`${words}`;
  const result = { code: exitCode ?? -1, stdout, stderr };
  if (result.code !== 0) throw new CommandFailed(words, result);
  return result;
}
