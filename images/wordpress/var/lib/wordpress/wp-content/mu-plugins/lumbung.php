<?php
// What holds for every WordPress in this region, and that no administrator of one can switch off.
declare(strict_types=1);

add_filter('xmlrpc_enabled', '__return_false');
add_filter('wp_is_application_passwords_available', '__return_false');
add_filter('the_generator', '__return_empty_string');
// Debian's mirror and the image say what is new, not WordPress.
foreach (['update_core', 'update_plugins', 'update_themes'] as $update) {
    add_filter("pre_site_transient_$update", static fn () => (object) ['last_checked' => time(), 'version_checked' => wp_get_wp_version(), 'updates' => [], 'response' => [], 'translations' => []]);
}
add_filter('site_status_tests', static function (array $tests): array {
    unset($tests['async']['background_updates'], $tests['async']['dotorg_communication'], $tests['async']['loopback_requests']);
    return $tests;
});
// A reader's browser asks nobody else: no pictures of faces, no pictures in the place of characters.
add_filter('pre_option_show_avatars', static fn () => '0');
remove_action('wp_head', 'print_emoji_detection_script', 7);
remove_action('admin_print_scripts', 'print_emoji_detection_script');
add_filter('emoji_svg_url', '__return_false');
// The quota of run.uploads.
$room = static function (array $file): array {
    $refusal = Lumbung\refusal((int) ($file['size'] ?? 0));
    return $refusal === null ? $file : ['error' => $refusal] + $file;
};
add_filter('wp_handle_upload_prefilter', $room);
add_filter('wp_handle_sideload_prefilter', $room);
