/** Everything that is wrong with how a verb was used, told at once. */
import type { InputProblem } from "../compliance/index.ts";
import { type LumbungError, wrongUse } from "../io/errors.ts";
import type { Language, Problem } from "../model/index.ts";
import type { Text } from "../model/types.ts";

/** `path`: the option, or the datum of the inventory. */
export type Wrong = Omit<InputProblem, "code">;

/** @param received what came; undefined: nothing. Default of the hint: none. */
export function wrong(path: string, message: Text, expected: Text, received: unknown, hint?: Text): Wrong {
  return { path, message, expected, received: JSON.stringify(received) ?? "–", hint: hint ?? null };
}

/** A problem of an inventory as one of these. */
export const wrongOf = ({ path, message, expected, received, hint }: Problem): Wrong => ({
  ...{ path, message, expected, received },
  hint: hint ?? null,
});

const EXPECTED = { id: "diharapkan", en: "expected" } as const;
const RECEIVED = { id: "diterima", en: "received" } as const;

/** One line: where, what, what was expected and came, and a hint. */
export function wrongLine({ path, message, expected, received, hint }: Wrong, language: Language): string {
  const more = hint ? ` → ${hint[language]}` : "";
  return `${path}: ${message[language]}; ${EXPECTED[language]} ${expected[language]}, ${RECEIVED[language]} ${received}${more}`;
}

/** An error that names them all; exit code 2. */
export function allWrong(verb: string, all: readonly Wrong[]): LumbungError {
  const lines = (language: Language): string => all.map((one) => `\n  ${wrongLine(one, language)}`).join("");
  return wrongUse({
    id: `${verb}: ${all.length} masukan salah${lines("id")}`,
    en: `${verb}: ${all.length} problems of input${lines("en")}`,
  });
}
