/** Configuration of nginx before a PHP application. Which scripts and files there are is the application's own: `/etc/lumbung/app/nginx.conf` in its image. */
import { word } from "../dns/words.ts";
import { tlsListener } from "../nginx-listener.ts";

export interface PhpNginxConfig {
  /** Host names that people ask for. */
  readonly hosts: readonly string[];
  /** Own host name, by which the gateway and `ops` ask for `/health`. */
  readonly hostName: string;
  /** CN of the gateway's client certificate. It alone asks for pages, and its word for the client's address is taken. */
  readonly gateway: string;
  /** The gateway's address on the site's network. */
  readonly gatewayAddress: string;
  /** CNs that may ask for `/health`, and for nothing else: the site's `ops`. */
  readonly monitors: readonly string[];
  readonly ipv6: boolean;
}

const CONFIG = "/config/current";
/** Shown in a reader's browser; everything else that was uploaded is a download. */
const SHOWN = "gif|jpe?g|png|webp|avif|ico|mp3|m4a|ogg|oga|wav|mp4|m4v|ogv|webm|pdf";

/** The text of `nginx.conf`. @throws a TypeError on a name or address that is none. */
export function nginxConf({ hosts, hostName, gateway, gatewayAddress, monitors, ipv6 }: PhpNginxConfig): string {
  const names = [...hosts].sort().map((host, index) => word("host name", host, `hosts[${index}]`));
  return `load_module /usr/lib/nginx/modules/ngx_http_modsecurity_module.so;
worker_processes 1;
worker_shutdown_timeout 60s;
pid /run/nginx.pid;
# What the core rules refuse is in the audit lines; at "error" it would be here again, with the address that was asked for and all that is in it.
error_log stderr crit;
events { worker_connections 256; }

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    charset utf-8;
    server_tokens off;
    absolute_redirect off;
    sendfile on;
    gzip on;
    gzip_proxied any;
    gzip_types text/css text/plain application/javascript application/json image/svg+xml;
    access_log off;
    client_max_body_size 12m;
    client_body_buffer_size 128k;
    client_body_temp_path /tmp/nginx/body;
    fastcgi_temp_path /tmp/nginx/fastcgi;
    proxy_temp_path /tmp/nginx/proxy;
    uwsgi_temp_path /tmp/nginx/uwsgi;
    scgi_temp_path /tmp/nginx/scgi;
    map_hash_bucket_size 256;

    map $ssl_client_s_dn $caller {
        default stranger;
        ${subject(gateway, "gateway")} gateway;
${monitors.map((monitor) => `        ${subject(monitor, "monitors")} monitor;`).join("\n")}
    }
    map $host $asked {
        default nothing;
        "${word("host name", hostName, "hostName")}" self;
${names.map((name) => `        "${name}" application;`).join("\n")}
    }
    map "$caller $asked $uri" $answer {
        default 403;
        "~^(gateway|monitor) self /health$" health;
        "~^gateway application " application;
        "~^gateway nothing " 421;
    }
    # Shown to the reader and in the audit line: the gateway's number of the request, and nothing that anybody else wrote.
    map $http_x_request_id $request_shown {
        default "-";
        "~^(?<number>[0-9a-f-]{36})$" $number;
    }
    map $uri $upload_disposition {
        default attachment;
        "~*\\.(${SHOWN})$" "";
    }

    set_real_ip_from ${word("IPv4 address", gatewayAddress, "gatewayAddress")};
    real_ip_header X-Forwarded-For;

    server {
        ${tlsListener(ipv6)}

        if ($answer = health) { return 200 "ok"; }
        if ($answer = 421) { return 421; }
        if ($answer = 403) { return 403; }

        modsecurity on;
        modsecurity_transaction_id $request_shown;
        modsecurity_rules_file /etc/lumbung/modsecurity/main.conf;
        # By a named location, which keeps method and address: what ModSecurity writes down is what was asked for. It looks once more there,
        # and refuses nothing. A file is sent for GET alone, hence the way by the server below.
        error_page 403 @refused;
        error_page 413 @too_large;
        location @refused { rewrite ^ /refused.html break; include /etc/lumbung/nginx/page.conf; }
        location @too_large { rewrite ^ /too-large.html break; include /etc/lumbung/nginx/page.conf; }

        include /etc/lumbung/app/nginx.conf;
    }

    # Reached from inside alone: the pages above, and whether nginx and PHP both answer, for the container's own health.
    server {
        listen unix:/run/own.sock;
        location ~ ^/(refused|too-large)\\.html$ { root ${CONFIG}; }
        location = /ping {
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_NAME /.lumbung/ping;
            fastcgi_param SCRIPT_FILENAME /.lumbung/ping;
            fastcgi_pass unix:/run/php/fpm.sock;
        }
    }
}
`;
}

/** The subject of a client certificate with this CN, as a pattern of nginx's `map`. */
function subject(name: string, path: string): string {
  return `"~(^|,)CN=${word("host name", name, path).replaceAll(".", "\\.")}(,|$)"`;
}
