/** Configuration of nginx for the static sites of one site's agencies. Only that site's gateway may connect. */
import { word } from "../dns/words.ts";
import { tlsListener } from "../nginx-listener.ts";

export interface WebConfig {
  /** Host names whose pages are in `sites.tar.gz`. */
  readonly hosts: readonly string[];
  /** Own host name, by which the gateway asks for `/health`. */
  readonly hostName: string;
  /** CN of the one client certificate that is let in. */
  readonly gateway: string;
  /** CNs that may ask for `/health`, and for nothing else: the site's `ops`. */
  readonly monitors: readonly string[];
  /** By host of an agency that was merged: host of the one that it went into. */
  readonly moved: Readonly<Record<string, string>>;
  readonly ipv6: boolean;
}

/** No script, style or picture from elsewhere or inside a page; a form goes nowhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The text of `nginx.conf`. @throws a TypeError on a host name that is none. */
export function nginxConf({ hosts, hostName, gateway, monitors, moved, ipv6 }: WebConfig): string {
  const names = [...new Set(hosts)].sort().map((host, index) => word("host name", host, `web.hosts[${index}]`));
  return `worker_processes 1;
pid /run/nginx.pid;
error_log stderr warn;
events { worker_connections 512; }

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    charset utf-8;
    charset_types text/css text/plain text/xml application/javascript application/json image/svg+xml;
    server_tokens off;
    absolute_redirect off;
    sendfile on;
    tcp_nopush on;
    etag on;
    gzip on;
    gzip_vary on;
    gzip_proxied any;
    gzip_types text/css text/plain text/xml application/javascript application/json image/svg+xml;
    client_max_body_size 1k;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    access_log off;
    map_hash_max_size ${Math.max(2048, names.length * 4)};
    map_hash_bucket_size 512;

    map $host $site {
        default "";
${names.map((name) => `        "${name}" "${name}";`).join("\n")}
    }
    map $host $moved {
        default "";
${movedLines(moved)}    }
    map $uri $language {
        default "/";
        "~^/en(/|$)" "/en/";
    }
    map $ssl_client_s_dn $caller {
        default "";
        ${subject(gateway, "web.gateway")} gateway;
${monitors.map((monitor) => `        ${subject(monitor, "web.monitors")} monitor;`).join("\n")}
    }
    map $sent_http_content_type $caching {
        default "public, max-age=3600";
        "~^text/html" "public, max-age=60";
    }

    server {
        ${tlsListener(ipv6)}

        root /run/sites/current/$site;
        index index.html;
        error_page 404 /404.html;
        add_header Content-Security-Policy "${POLICY}" always;
        add_header Cache-Control $caching;

        if ($caller = "") { return 403; }

        location = /health {
            if ($host = "${word("host name", hostName, "web.hostName")}") { return 200 "ok"; }
            try_files /nowhere =404;
        }
        location ~ /\\.(?!well-known/) { return 404; }
        location = /404.html { internal; }
        location / {
            if ($caller != gateway) { return 403; }
            if ($site = "") { return 421; }
            try_files $uri $uri/ @elsewhere;
        }
        # What an agency had before it was merged is found at the one that it went into.
        location @elsewhere {
            if ($moved != "") { return 301 https://$moved$language; }
            return 404;
        }
    }

    server {
        listen unix:/run/health.sock;
        return 200 "ok";
    }
}
`;
}

function movedLines(moved: WebConfig["moved"]): string {
  return Object.keys(moved)
    .sort()
    .map((from) => {
      const to = word("host name", moved[from] ?? "", `web.moved["${from}"]`);
      return `        "${word("host name", from, "web.moved")}" "${to}";\n`;
    })
    .join("");
}

/** The subject of a client certificate with this CN, as a pattern of nginx's `map`. */
function subject(name: string, path: string): string {
  return `"~(^|,)CN=${word("host name", name, path).replaceAll(".", "\\.")}(,|$)"`;
}
