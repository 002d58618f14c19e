import { describe, expect, it } from "vitest";
import { parseInventory, renderProblem, renderProblems } from "./index.ts";
import { byId, labFiles, problemsOf, valid } from "./testing/lab.ts";

/** The lab with one file's text changed. */
const withFile = (name: string, change: (text: string) => string) =>
  parseInventory(labFiles.map((file) => (file.name === name ? { name, text: change(file.text) } : file)));

const codes = (result: ReturnType<typeof parseInventory>): string[] =>
  result.ok ? [] : result.problems.map(({ file, line, path, code }) => `${file}:${line ?? "-"} ${path} ${code}`);

const lineOf = (name: string, part: string): number => {
  const text = labFiles.find((file) => file.name === name)?.text ?? "";
  return text.slice(0, text.indexOf(part)).split("\n").length;
};

describe("parseInventory", () => {
  it("loads the lab, in files and in one file, with any line ends and any order of files", () => {
    const inventory = valid(parseInventory(labFiles));
    expect(inventory.opd.length).toBeGreaterThanOrEqual(32);
    const one = [{ name: "inventory/lab/inventory.yaml", text: labFiles.map(({ text }) => text).join("\n") }];
    expect(valid(parseInventory(one))).toEqual(inventory);
    const turned = [...labFiles]
      .reverse()
      .map(({ name, text }) => ({ name, text: `\uFEFF${text.replaceAll("\n", "\r\n")}` }));
    expect(valid(parseInventory(turned))).toEqual(inventory);
  });

  it("says a mistake the way D1 shows it", () => {
    const result = withFile("applications.yaml", (text) => text.replace("database: simpeg\n", "database: simpeg-db\n"));
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const line = lineOf("applications.yaml", "database: simpeg\n");
    const [problem] = result.problems;
    expect(result.problems).toHaveLength(1);
    expect(problem && renderProblem(problem, "en").split("\n")[0]).toBe(
      `applications.yaml:${line}: applications[7].database: "simpeg-db" is not declared; did you mean "simpeg"?`,
    );
    expect(problem && renderProblem(problem).split("\n")[0]).toBe(
      `applications.yaml:${line}: applications[7].database: "simpeg-db" tidak dideklarasikan; apakah maksud Anda "simpeg"?`,
    );
  });

  it("tells problems of syntax, shape and reference together", () => {
    const result = parseInventory(
      labFiles.map(({ name, text }) => {
        if (name === "roles.yaml") return { name, text: `${text}  - { id: rusak\n` };
        if (name === "region.yaml") return { name, text: text.replace("Asia/Jakarta", "Asia/Jakata") };
        if (name === "databases.yaml") return { name, text: text.replace("owner: dinsos", "owner: dinso") };
        return { name, text };
      }),
    );
    expect(codes(result).map((line) => line.split(" ").at(-1))).toEqual(
      ["undeclared", "value", "syntax"].sort(() => 0),
    );
    expect(codes(result).some((line) => line.startsWith("roles.yaml:"))).toBe(true);
  });

  it("does not report references to what a broken file may hold, nor to an item that is otherwise wrong", () => {
    expect(
      codes(withFile("opd.yaml", (text) => `${text}\t- oops: [`)).every((line) => line.startsWith("opd.yaml:")),
    ).toBe(true);
    const wrongItem = withFile("opd.yaml", (text) => text.replace("kind: inspektorat", "kind: inspektor"));
    expect(codes(wrongItem)).toEqual([`opd.yaml:${lineOf("opd.yaml", "kind: inspektorat")} opd[2].kind value`]);
  });

  it("gives shape errors an expectation, a value and a hint", () => {
    const problems = problemsOf((lab) => {
      lab.opd[0].shortname = "Setda";
      delete lab.opd[0].shortName;
      lab.databaseServers[0].version = 17;
      lab.region.timezone = "Asia/Jakata";
      lab.subdomains[4].expires = "2026-02-30";
      lab.sites[0].network.subnet = "10.91.0.5/24";
      lab.sites[1].runtime = { kind: "dockr" };
      lab.zones[0].name = "Lumbung_Kab.go.id";
      lab.databases[2].renewedEverySeconds = 0;
      lab.costCentres = null;
      lab.aplications = [];
    });
    const told = problems.map((problem) => [
      problem.path,
      problem.code,
      problem.expected.en,
      problem.received,
      problem.hint?.en ?? "",
    ]);
    const found = (path: string) => told.find((line) => line[0] === path)?.slice(1);
    expect(found("opd[0].shortName")).toEqual(["required", "a text", "-", ""]);
    expect(found("opd[0].shortname")?.[3]).toBe('did you mean "shortName"?');
    expect(found("databaseServers[0].version")).toEqual(["type", "a text", "17", 'write it in quotes: "17"']);
    expect(found("region.timezone")).toEqual([
      "value",
      "Asia/Jakarta, Asia/Makassar, Asia/Jayapura",
      '"Asia/Jakata"',
      'did you mean "Asia/Jakarta"?',
    ]);
    expect(found("subdomains[4].expires")?.slice(0, 3)).toEqual([
      "format",
      "a real date year-month-day such as 2026-01-31",
      '"2026-02-30"',
    ]);
    expect(found("sites[0].network.subnet")?.[3]).toBe('did you mean "10.91.0.0/24"?');
    expect(found("sites[1].runtime.kind")).toEqual([
      "value",
      "docker, kubernetes",
      '"dockr"',
      'did you mean "docker"?',
    ]);
    expect(found("zones[0].name")?.[0]).toBe("format");
    expect(found("databases[2].renewedEverySeconds")).toEqual(["range", "at least 1", "0", ""]);
    expect(found("costCentres")).toEqual(["type", "a list", "null", "write [] if there is none"]);
    expect(found("aplications")?.[3]).toBe('did you mean "applications"?');
    expect(told).toHaveLength(11);
  });

  it("finds unknown keys inside a branch of a union", () => {
    const [problem] = problemsOf((lab) => (lab.sites[0].runtime.hosts = "ssh://x"));
    expect(problem).toMatchObject({
      path: "sites[0].runtime.hosts",
      code: "unknown-key",
      hint: { en: 'did you mean "host"?' },
    });
  });

  it("needs an owner and a decree of each subdomain", () => {
    const problems = problemsOf((lab) => {
      delete byId(lab.subdomains, "pengaduan.lumbungkab.go.id").owner;
      delete byId(lab.subdomains, "dinkes.lumbungkab.go.id").decree;
    });
    expect(problems.map(({ path, code }) => [path.replace(/\d+/, "n"), code])).toEqual([
      ["subdomains[n].owner", "required"],
      ["subdomains[n].decree", "required"],
    ]);
  });

  it("refuses unknown files, files given twice, and keys in two files", () => {
    const more = [
      ...labFiles,
      { name: "aplications.yaml", text: "" },
      { name: "lain/opd.yaml", text: "" },
      { name: "inventory.yaml", text: "roles: []\n" },
    ];
    expect(codes(parseInventory(more))).toEqual(
      [
        "aplications.yaml:-  unknown-file",
        "lain/opd.yaml:-  duplicate-file",
        "inventory.yaml:1 roles duplicate-key",
      ].sort(),
    );
  });

  it("takes a misspelt kind for one mistake, not for a missing kind and all its mentions", () => {
    for (const [key, misspelt] of [
      ["applications", "aplications"],
      ["opd", "opds"],
    ] as const) {
      const problems = problemsOf((lab) => {
        lab[misspelt] = lab[key];
        delete lab[key];
      });
      expect(problems.map(({ path, code }) => [path, code])).toEqual([[misspelt, "unknown-key"]]);
    }
  });

  it("names every kind that is missing", () => {
    expect(codes(parseInventory([]))).toEqual(
      ["backbone", "opd", "pools", "region", "sites", "subdomains", "zones"].map((key) => `:- ${key} required`),
    );
  });

  it("refuses aliases, bombs, huge files and bottomless nesting", () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefghijkl"
      .split("")
      .map((name, index) => `${name}: &${name} [${`*${"abcdefghijkl"[index]},`.repeat(9)}]\n`)
      .join("")}`;
    const only = (text: string) => codes(parseInventory([{ name: "inventory.yaml", text }]));
    expect(only(bomb).filter((line) => !line.endsWith(" alias") && !line.endsWith(" anchor"))).toEqual([]);
    expect(only("region: &x {}\n")).toEqual(["inventory.yaml:1  anchor"]);
    expect(only(`# ${"x".repeat(10 * 1024 * 1024)}`)).toEqual(["inventory.yaml:-  file-too-large"]);
    for (const deep of [
      "[".repeat(100_000),
      `${"[".repeat(1000)}${"]".repeat(1000)}`,
      "- ".repeat(5000),
      "? ".repeat(5000),
    ]) {
      expect(only(`region:\n ${deep}`)).toEqual(["inventory.yaml:2  nested-too-deep"]);
    }
    const indented = Array.from({ length: 2000 }, (_, index) => `${" ".repeat(index)}a:`).join("\n");
    expect(only(indented)).toHaveLength(1);
    expect(only(indented)[0]).toMatch(/ nested-too-deep$/);
    expect(only("- 1\n- 2\n")).toEqual(["inventory.yaml:1  shape"]);
    expect(only("region: {a: 1}\n---\nregion: {}\n")[0]).toMatch(/ syntax$/);
    expect(only("region: {a: 1, a: 2}\n")[0]).toMatch(/ syntax$/);
    expect(only("region: !!js/function x\n")[0]).toMatch(/ syntax$/);
  });

  it("takes a quoted asterisk for what it is", () => {
    expect(
      codes(withFile("certificates.yaml", (text) => text.replace("issuer: region", 'issuer: region # a *b and "&c"'))),
    ).toEqual([]);
  });

  it("takes __proto__ and constructor for unknown keys", () => {
    const result = withFile("roles.yaml", (text) => `${text}__proto__: 1\nconstructor: 2\n`);
    expect(codes(result).map((line) => line.split(" ").slice(1).join(" "))).toEqual([
      "__proto__ unknown-key",
      "constructor unknown-key",
    ]);
  });

  it("shows control and direction characters as escapes", () => {
    const [problem] = problemsOf((lab) => (lab.roles[0].opd = "dinkes\u001b[2J\u202e\u009b"));
    const shown = problem ? renderProblem(problem) : "";
    expect(shown).toContain("\\u001b[2J\\u202e\\u009b");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(shown).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  it("always tells the same problems in the same order", () => {
    const broken = () =>
      problemsOf((lab) => {
        for (const subdomain of lab.subdomains) subdomain.owner = "x";
      });
    expect(renderProblems(broken())).toBe(renderProblems(broken()));
    expect(broken().length).toBeGreaterThan(40);
    expect(renderProblems(broken())).toMatch(/\n\d+ masalah dalam inventaris\.\n$/);
  });
});
