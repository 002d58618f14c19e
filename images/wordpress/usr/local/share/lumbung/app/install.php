<?php
// Makes WordPress' tables, or brings them up to this version. Safe to repeat: what is there stays. Run by prepare.php.
declare(strict_types=1);

define('WP_INSTALLING', true);
// There is no mail server to tell the first administrator by; the password is in the site's secrets.
function wp_new_blog_notification(): void
{
}

require '/usr/share/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$settings = Lumbung\settings();
global $wp_version;
if (is_blog_installed()) {
    wp_upgrade();
}
if (get_option('lumbung_version') === false) {
    wp_install($settings['title'], 'admin', 'admin@' . $settings['domain'], true, '', Lumbung\secret('admin-password'), 'id_ID');
    $first = [
        'permalink_structure' => '/%year%/%monthnum%/%postname%/',
        'timezone_string' => $settings['timezone'],
        'date_format' => 'j F Y',
        'time_format' => 'H.i',
        'start_of_week' => 1,
        'blogdescription' => $settings['government'],
        'users_can_register' => 0,
        'default_ping_status' => 'closed',
        'default_pingback_flag' => 0,
        'comment_moderation' => 1,
        'template' => 'twentytwentyfive',
        'stylesheet' => 'twentytwentyfive',
    ];
    foreach ($first as $option => $value) {
        update_option($option, $value);
    }
    flush_rewrite_rules(false);
}
if (!username_exists('admin') && get_users(['role' => 'administrator', 'number' => 1]) === []) {
    fwrite(STDERR, "install.php: no administrator came about\n");
    exit(1);
}
update_option('lumbung_version', $wp_version, false);
