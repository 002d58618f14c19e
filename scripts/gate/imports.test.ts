import { describe, expect, it } from "vitest";
import { ARROWS, badArrows, importsOf } from "./imports.ts";

const bad = (path: string, text: string) => badArrows([{ path, text }]);

describe("importsOf", () => {
  it.each([
    ['import { a } from "./a.ts";', false],
    ['import "./a.ts";', false],
    ['import type { A } from "./a.ts";', true],
    ['import { type A, type B } from "./a.ts";', true],
    ['import { type A, b } from "./a.ts";', false],
    ['import d, { type A } from "./a.ts";', false],
    ['import * as a from "./a.ts";', false],
    ['export { a } from "./a.ts";', false],
    ['export * from "./a.ts";', false],
    ['export type { A } from "./a.ts";', true],
    ['const a = await import("./a.ts");', false],
    ['type A = import("./a.ts").A;', true],
  ])("%s", (text, typesOnly) => expect(importsOf("x.ts", text)).toEqual([{ specifier: "./a.ts", typesOnly, line: 1 }]));
  it("sees none in comments and strings", () => {
    expect(importsOf("x.ts", '// import "./a.ts"\nconst s = \'import "./a.ts"\';')).toEqual([]);
  });
});

describe("badArrows", () => {
  it.each([
    ["model/a.ts", "../io/files.ts"],
    ["model/a.ts", "../components/dns/config.ts"],
    ["components/a.ts", "../io/files.ts"],
    ["components/dns/a.ts", "../../stacks/index.ts"],
    ["io/a.ts", "../cli/main.ts"],
    ["services/ops/a.ts", "../../components/a.ts"],
    ["plugins/docker/a.ts", "../../io/files.ts"],
    ["plugins/docker/a.ts", "../../model/types.ts"],
    ["evidence/a.ts", "../io/files.ts"],
    ["evidence/a.ts", "../custody/types.ts"],
    ["web/a.ts", "../io/files.ts"],
    ["custody/a.ts", "../stacks/index.ts"],
    ["cli/a.ts", "../plugins/docker/main.ts"],
    ["cli/a.ts", "../tests/lab/support/lumbung.ts"],
    ["stacks/a.ts", "../cli/main.ts"],
    ["scripts/a.ts", "../cli/main.ts"],
  ])("%s may not import %s", (path, specifier) => {
    expect(bad(path, `import { x } from "${specifier}";`)).toEqual([
      expect.stringContaining(`${path}:1: ${path.split("/")[0]} → `),
    ]);
    expect(bad(path, `const x = await import("${specifier}");`)).toHaveLength(1);
    expect(bad(path, `export * from "${specifier}";`)).toHaveLength(1);
  });

  it("lets types through where the table says types", () => {
    expect(bad("components/a.ts", 'import type { SiteSecrets } from "../custody/types.ts";')).toEqual([]);
    expect(bad("io/a.ts", 'import type { Text } from "../model/types.ts";')).toEqual([]);
  });
  it("but not code, and says how to write it", () => {
    expect(bad("components/a.ts", 'import { x } from "../custody/types.ts";')).toEqual([
      expect.stringContaining('write "import type"'),
    ]);
    expect(bad("io/a.ts", 'import { x } from "../model/types.ts";')).toHaveLength(1);
  });
  it("lets a folder import from itself and from where the table says", () => {
    expect(bad("model/derive/a.ts", 'import { x } from "../types.ts";')).toEqual([]);
    expect(bad("stacks/a.ts", 'import { x } from "../components/site.ts";')).toEqual([]);
  });
  it("keeps the model pure of the world", () => {
    expect(bad("model/a.ts", 'import { readFile } from "node:fs/promises";')).toEqual([
      expect.stringContaining("is pure"),
    ]);
    expect(bad("model/a.ts", 'import { z } from "zod";')).toEqual([]);
    expect(bad("evidence/a.ts", 'import { readFile } from "node:fs/promises";')).toHaveLength(1);
    expect(bad("evidence/a.ts", 'import { sign } from "node:crypto";')).toEqual([]);
  });
  it("fails a folder that the table does not know, and an import outside the checkout", () => {
    expect(bad("novel/a.ts", 'import { x } from "./b.ts";')).toEqual([
      expect.stringContaining('folder "novel" has no row'),
    ]);
    expect(bad("model/a.ts", 'import { x } from "../../elsewhere/b.ts";')).toEqual([
      expect.stringContaining("outside the checkout"),
    ]);
  });
  it("names every bad arrow with its line", () => {
    expect(bad("model/a.ts", 'import "../io/a.ts";\nimport "../cli/b.ts";')).toEqual([
      expect.stringContaining("model/a.ts:1:"),
      expect.stringContaining("model/a.ts:2:"),
    ]);
  });
  it("leaves tests alone", () => {
    expect(bad("model/a.test.ts", 'import { readFile } from "node:fs/promises";')).toEqual([]);
    expect(bad("model/testing/a.ts", 'import { readFile } from "node:fs/promises";')).toEqual([]);
  });
  it("has a row for each folder that a row names", () => {
    const named = Object.values(ARROWS).flatMap(({ code, types }) => [...code, ...types]);
    expect(named.filter((name) => !ARROWS[name])).toEqual([]);
  });
});
