/** Configuration of nginx before git and cgit. Only the site's gateway, the other site's code, the site's own repository host, and those who watch may connect. */
import { word } from "../dns/words.ts";
import { tlsListener } from "../nginx-listener.ts";

export interface CodeWebConfig {
  /** Own host name, by which `/health` is asked for. */
  readonly hostName: string;
  /** CN of the site's gateway: the only one that brings people. */
  readonly gateway: string;
  /** CN of this workload at the other site, which copies; absent where there is no other site. */
  readonly peer?: string;
  /** CN of the site's own repository host, which reads everything; absent where no backups run. */
  readonly backup?: string;
  /** CNs of `ops` at every site. */
  readonly monitors: readonly string[];
  readonly ipv6: boolean;
}

const CONFIG = "/config/current";
const LIB = "/usr/local/lib/lumbung/code";
/** cgit draws the bars of a difference with style attributes; nothing else may be inline, and no script runs at all. */
const POLICY =
  "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The text of `nginx.conf`. @throws a TypeError on a host name that is none. */
export function nginxConf({ hostName, gateway, peer, backup, monitors, ipv6 }: CodeWebConfig): string {
  const callers = [
    [gateway, "gateway"],
    [peer, "peer"],
    [backup, "backup"],
    ...monitors.map((name) => [name, "monitor"] as const),
  ] as const;
  return `worker_processes 1;
pid /run/code/nginx.pid;
error_log stderr warn;
events { worker_connections 512; }

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    server_tokens off;
    absolute_redirect off;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    access_log off;
    map_hash_bucket_size 512;

    map $ssl_client_s_dn $caller {
        default "";
${callers.flatMap(([name, caller]) => (name === undefined ? [] : [`        ${subject(name, `code.${caller}`)} ${caller};`])).join("\n")}
    }
    map "$caller $host" $health {
        default "";
        "gateway ${word("host name", hostName, "code.hostName")}" short;
        "monitor ${hostName}" long;
    }

    fastcgi_max_temp_file_size 0;
    fastcgi_read_timeout 300s;
    fastcgi_send_timeout 300s;

    server {
        ${tlsListener(ipv6)}
        client_max_body_size 64k;

        if ($caller = "") { return 403; }

        # That the pages answer is enough for the gateway: an old copy is still read. How the site does is for those who watch.
        location = /health {
            if ($health = short) { return 200 "ok"; }
            if ($health = "") { return 404; }
${program(`${LIB}/health-cgi`)}
        }
        location = /-/deployed.json {
            if ($caller != monitor) { return 403; }
            default_type application/json;
            alias /run/code/deployed.json;
        }
        location /-/copy/ {
            if ($caller !~ ^(peer|backup)$) { return 403; }
            client_max_body_size 16m;
            fastcgi_buffering off;
${program(`${LIB}/give`, "LUMBUNG_CALLER $caller")}
        }
        location ~ ^/[a-z][a-z0-9-]*(\\.git)?/(info/refs|git-upload-pack|git-receive-pack)$ {
            if ($caller != gateway) { return 403; }
            auth_basic "Repositori kode";
            auth_basic_user_file ${CONFIG}/htpasswd;
            # A push streams through: git itself stops at the quota.
            client_max_body_size 0;
            fastcgi_request_buffering off;
            fastcgi_buffering off;
${program(`${LIB}/https`, `GITOLITE_HTTP_HOME /run/code/home`, `GIT_PROJECT_ROOT /run/code/home/repositories`, `GIT_HTTP_EXPORT_ALL 1`)}
        }
        location ~ ^/(cgit\\.css|cgit\\.png|favicon\\.ico|robots\\.txt)$ {
            if ($caller != gateway) { return 403; }
            root /usr/share/cgit;
        }
        location / {
            if ($caller != gateway) { return 403; }
            auth_basic "Repositori kode";
            auth_basic_user_file ${CONFIG}/htpasswd;
            add_header Content-Security-Policy "${POLICY}" always;
            add_header X-Content-Type-Options nosniff always;
${program(`/usr/lib/cgit/cgit.cgi`, `CGIT_CONFIG ${CONFIG}/cgit/$remote_user.cgitrc`)}
        }
    }

    server {
        listen unix:/run/code/health.sock;
        return 200 "ok";
    }
}
`;
}

/** Hands the request to a CGI program. A level that has parameters of its own inherits none, so each location has all of them. */
function program(path: string, ...settings: readonly string[]): string {
  // Not the password: it has done its work when nginx has checked it.
  const all = ['HTTP_AUTHORIZATION ""', "PATH_INFO $uri", "REMOTE_USER $remote_user", ...settings];
  return [
    "            include /etc/nginx/fastcgi_params;",
    `            fastcgi_param SCRIPT_FILENAME ${path};`,
    ...all.map((setting) => `            fastcgi_param ${setting};`),
    "            fastcgi_pass unix:/run/code/fcgi.sock;",
  ].join("\n");
}

/** The subject of a client certificate with this CN, as a pattern of nginx's `map`. */
function subject(name: string, path: string): string {
  return `"~(^|,)CN=${word("host name", name, path).replaceAll(".", "\\.")}(,|$)"`;
}
