/** YAML files read into values, with a way back from a path to its line. */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  Lexer,
  LineCounter,
  Parser,
  visit,
  YAMLParseError,
} from "yaml";
import { formatValue, type Path, type Problem } from "./problems.ts";
import { fileNames, type Key } from "./schema/index.ts";
import { didYouMean } from "./suggest.ts";
import { text } from "./text.ts";
import type { Text } from "./types.ts";

export interface InventoryFile {
  /** Name or path; the last part tells what it holds, for example `opd.yaml`. */
  readonly name: string;
  readonly text: string;
}

export interface Source {
  readonly file: InventoryFile;
  /** Top-level keys and what they hold; empty when the file does not parse. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether all of the file was understood. */
  readonly whole: boolean;
  /** Line of the value at a path, or of the nearest part above it that exists. First line is 1. */
  readonly lineOf: (path: Path) => number;
}

/** Larger files are refused unread. */
export const maximumFileBytes = 10 * 1024 * 1024;

/** Deepest nesting that is read; an inventory needs seven. */
export const maximumDepth = 32;

/** The parser holds at most this many open tokens for a level: a collection and what is being read in it. */
const tokensPerLevel = 2;

/** After the first few mistakes of syntax the others mostly follow from them. */
const maximumSyntaxProblems = 20;

/** A problem of a whole file or of a line in it. */
type Complaint = (
  code: string,
  message: Text,
  expected: Text,
  received: unknown,
  line?: number,
  hint?: Text,
) => Problem;

const complaintOf =
  (file: InventoryFile): Complaint =>
  (code, message, expected, received, line, hint) => ({
    file: file.name,
    ...(line === undefined ? {} : { line }),
    path: "",
    code,
    message,
    expected,
    received: formatValue(received),
    ...(hint === undefined ? {} : { hint }),
  });

export const baseName = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Keys that a file is expected to hold. */
export const keysOfFile = (name: string): readonly Key[] => fileNames[baseName(name)] ?? [];

/** Reads one file. Never throws on what the file holds: every problem is returned. */
export function readSource(file: InventoryFile): { source: Source; problems: Problem[] } {
  const complain = complaintOf(file);
  const unread = (problem: Problem) => ({
    source: { file, values: {}, whole: false, lineOf: () => 1 },
    problems: [problem],
  });
  const bytes = byteLength(file.text);
  if (bytes > maximumFileBytes) {
    return unread(
      complain(
        "file-too-large",
        text("berkas terlalu besar", "the file is too large"),
        text(`paling banyak ${maximumFileBytes} byte`, `at most ${maximumFileBytes} bytes`),
        bytes,
      ),
    );
  }
  const lines = new LineCounter();
  const document = parseShallow(file.text, lines);
  if (typeof document === "number") {
    const expected = text(`paling banyak ${maximumDepth} tingkat`, `at most ${maximumDepth} levels`);
    const message = text("bersarang terlalu dalam", "nested too deep");
    return unread(complain("nested-too-deep", message, expected, `> ${maximumDepth}`, lines.linePos(document).line));
  }
  const syntax = syntaxProblems(document, lines, complain);
  if (syntax.length > 0) return { source: sourceOf(file, document, lines, {}, false), problems: syntax };
  const aliases = aliasProblems(file.text, document, lines, complain);
  if (aliases.length > 0) return { source: sourceOf(file, document, lines, {}, false), problems: aliases };
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  if (value === null || value === undefined) return { source: sourceOf(file, document, lines, {}, true), problems: [] };
  if (!isMap(document.contents)) {
    return unread(
      complain(
        "shape",
        text("isi berkas bukan peta kunci dan nilai", "the file is no map of keys and values"),
        text("kunci seperti region, opd, applications", "keys such as region, opd, applications"),
        value,
        1,
      ),
    );
  }
  return { source: sourceOf(file, document, lines, value as Record<string, unknown>, true), problems: [] };
}

/**
 * The document, or the offset at which it is nested too deep. What reads the tokens recurses, and a few hundred levels
 * can end the whole process (seen: a regular expression compiled at the end of the stack), so depth is stopped before.
 */
function parseShallow(content: string, lines: LineCounter): Document | number {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(content)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maximumDepth * tokensPerLevel) return parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  const [document, ...more] = new Composer({ prettyErrors: false, lineCounter: lines }).compose(
    tokens,
    true,
    content.length,
  );
  if (!document) throw new Error("parseShallow: expected a document from the YAML composer, received none");
  for (const other of more)
    document.errors.push(
      new YAMLParseError([other.range[0], other.range[1]], "MULTIPLE_DOCS", "a file holds one document"),
    );
  return document;
}

/** UTF-8 length; only text that is near the limit is measured exactly. */
function byteLength(content: string): number {
  return content.length * 3 <= maximumFileBytes ? content.length : new TextEncoder().encode(content).length;
}

function syntaxProblems(document: Document, lines: LineCounter, complain: Complaint): Problem[] {
  return [...document.errors, ...document.warnings].slice(0, maximumSyntaxProblems).map((error) => {
    const detail = error.message.split("\n")[0] ?? error.code;
    const message = text(`kesalahan sintaks YAML (${detail})`, `YAML syntax error (${detail})`);
    return complain(
      "syntax",
      message,
      text("YAML yang sah", "valid YAML"),
      error.code,
      lines.linePos(error.pos[0]).line,
    );
  });
}

/** Anchors and aliases let a short file stand for a huge one, and hide what a line says: both are refused. */
function aliasProblems(content: string, document: Document, lines: LineCounter, complain: Complaint): Problem[] {
  // Most files hold no such sign at all and are not walked.
  if (!/(?:^|[\s[{,])[*&][^\s*&]/.test(content)) return [];
  const problems: Problem[] = [];
  const expected = text("nilai yang ditulis apa adanya", "values written out");
  visit(document, {
    Node(_key, node) {
      const line = node.range ? lines.linePos(node.range[0]).line : undefined;
      if (isAlias(node)) {
        const message = text("alias YAML tidak diterima", "YAML aliases are not accepted");
        problems.push(complain("alias", message, expected, `*${node.source}`, line));
      } else if (node.anchor) {
        const message = text("jangkar YAML tidak diterima", "YAML anchors are not accepted");
        problems.push(complain("anchor", message, expected, `&${node.anchor}`, line));
      }
    },
  });
  return problems;
}

function sourceOf(
  file: InventoryFile,
  document: Document,
  lines: LineCounter,
  values: Record<string, unknown>,
  whole: boolean,
): Source {
  return { file, values, whole, lineOf: (path) => lineOf(document, lines, path) };
}

/** Follows the path as far as it goes; a key's own line is better than its value's, which may start lower. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node)
      ? node.items.find((item) => isNode(item.key) && String(item.key) === String(part))
      : undefined;
    const next: unknown = pair ? pair.value : node.get(part, true);
    const position = isNode(pair?.key) ? pair.key.range : isNode(next) ? next.range : undefined;
    if (!position) break;
    offset = position[0];
    node = next;
  }
  return lines.linePos(offset).line;
}

/** Problems of the set of files: names that are not known or come twice. */
export function fileProblems(files: readonly InventoryFile[]): Problem[] {
  const seen = new Set<string>();
  return files.flatMap((file) => {
    const name = baseName(file.name);
    const complain = complaintOf(file);
    const known = Object.keys(fileNames);
    if (!known.includes(name)) {
      return [
        complain(
          "unknown-file",
          text(`berkas ${formatValue(name)} tidak dikenal`, `file ${formatValue(name)} is not known`),
          text(known.join(", "), known.join(", ")),
          name,
          undefined,
          didYouMean(name, known),
        ),
      ];
    }
    if (seen.has(name)) {
      return [
        complain(
          "duplicate-file",
          text(`berkas "${name}" diberikan dua kali`, `file "${name}" is given twice`),
          text("setiap berkas sekali", "each file once"),
          name,
        ),
      ];
    }
    seen.add(name);
    return [];
  });
}
