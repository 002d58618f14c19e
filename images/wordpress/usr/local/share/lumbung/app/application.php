<?php
// WordPress: which version its tables are of, and how they come about.
declare(strict_types=1);

require '/usr/share/wordpress/wp-includes/version.php';
$install = ['php8.4', __DIR__ . '/install.php'];

return [
    'name' => 'WordPress',
    'version' => $wp_version,
    // What install.php wrote at its very end; without it an installation was cut short and is done again.
    'installed' => static function (PDO $database): ?string {
        if ($database->query("show tables like 'wp\\_options'")->fetch() === false) {
            return null;
        }
        $version = $database->query("select option_value from wp_options where option_name = 'lumbung_version'")->fetchColumn();
        return $version === false ? null : $version;
    },
    'install' => $install,
    'upgrade' => $install,
    'work' => ['php8.4', '/usr/share/wordpress/wp-cron.php'],
];
