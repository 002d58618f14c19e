import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { archivesOf } from "./container/uploads.ts";
import { tarOf } from "./tar.ts";

const folder = mkdtempSync(join(tmpdir(), "try-plugin-tar-"));
afterAll(() => rmSync(folder, { recursive: true }));

const unpack = (tar: Buffer, into: string) => execFileSync("tar", ["-x", "-C", into, "-f", "-"], { input: tar });
const TIME = new Date("2026-01-02T03:04:05Z");

describe("tar", () => {
  it("is read by tar: paths longer than a header, other letters, binary content, modes, time", () => {
    const long = `${"sangat-panjang/".repeat(20)}berkas`;
    const files = [
      { path: "etc/conf", content: Buffer.from("a=1\n"), mode: 0o600 },
      { path: long, content: Buffer.from([0, 255, 10]), mode: 0o744 },
      { path: "é/ключ", content: Buffer.alloc(1024, 1), mode: 0o644 },
      { path: "empty", content: Buffer.alloc(0), mode: 0o644 },
    ];
    unpack(tarOf(files, TIME), folder);
    for (const { path, content, mode } of files) {
      expect(readFileSync(join(folder, path)), path).toEqual(content);
      expect(statSync(join(folder, path)).mode & 0o777, path).toBe(mode);
      expect(statSync(join(folder, path)).mtime).toEqual(TIME);
    }
  });

  it("lists every path of any length (property)", () => {
    const name = fc.stringMatching(/^[a-z]{1,40}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.array(name, { minLength: 1, maxLength: 12 }).map((parts) => parts.join("/")),
          { maxLength: 5 },
        ),
        (paths) => {
          const tar = tarOf(
            paths.map((path) => ({ path, content: Buffer.from(path), mode: 0o644 })),
            TIME,
          );
          const listed = execFileSync("tar", ["-t", "-f", "-"], { input: tar, encoding: "utf8" })
            .split("\n")
            .filter(Boolean);
          expect(listed).toEqual(paths);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("archives of uploads", () => {
  const uploads = [
    { file: "/a", content: "1" },
    { file: "/data/b", contentBase64: "AP8=" },
    { file: "/data/deep/c", content: "x", executable: true },
  ];

  it("is one archive for /", () => {
    expect(archivesOf({ uploads }, TIME).map(({ path }) => path)).toEqual(["/"]);
  });

  it("is none without uploads", () => {
    expect(archivesOf({}, TIME)).toEqual([]);
  });

  it("goes volume by volume where the root is read-only, into the innermost", () => {
    const volumes = [
      { volumeName: "v", containerPath: "/data/" },
      { volumeName: "w", containerPath: "/data/deep" },
    ];
    const archives = archivesOf({ readOnly: true, volumes, uploads: uploads.slice(1) }, TIME);
    expect(archives.map(({ path }) => path)).toEqual(["/data", "/data/deep"]);
  });

  it("refuses what can be written nowhere", () => {
    expect(() => archivesOf({ readOnly: true, uploads }, TIME)).toThrow(/\/a can't be written/);
    const readOnlyVolume = [{ volumeName: "v", containerPath: "/data", readOnly: true }];
    expect(() => archivesOf({ readOnly: true, volumes: readOnlyVolume, uploads: uploads.slice(1) }, TIME)).toThrow(
      /\/data\/b can't be written/,
    );
  });
});
