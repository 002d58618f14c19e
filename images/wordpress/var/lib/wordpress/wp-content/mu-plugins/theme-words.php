<?php
// The theme's own words in Indonesian, for which Debian packages no translation; its sample links lead nowhere and are left out.
declare(strict_types=1);

$words = [
    'Blog' => 'Berita',
    'Comments' => 'Komentar',
    'Designed with %s' => 'Dibuat dengan %s',
    'in' => 'dalam',
    'More posts' => 'Tulisan lain',
    'Page not found' => 'Halaman tidak ditemukan',
    'Post navigation' => 'Navigasi tulisan',
    'Search' => 'Cari',
    'Small totara tree on ridge above Long Point' => 'Pohon kecil di punggung bukit',
    'Sorry, but nothing was found. Please try a search with different keywords.' => 'Belum ada tulisan di sini. Coba cari dengan kata lain.',
    "The page you are looking for doesn't exist, or it has been moved. Please try searching using the form below." => 'Halaman yang Anda cari tidak ada, atau sudah dipindahkan. Coba cari lewat kotak di bawah ini.',
    'Twenty Twenty-Five' => Lumbung\settings()['government'],
    'Type here...' => 'Tulis di sini …',
    'Written by ' => 'Ditulis oleh ',
];
$said = static fn (string $translation, string $text, string $domain): string =>
    $domain === 'twentytwentyfive' ? $words[$text] ?? $translation : $translation;
add_filter('gettext', $said, 10, 3);
add_filter('gettext_with_context', static fn ($translation, $text, $context, $domain) => $said($translation, $text, $domain), 10, 4);
add_filter('render_block_core/navigation-link', static fn ($html, $block) => ($block['attrs']['url'] ?? '') === '#' ? '' : $html, 10, 2);
