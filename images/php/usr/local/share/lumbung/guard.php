<?php
// Runs before every script that PHP-FPM is asked for (auto_prepend_file): whatever nginx was made to ask, only the image's own scripts run.
(static function (): void {
    $script = realpath($_SERVER['SCRIPT_FILENAME'] ?? '');
    if ($script !== false && (str_starts_with($script, '/usr/share/') || str_starts_with($script, '/var/www/'))) {
        return;
    }
    http_response_code(403);
    header('Content-Type: text/plain; charset=utf-8');
    exit("Berkas ini tidak dijalankan. / This file is not run.\n");
})();
