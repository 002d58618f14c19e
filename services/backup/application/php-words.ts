/** What PHP applications are started with in the drill room: commands and files. Pure. */
import { filterIn } from "./seccomp.ts";

/** Below the room's folder, which `/var/lib/uploads` of the applications' own configurations is a link to (images/room). */
export interface PhpPlaces {
  /** All of it. */
  readonly folder: string;
  /** Uploads, as they were restored. */
  readonly uploads: string;
  /** What `LUMBUNG_CONFIG` is in it; `current/` holds the files. */
  readonly config: string;
  readonly fpmConf: string;
  readonly nginxConf: string;
  /** Where the page is asked for. */
  readonly socket: string;
  /** Seccomp filter, see seccomp.ts. */
  readonly filter: string;
}

/** Of PHP-FPM's socket, as production's configuration has it; of the room's folders the one that is not below its own. */
export const FPM_FOLDER = "/run/php";

export const phpPlaces = (folder: string): PhpPlaces => ({
  folder,
  uploads: `${folder}/files`,
  config: `${folder}/config`,
  fpmConf: `${folder}/php-fpm.conf`,
  nginxConf: `${folder}/nginx.conf`,
  socket: `${folder}/http.sock`,
  filter: filterIn(folder),
});

/**
 * PHP-FPM's configuration of production; it looks for the application's settings here, and says when it is ready. A log that is `/proc/self/fd/2`
 * cannot be opened where standard error is a socket, as it is of what Node starts.
 */
export const roomFpmConf = (production: string, { config, folder }: Pick<PhpPlaces, "config" | "folder">): string =>
  `${production}
env[LUMBUNG_CONFIG] = ${config}
[global]
log_level = notice
error_log = ${folder}/php-fpm.log
`;

/** The application's own settings, with the restored engine in the place of production's. */
export function roomAppJson(production: string, socket: string): string {
  const settings = JSON.parse(production) as { readonly database: object };
  return `${JSON.stringify({ ...settings, database: { ...settings.database, socket } }, null, 1)}\n`;
}

/** Which pictures, sounds and films a reader's browser shows; the rest is a download. Files come as they are, either way. */
const DISPOSITION = 'map $uri $upload_disposition { default attachment; "~*\\.(gif|jpe?g|png|webp|pdf)$" ""; }';

/**
 * nginx before PHP-FPM with the application's own file of what is asked for where (`/etc/lumbung/app/nginx.conf`). The core rules, TLS and the
 * gateway's certificate are left out: they guard against who asks, and here nobody does.
 */
export const roomNginxConf = ({ folder, socket }: Pick<PhpPlaces, "folder" | "socket">): string => `worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    charset utf-8;
    absolute_redirect off;
    access_log off;
    client_body_temp_path ${folder}/nginx/body;
    fastcgi_temp_path ${folder}/nginx/fastcgi;
    proxy_temp_path ${folder}/nginx/proxy;
    uwsgi_temp_path ${folder}/nginx/uwsgi;
    scgi_temp_path ${folder}/nginx/scgi;
    ${DISPOSITION}
    map $uri $request_shown { default "-"; }
    # Applications want an address of who asks; a unix socket has none.
    set_real_ip_from unix:;
    real_ip_header X-Forwarded-For;
    server {
        listen unix:${socket};
        include /etc/lumbung/app/nginx.conf;
    }
}
`;

export const fpmWords = ({ fpmConf }: Pick<PhpPlaces, "fpmConf">, application: string): string[] => [
  "php-fpm8.4",
  "--nodaemonize",
  "--force-stderr",
  "--fpm-config",
  fpmConf,
  "-c",
  `${application}/php/fpm/php.ini`,
];

export const nginxWords = ({ nginxConf }: Pick<PhpPlaces, "nginxConf">): string[] => [
  "nginx",
  "-e",
  "stderr",
  "-c",
  nginxConf,
  "-g",
  "daemon off;",
];

/** Says on one line whether the tables are as the application's code needs them (images/php/usr/local/share/lumbung/prepare.php). */
export const stateWords = (application: string): string[] => [
  "php8.4",
  "-c",
  `${application}/php/cli/php.ini`,
  "/usr/local/share/lumbung/prepare.php",
  "state",
];

/** The application's own settings of PHP, which name the libraries that it loads. */
export const iniOf = (application: string, interface_: "fpm" | "cli"): Readonly<Record<string, string>> => ({
  PHP_INI_SCAN_DIR: `${application}/php/${interface_}/conf.d`,
});
