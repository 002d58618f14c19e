import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { chosenUpload, isPublic, judgeUpload, uploadPath } from "./upload.ts";

const entry = (path: string, sha256: string, bytes = 3) => ({ path, bytes, sha256 });
const served = { at: "/wp-content/uploads/", isServed: isPublic };

it("is the first by digest of those that the web server hands out", () => {
  const entries = [
    entry("2026/a.png", "c1"),
    entry("2026/x.php", "00"),
    entry(".htaccess", "01"),
    entry("2026/.a/b.png", "02"),
    entry("2026/empty", "03", 0),
    { path: "kosong", bytes: 0, sha256: "-" },
    entry("2026/b.pdf", "b1"),
  ];
  expect(chosenUpload(entries, served)?.path).toBe("2026/b.pdf");
  expect(chosenUpload([...entries].reverse(), served)?.path).toBe("2026/b.pdf");
  expect(chosenUpload(entries.slice(1, 6), served)).toBeUndefined();
  expect(chosenUpload(entries, { ...served, isServed: (path) => path === "2026/a.png" })?.path).toBe("2026/a.png");
});

it("of the same content the first by name, so that it is the same each time", () => {
  expect(chosenUpload([entry("b", "c1"), entry("a", "c1")], served)?.path).toBe("a");
});

it("is asked for by an address in which every name is itself", () => {
  expect(uploadPath(served, { path: "2026/08/surat & lampiran #1?.pdf" })).toBe(
    "/wp-content/uploads/2026/08/surat%20%26%20lampiran%20%231%3F.pdf",
  );
});

it("passes where it comes as it was copied; otherwise says what was expected and what came", () => {
  const body = Buffer.from("isi");
  const expected = { path: "a.txt", bytes: 3, sha256: createHash("sha256").update(body).digest("hex") };
  expect(judgeUpload("/u/a.txt", expected, { status: 200, body })).toMatchObject({ name: "upload", ok: true });
  const other = judgeUpload("/u/a.txt", expected, { status: 200, body: Buffer.from("isj") });
  expect(other.ok).toBe(false);
  expect(other.detail).toMatch(/^\/u\/a\.txt: expected 200 and 3 bytes, sha256 .+; received 200 and 3 bytes, sha256 /);
  expect(judgeUpload("/u/a.txt", expected, { status: 404, body })).toMatchObject({
    ok: false,
    detail: expect.stringContaining("received 404"),
  });
});
