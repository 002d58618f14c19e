<?php
// MediaWiki: which version its tables are of, and how they come about.
declare(strict_types=1);

require '/usr/share/mediawiki/includes/Defines.php';
putenv('PGSSLMODE=verify-full');
putenv('PGSSLROOTCERT=/config/current/tls/ca.crt');
$prepare = ['php8.4', __DIR__ . '/install.php'];

return [
    'name' => 'MediaWiki',
    'version' => MW_VERSION,
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
