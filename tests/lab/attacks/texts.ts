/** What people here really write: Indonesian with quotes, HTML, addresses, figures, and pages about computers. None of it is an attack. */
export const TITLES = [
  'Tata cara permohonan informasi publik (PPID) – "cepat, tepat & gratis"',
  "Pengumuman No. 555/12/DISKOMINFO/2026: SPBE, SP4N-LAPOR! dan jum'at bersih",
  "Apa itu SQL? Select, insert, update & delete untuk pemula",
];

/** As the block editor sends it. */
export const BLOCKS = `<!-- wp:heading -->
<h2 class="wp-block-heading">Syarat permohonan</h2>
<!-- /wp:heading -->

<!-- wp:paragraph -->
<p>Pemohon mengisi formulir dan melampirkan KTP; "hak untuk tahu" dijamin UU No. 14 Tahun 2008, Pasal 28F UUD '45. Biaya: Rp0,- (gratis), waktu ≤ 10 + 7 hari kerja. Jum'at pukul 08.00–11.30 WIB.</p>
<!-- /wp:paragraph -->

<!-- wp:list {"ordered":true} -->
<ol class="wp-block-list"><!-- wp:list-item -->
<li>Datang ke kantor, atau kirim ke <a href="mailto:ppid@lumbungkab.go.id?subject=Permohonan%20informasi">ppid@lumbungkab.go.id</a>;</li>
<!-- /wp:list-item -->

<!-- wp:list-item -->
<li>pilih salah satu: (a) salinan, (b) melihat, atau (c) keduanya -- lalu tanda tangan.</li>
<!-- /wp:list-item --></ol>
<!-- /wp:list -->

<!-- wp:table {"hasFixedLayout":true} -->
<figure class="wp-block-table"><table class="has-fixed-layout"><tbody><tr><td><strong>Tahun</strong></td><td>Permohonan</td></tr><tr><td>2025</td><td>1.204 (naik 12%)</td></tr></tbody></table></figure>
<!-- /wp:table -->

<!-- wp:code -->
<pre class="wp-block-code"><code>SELECT nama, alamat FROM warga WHERE kecamatan = 'Muara Pinang' OR usia &gt; 60 ORDER BY nama;</code></pre>
<!-- /wp:code -->

<!-- wp:embed {"url":"https://lumbungkab.go.id/","type":"rich"} -->
<figure class="wp-block-embed is-type-rich"><div class="wp-block-embed__wrapper">
https://lumbungkab.go.id/
</div></figure>
<!-- /wp:embed -->`;

export const COMMENTS = [
  "Terima kasih, Pak! Saya sudah ajukan 2x tapi belum ada jawaban... Apakah 'permohonan' saya hilang? :( -- Siti, Desa Talang Baru",
  "Mohon info: jadwal posyandu & imunisasi bulan ini (kalau ada), union/serikat pekerja or koperasi select mana yang ikut? 1=1 saja ya, hehe",
];

export const SEARCHES = [
  "dana desa 2026",
  'kartu keluarga "hilang"',
  "jum'at bersih",
  "select pegawai from dinas",
  "e-KTP & NIK",
  "100% gratis; tanpa biaya",
];

/** As the wiki's editor sends it. */
export const WIKITEXT = `== Cadangan basis data ==
'''Cadangan''' dibuat tiap malam oleh ''cron''; lihat [[Pemulihan]] dan [https://www.postgresql.org/docs/ dokumentasi "resmi"].
{| class="wikitable"
! Server !! Mesin !! Catatan
|-
| utama || PostgreSQL 17 || {{{1|SPBE}}} & e-office
|}
<syntaxhighlight lang="sql">
SELECT count(*) FROM pegawai WHERE nip IS NOT NULL AND (golongan = 'III/a' OR 1=1);
INSERT INTO catatan (isi) VALUES ('Jum''at'); -- akhir
DROP TABLE IF EXISTS sementara; UNION SELECT 1, 2, 3;
</syntaxhighlight>
<pre>
cat /etc/passwd | grep www-data; sudo rm -rf /tmp/lama && wget https://contoh.lumbungkab.go.id/skrip.sh -O - | bash
<?php echo $_GET['nama']; system("ls -la"); eval($kode); ?>
<script>alert("contoh XSS: javascript:alert(1)")</script> ../../../../etc/shadow
</pre>
<gallery>
Berkas:Peta.png|Peta ''wilayah''
</gallery>
<nowiki>{{#if: x | y }}</nowiki> <ref name="a">Perbup 7/2025, hal. 12</ref>
[[Kategori:Teknologi informasi]] ~~~~`;
