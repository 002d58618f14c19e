<?php
// WordPress' configuration: nothing of it is chosen here but what holds for every WordPress in this region.
require_once '/usr/local/share/lumbung/lumbung.php';

(static function (): void {
    $settings = Lumbung\settings();
    $database = $settings['database'];
    define('DB_NAME', $database['name']);
    define('DB_USER', $database['user']);
    define('DB_PASSWORD', Lumbung\databasePassword());
    $socket = $database['socket'] ?? null;
    define('DB_HOST', $socket === null ? $database['host'] . ':' . $database['port'] : "localhost:$socket");
    define('DB_CHARSET', 'utf8mb4');
    define('DB_COLLATE', '');
    // The authority is openssl.cafile of 90-lumbung.ini: the region's own and no other.
    $socket !== null || define('MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_VERIFY_SERVER_CERT);
    foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $key) {
        define($key, Lumbung\key($key));
    }
    define('WP_HOME', $settings['url']);
    define('WP_SITEURL', $settings['url']);
})();

// Nothing is fetched, installed or changed by WordPress itself: a new version is a new image.
define('DISALLOW_FILE_MODS', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('FORCE_SSL_ADMIN', true);
define('WP_CONTENT_DIR', '/var/lib/wordpress/wp-content');
define('WP_DEFAULT_THEME', 'twentytwentyfive');
define('WP_POST_REVISIONS', 20);
define('WP_MEMORY_LIMIT', '96M');
define('WP_MAX_MEMORY_LIMIT', '128M');

$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', '/usr/share/wordpress/');
require_once ABSPATH . 'wp-settings.php';
