import { expect, it } from "vitest";
import { isShown, lettersOf, textOf } from "./page-text.ts";

it("is what a reader sees", () => {
  const html =
    "<!-- a --><style>b{}</style><h1>Layanan &amp; <em>Informasi</em></h1>\n<script>c</script><p>&#8220;d&#x201D;</p>";
  expect(textOf(html)).toBe("Layanan & Informasi “d”");
});

it.each([
  [
    "quotes and dashes that a program sets",
    'Warga bertanya: "kapan?" -- Jumat',
    "<h2>Warga bertanya: &#8220;kapan?&#8221; &#8211; Jumat</h2>",
  ],
  ["an x between digits", "Lapangan 20x40", "<p>Lapangan 20×40</p>"],
  ["what the database keeps as HTML", "Pertanyaan &amp; jawaban", "<a>Pertanyaan &#038; jawaban</a>"],
  ["other scripts", "Кантор 中文", "<b>Кантор 中文</b>"],
  ["lines and spaces", "dua\n\nbaris", "<p>dua<br> baris</p>"],
])("shows a text in spite of %s", (_what, text, html) => {
  expect(isShown(html, text)).toBe(true);
});

it("does not take for shown what is not: another text, part of a word, an attribute, or nothing at all", () => {
  expect(isShown("<p>Pengumuman kedua</p>", "Pengumuman ketiga")).toBe(false);
  expect(isShown("<p>Pengumumannya</p>", "Pengumuman")).toBe(false);
  expect(isShown('<a title="Pengumuman">x</a>', "Pengumuman")).toBe(false);
  expect(isShown("<p>a</p>", " … ")).toBe(false);
  expect(lettersOf("—!")).toBe("");
});
