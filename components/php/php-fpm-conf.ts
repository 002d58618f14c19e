/** Configuration of PHP-FPM: processes come when they are needed and go when they are not. */

export interface PhpFpmConfig {
  /** The container's limit. */
  readonly memoryBytes: number;
  readonly uploads: boolean;
  readonly timezone: string;
}

const MIB = 1024 * 1024;
/** nginx with its rules, the code that all processes share, the helpers; measured (decision 10). */
const BASE_BYTES = 112 * MIB;
/** One process at work, besides what it shares. */
const CHILD_BYTES = 36 * MIB;
/** Programs started from PHP. What no application here needs, no intruder gets. */
const DISABLED = ["exec", "passthru", "shell_exec", "system", "proc_open", "popen", "pcntl_exec", "dl", "mail"];

/** The text of `php-fpm.conf`. The application's own settings (open_basedir) come from its image. */
export function phpFpmConf({ memoryBytes, uploads, timezone }: PhpFpmConfig): string {
  return `[global]
error_log = /proc/self/fd/2
log_level = warning
daemonize = no
process_control_timeout = 25s

[app]
listen = /run/php/fpm.sock
listen.mode = 0600
pm = ondemand
pm.max_children = ${children(memoryBytes)}
pm.process_idle_timeout = 20s
pm.max_requests = 500
ping.path = /.lumbung/ping
request_terminate_timeout = 55s
catch_workers_output = yes
decorate_workers_output = no
clear_env = yes
security.limit_extensions = .php
php_admin_value[auto_prepend_file] = /usr/local/share/lumbung/guard.php
php_admin_value[disable_functions] = ${DISABLED.join(",")}
php_admin_value[date.timezone] = ${timezone}
php_admin_value[memory_limit] = 128M
php_admin_value[max_execution_time] = 50
php_admin_value[upload_tmp_dir] = /tmp
php_admin_value[sys_temp_dir] = /tmp
php_admin_value[session.save_path] = /tmp
php_admin_flag[file_uploads] = ${uploads ? "on" : "off"}
php_admin_value[upload_max_filesize] = 10M
php_admin_value[post_max_size] = 12M
include = /etc/lumbung/app/php.conf
`;
}

/** At least two, so that one slow request does not stop the others. */
export function children(memoryBytes: number): number {
  return Math.max(2, Math.floor((memoryBytes - BASE_BYTES) / CHILD_BYTES));
}
