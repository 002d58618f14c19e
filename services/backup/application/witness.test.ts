import { expect, it } from "vitest";
import { longestPlainRun, mediawikiUploads, mediawikiWitness } from "./mediawiki.ts";
import { pengaduanWitness } from "./pengaduan.ts";
import { judgePage, type Query, quoted } from "./witness.ts";
import { wordpressWitness } from "./wordpress.ts";

/** Answers by a word of the question. */
const queryOf =
  (answers: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>): Query =>
  async (sql) =>
    Object.entries(answers).find(([word]) => sql.includes(word))?.[1] ?? [];

const answer = (body: string, status = 200) => ({ path: "/2026/08/judul/", status, body: Buffer.from(body) });

it("WordPress shows the newest post that has a title", async () => {
  const posts = [
    { id: 9, title: "—" },
    { id: 7, title: "Jadwal “layanan” keliling" },
    { id: 5, title: "Lama" },
  ];
  const witness = await wordpressWitness(queryOf({ wp_posts: posts, wp_options: [{ name: "PPID" }] }));
  if (!witness) throw new Error("no witness");
  expect(witness.path).toBe("/?p=7");
  const page = "<title>PPID</title><h1>Jadwal &#8220;layanan&#8221; keliling</h1>";
  expect(judgePage("ppid.example", witness, answer(page))).toEqual({
    name: "page",
    ok: true,
    detail: `https://ppid.example/2026/08/judul/: 200, ${page.length} bytes, shows the title of the newest post, "Jadwal “layanan” keliling"`,
  });
  const other = judgePage("ppid.example", witness, answer("<h1>Lama</h1>"));
  expect(other).toMatchObject({ ok: false });
  expect(other.detail).toContain(
    'expected 200 and the title of the newest post, "Jadwal “layanan” keliling"; received 200, 13 bytes: "Lama"',
  );
  // A page that says it, with another status, is an error page.
  expect(judgePage("ppid.example", witness, answer(page, 500)).ok).toBe(false);
});

it("WordPress without posts shows its name, and without either nothing", async () => {
  const witness = await wordpressWitness(queryOf({ wp_options: [{ name: "PPID Kabupaten" }] }));
  expect(witness?.path).toBe("/");
  expect(witness?.isIn("<title>PPID Kabupaten</title>")).toBe(true);
  expect(witness?.isIn("<title>PPID</title>")).toBe(false);
  expect(await wordpressWitness(queryOf({ wp_options: [{ name: "" }] }))).toBeUndefined();
});

it("MediaWiki shows what the newest revision says, whatever its table is called", async () => {
  const row = {
    title: "Alur_kerja/Surat_&_disposisi",
    text: "== Isi ==\n'''Surat''' masuk dicatat oleh sekretariat, lalu [[Disposisi|dibagikan]].",
    flags: "utf-8",
  };
  const witness = await mediawikiWitness(
    queryOf({ to_regclass: [{ name: "mediawiki.pagecontent" }], "mediawiki.pagecontent t": [row] }),
  );
  expect(witness?.path).toBe("/wiki/Alur_kerja/Surat_%26_disposisi");
  expect(witness?.isIn("<p><b>Surat</b> masuk dicatat oleh sekretariat, lalu <a>dibagikan</a>.</p>")).toBe(true);
  expect(witness?.isIn("<p><b>Surat</b> masuk dicatat oleh bagian umum</p>")).toBe(false);
  expect(await mediawikiWitness(queryOf({ to_regclass: [{ name: null }] }))).toBeUndefined();
  expect(await mediawikiWitness(queryOf({ to_regclass: [{ name: "mediawiki.text" }] }))).toBeUndefined();
});

it("MediaWiki shows the page's name where its text is for MediaWiki alone to read", async () => {
  const row = { title: "Halaman_Utama", text: "\\x1f8b", flags: "utf-8,gzip" };
  const witness = await mediawikiWitness(
    queryOf({ to_regclass: [{ name: "mediawiki.text" }], "mediawiki.text t": [row] }),
  );
  expect(witness?.isIn("<h1>Halaman Utama</h1>")).toBe(true);
  expect(witness?.isIn("<h1>Tidak ditemukan</h1>")).toBe(false);
});

it("takes of a wiki text what stands there as it is", () => {
  expect(
    longestPlainRun(
      "{{Kotak|a={{b|panjang sekali ini teks templat}}}} Teks biasa <!-- dan komentar yang lebih panjang -->",
    ),
  ).toBe("Teks biasa");
  expect(longestPlainRun("[[Berkas:a.png|jmpl|Keterangan gambar yang panjang]]\nSingkat")).toBe("Singkat");
  expect(
    longestPlainRun(
      "{| class=x\n| sel tabel yang panjang\n|}\nLuar <ref>catatan kaki yang panjang</ref> https://example.go.id/alamat-panjang",
    ),
  ).toBe("Luar");
  expect(longestPlainRun("{{Templat}}")).toBe("");
  const long = longestPlainRun("kata ".repeat(100));
  expect(long.length).toBeLessThanOrEqual(120);
  expect(long.endsWith("kata")).toBe(true);
});

it("MediaWiki hands out no deleted file", () => {
  expect(["a/ab/x.png", "deleted/x.png", "temp/x.png", "thumb/temp/x.png"].filter(mediawikiUploads.isServed)).toEqual([
    "a/ab/x.png",
    "thumb/temp/x.png",
  ]);
});

it("a complaint is looked for in its page, and neither its words nor its number are told", async () => {
  const complaint = { reference: "ADU-1234-5678", body: "Lampu jalan di depan pasar mati." };
  const witness = await pengaduanWitness(queryOf({ complaint: [complaint] }));
  expect(witness.path).toBe("/laporan/ADU-1234-5678");
  const good = judgePage("pengaduan.example", witness, answer(`<div class="body">${complaint.body}</div>`));
  const bad = judgePage("pengaduan.example", witness, answer("<div>Lain</div>"));
  expect([good.ok, bad.ok]).toEqual([true, false]);
  for (const { detail } of [good, bad]) expect(detail).not.toMatch(/ADU-|Lampu/);
});

it("without complaints the list must show none", async () => {
  const witness = await pengaduanWitness(queryOf({}));
  expect(witness.path).toBe("/laporan/");
  expect(witness.isIn("<p>Belum ada pengaduan</p>")).toBe(true);
  expect(witness.isIn('<input placeholder="ADU-0000-0000"><a href="/laporan/ADU-1234-5678">ADU-1234-5678</a>')).toBe(
    false,
  );
});

it("cuts what is long", () => {
  expect(quoted("a".repeat(81))).toBe(`"${"a".repeat(80)}…"`);
});
