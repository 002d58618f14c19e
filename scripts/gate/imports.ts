/** Data flows one way (design.md, section 3): which folder may import from which, and who breaks it. */
import { posix } from "node:path";
import ts from "typescript";

/** What a folder may import from: `code` altogether, `types` only as types. A folder may always import from itself. */
export interface Allowed {
  readonly code: readonly string[];
  readonly types: readonly string[];
  /** Packages that a pure folder may use; absent: any. */
  readonly packages?: readonly string[];
}

const EVERYTHING = [
  "model",
  "evidence",
  "web",
  "custody",
  "components",
  "io",
  "services",
  "stacks",
  "scripts",
  "cli",
  "compliance",
  "runbooks",
] as const;

/** The table of arrows. A folder that is not here must be added before it may import anything. */
export const ARROWS: Readonly<Record<string, Allowed>> = {
  model: { code: [], types: [], packages: ["zod", "yaml", "node:crypto"] },
  evidence: { code: ["model"], types: [], packages: ["node:crypto"] },
  web: { code: ["model"], types: [] },
  custody: { code: ["model", "io"], types: [] },
  // A component writes the file that a service of ours reads: the shape is the service's.
  components: { code: ["model", "web"], types: ["custody", "services"] },
  // A store of evidence says what its interface says.
  io: { code: ["evidence"], types: ["model"] },
  // `web`: pages that our application serves look like the region's.
  // `compliance`: a site assesses its duties on schedule.
  services: { code: ["model", "io", "web", "custody", "evidence", "runbooks", "compliance"], types: [] },
  // A site's state is what its `ops` says.
  runbooks: { code: ["model", "evidence", "io", "web"], types: ["services"] },
  // Pure: duties over the model and over evidence; its reports look like the region's pages.
  compliance: { code: ["model", "evidence", "web"], types: [], packages: ["zod", "yaml", "node:zlib"] },
  stacks: { code: ["model", "components", "compliance", "custody", "io", "web"], types: [] },
  cli: { code: EVERYTHING, types: [] },
  plugins: { code: [], types: [] },
  // What runs in a container before the workload's own program, with nothing of ours beside it.
  images: { code: [], types: [] },
  // `model`: the JSON Schema is generated from it.
  scripts: { code: ["io", "model"], types: [] },
  tests: { code: [...EVERYTHING, "plugins"], types: [] },
};

/** One import as written. */
export interface Import {
  readonly specifier: string;
  readonly typesOnly: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** Every import of a source text: static, re-exported, dynamic and in types. */
export function importsOf(name: string, text: string): Import[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Expression | ts.LiteralTypeNode["literal"], typesOnly: boolean) => {
    if (!ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({ specifier: specifier.text, typesOnly, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier) add(node, specifier, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = importClause.namedBindings;
  if (importClause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** A source file with its path from the checkout, `/` between the parts. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One line for each import against the table, in the order of the files. Tests beside the code may import what they need. */
export function badArrows(files: readonly SourceFile[], arrows: Readonly<Record<string, Allowed>> = ARROWS): string[] {
  return files
    .filter(({ path }) => path.includes("/") && !isForTests(path))
    .flatMap(({ path, text }) => importsOf(path, text).flatMap((one) => judge(path, one, arrows) ?? []));
}

/** Tests, and what only they use. */
function isForTests(path: string): boolean {
  return /\.test\.[a-z]+$/.test(path) || path.split("/").includes("testing");
}

function judge(path: string, one: Import, arrows: Readonly<Record<string, Allowed>>): string | undefined {
  const at = `${path}:${one.line}`;
  const from = topOf(path);
  const allowed = arrows[from];
  if (!allowed) return `${at}: folder "${from}" has no row in the table of arrows (scripts/gate/imports.ts)`;
  if (!one.specifier.startsWith(".")) return judgePackage(at, from, one, allowed);
  const target = posix.normalize(posix.join(posix.dirname(path), one.specifier));
  if (target.startsWith("..")) return `${at}: imports "${one.specifier}", outside the checkout`;
  const to = topOf(target);
  if (to === from || allowed.code.includes(to)) return undefined;
  if (!allowed.types.includes(to)) return `${at}: ${from} → ${to} ("${one.specifier}"); ${mayImport(from, allowed)}`;
  return one.typesOnly ? undefined : `${at}: ${from} → ${to} ("${one.specifier}"); types only: write "import type"`;
}

function judgePackage(at: string, from: string, one: Import, allowed: Allowed): string | undefined {
  if (!allowed.packages || one.typesOnly || allowed.packages.includes(one.specifier)) return undefined;
  return `${at}: ${from} → package "${one.specifier}"; ${from} is pure and may use ${allowed.packages.join(", ")}`;
}

function mayImport(from: string, { code, types }: Allowed): string {
  const all = [...code, ...types.map((name) => `${name} (types)`)];
  return `${from} may import from ${all.length ? all.join(", ") : "no other folder"}`;
}

function topOf(path: string): string {
  return path.split("/")[0] ?? "";
}
