import type { Text } from "../model/types.ts";

/** 0 done; 1 the answer is no; 2 wrong use or invalid inventory; 3 a dependency is out of reach; 4 refused for safety; 70 a bug of ours. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 70;

/** An error that its reader can do something about. Anything else that is thrown is a bug of ours (exit code 70). */
export class LumbungError extends Error {
  readonly exitCode: ExitCode;
  readonly text: Text;
  readonly hint: Text | undefined;

  constructor(exitCode: ExitCode, text: Text, hint?: Text, options?: ErrorOptions) {
    super(hint ? `${text.en} (${hint.en})` : text.en, options);
    this.name = "LumbungError";
    this.exitCode = exitCode;
    this.text = text;
    this.hint = hint;
  }
}

/** Wrong use or wrong input: exit code 2. */
export function wrongUse(text: Text, hint?: Text, options?: ErrorOptions): LumbungError {
  return new LumbungError(2, text, hint, options);
}

/** Something that we need does not answer; trying again may help: exit code 3. */
export function outOfReach(text: Text, hint?: Text, options?: ErrorOptions): LumbungError {
  return new LumbungError(3, text, hint, options);
}

/** We could, but must not: exit code 4. */
export function refused(text: Text, hint?: Text, options?: ErrorOptions): LumbungError {
  return new LumbungError(4, text, hint, options);
}
