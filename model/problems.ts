/** What is wrong with an inventory, and how it is told. */
import type { Text } from "./types.ts";

export interface Problem {
  /** Name of the file as it was handed in; empty when the problem is of no file (a missing kind). */
  readonly file: string;
  /** First line is 1; absent when the problem is of no line. */
  readonly line?: number;
  /** Path of the datum, for example `applications[3].database`; empty for a whole file. */
  readonly path: string;
  /** Name of the rule, stable. */
  readonly code: string;
  readonly message: Text;
  readonly expected: Text;
  /** What was found, as JSON, cut when long. */
  readonly received: string;
  readonly hint?: Text;
}

export type Language = keyof Text;
export type Path = readonly (string | number)[];

const words: Record<Language, { expected: string; received: string; total: (count: number) => string }> = {
  id: { expected: "diharapkan", received: "ditemukan", total: (count) => `${count} masalah dalam inventaris.` },
  en: {
    expected: "expected",
    received: "received",
    total: (count) => `${count} ${count === 1 ? "problem" : "problems"} in the inventory.`,
  },
};

/** `applications[3].database` */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? shown(part) : `.${shown(part)}`))
    .join("");
}

/** Characters that would move a terminal's cursor or turn its writing direction, as escapes. */
const shown = (value: string): string =>
  value.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A value as a person reads it: JSON, at most 80 characters. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "-";
  const json = shown(JSON.stringify(value));
  return json.length > 80 ? `${json.slice(0, 79)}…` : json;
}

/** One problem: where and what with its hint, then what was expected and found. */
export function renderProblem(problem: Problem, language: Language = "id"): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const what = problem.hint ? `${problem.message[language]}; ${problem.hint[language]}` : problem.message[language];
  const head = [place, problem.path, what].filter((part) => part !== "").join(": ");
  const { expected, received } = words[language];
  return `${head}\n    ${expected}: ${problem.expected[language]} · ${received}: ${problem.received}`;
}

/** All problems and their number, in Indonesian unless told otherwise. Ends with a line feed. */
export function renderProblems(problems: readonly Problem[], language: Language = "id"): string {
  const lines = problems.map((problem) => renderProblem(problem, language));
  return `${[...lines, "", words[language].total(problems.length)].join("\n")}\n`;
}

/** By file, line, path and code: the same problems are always told in the same order. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compare(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.path, b.path) ||
    compare(a.code, b.code) ||
    compare(a.message.en, b.message.en)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
