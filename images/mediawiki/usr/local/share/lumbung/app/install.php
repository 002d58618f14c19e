<?php
// Makes MediaWiki's tables, or brings them up to this version. Safe to repeat. Run by prepare.php.
declare(strict_types=1);

require '/usr/local/share/lumbung/lumbung.php';
$application = require __DIR__ . '/application.php';
$settings = Lumbung\settings();
$target = $settings['database'];
$database = Lumbung\database();

/** MediaWiki's own programs. Passwords are files. */
function maintenance(array $words, array $environment = []): void
{
    $environment += getenv();
    $process = proc_open(['php8.4', '/usr/share/mediawiki/maintenance/run.php', ...$words], [1 => STDERR, 2 => STDERR], $pipes, null, $environment);
    if (proc_close($process) !== 0) {
        fwrite(STDERR, "install.php: $words[0] failed\n");
        exit(1);
    }
}

$tables = $database->query("select to_regclass('mediawiki.mwuser')")->fetchColumn() !== null;
// Tables without a single user: an installation was cut short before anybody could write. It is begun again.
if ($tables && (int) $database->query('select count(*) from mediawiki.mwuser')->fetchColumn() === 0) {
    $database->exec('drop schema mediawiki cascade');
    $tables = false;
}
if ($tables) {
    maintenance(['update', '--quick', '--quiet']);
} else {
    // The installer writes a LocalSettings.php, which is not needed: ours is in the image, and hidden from it here.
    $scratch = '/tmp/install';
    is_dir($scratch) || mkdir($scratch, 0700);
    $secrets = '/config/current/secrets';
    maintenance([
        'install', '--dbtype=postgres', "--dbserver=$target[host]", "--dbport=$target[port]", "--dbname=$target[name]", '--dbschema=mediawiki',
        "--dbuser=$target[user]", "--dbpassfile=$secrets/database-password",
        "--server=$settings[url]", '--scriptpath=', '--lang=id', "--confpath=$scratch", '--skins=Vector',
        "--passfile=$secrets/admin-password", $settings['title'], 'Admin',
    ], ['MW_CONFIG_FILE' => "$scratch/none.php"]);
    array_map(unlink(...), glob("$scratch/*"));
    // Tables of the extensions that our LocalSettings.php loads.
    maintenance(['update', '--quick', '--quiet']);
}
$database->prepare("insert into mediawiki.updatelog (ul_key, ul_value) values ('lumbung-version', :version)
    on conflict (ul_key) do update set ul_value = excluded.ul_value")->execute(['version' => $application['version']]);
