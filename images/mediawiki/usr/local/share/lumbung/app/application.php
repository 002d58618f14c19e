<?php
// MediaWiki: which version its tables are of, and how they come about.
declare(strict_types=1);

// Read as text: MediaWiki's own definitions want all of MediaWiki.
preg_match("/MW_VERSION', '([^']+)'/", file_get_contents('/usr/share/mediawiki/includes/Defines.php'), $version);
putenv('PGSSLMODE=verify-full');
putenv('PGSSLROOTCERT=/config/current/tls/ca.crt');
$prepare = ['php8.4', __DIR__ . '/install.php'];

return [
    'name' => 'MediaWiki',
    'version' => $version[1] ?? throw new RuntimeException('MediaWiki does not say its version'),
    // What install.php wrote at its very end; without it an installation was cut short and is done again.
    'installed' => static function (PDO $database): ?string {
        if ($database->query("select to_regclass('mediawiki.updatelog')")->fetchColumn() === null) {
            return null;
        }
        $version = $database->query("select ul_value from mediawiki.updatelog where ul_key = 'lumbung-version'")->fetchColumn();
        return $version === false ? null : $version;
    },
    'install' => $prepare,
    'upgrade' => $prepare,
    'work' => ['php8.4', '/usr/share/mediawiki/maintenance/run.php', 'runJobs', '--maxtime=50', '--quiet'],
];
