/** Configuration of HAProxy 3.0 for one site's gateway. Sections are lists of lines; `haproxyCfg` joins them. */
import { AUDITORS_PORT } from "../../model/auditors.ts";
import { COPIES_PORT } from "../../model/copies.ts";
import type {
  AcrossRoute,
  AuditorsRoute,
  DatabaseRoute,
  DatabaseServerRoute,
  GatewayPlan,
  HttpBackend,
} from "./plan.ts";
import { DOORS_PORT, ROLE_PORT, SITES_PORT, UPLOADS_PORT } from "./plan.ts";

const CONFIG = "/config/current";
const MAP = `${CONFIG}/hosts.map`;
const CA = `${CONFIG}/tls/ca.crt`;
/** With `ssl-load-extra-del-ext` HAProxy finds the key beside it, as `server.key`. */
const OWN = `${CONFIG}/tls/server.crt`;
// Mozilla's "intermediate" choice of July 2025: TLS 1.2 with forward secrecy and authenticated encryption only, and TLS 1.3.
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");
const SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/** The text of `haproxy.cfg`. The plan's words are checked where it is made. */
export function haproxyCfg(plan: GatewayPlan): string {
  const sections = [
    global(plan),
    defaults,
    publicFrontend(plan),
    redirectFrontend(plan),
    metricsFrontend(plan),
    ...plan.databases.map((database) => databaseProxy(database, plan)),
    ...plan.backends.map(httpBackend),
    ...(plan.leased ? [lease] : []),
    asks("closing", 200),
    asks("staying", 503),
    ...(plan.across ? acrossProxies(plan.across, plan) : []),
    ...(plan.auditors ? auditorsProxies(plan.auditors, plan) : []),
  ];
  return `# active by: ${activeBy(plan)}\n\n${sections.map(([head, ...lines]) => [head, ...lines.map((line) => `    ${line}`)].join("\n")).join("\n\n")}\n`;
}

/** What `health` reads in the first line: databases as `<proxy>/<server>`, or `always`, or `never`. */
function activeBy({ activeBy, site }: GatewayPlan): string {
  if ("designation" in activeBy) return activeBy.designation ? "always" : "never";
  return activeBy.databases.map((database) => `${database}/${site}`).join(" ");
}

// One old worker is left at most for fifteen minutes after a reload, for sessions with PostgreSQL that it still carries.
const global = (plan: GatewayPlan): string[] => [
  "global",
  `description lumbung ${plan.region} ${plan.site}`,
  "log stdout format raw local0 info",
  "stats socket /run/haproxy/admin.sock mode 600 level admin expose-fd listeners",
  "server-state-file /run/haproxy/servers.state",
  "hard-stop-after 15m",
  "mworker-max-reloads 3",
  "nbthread 2",
  "maxconn 400",
  "ssl-load-extra-del-ext",
  "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets",
  `ssl-default-bind-ciphers ${CIPHERS}`,
  `ssl-default-bind-ciphersuites ${SUITES}`,
  "ssl-default-bind-curves X25519:P-256:P-384",
  "ssl-default-server-options ssl-min-ver TLSv1.2",
  `ssl-default-server-ciphers ${CIPHERS}`,
  `ssl-default-server-ciphersuites ${SUITES}`,
  "tune.ssl.cachesize 2000",
  "tune.http.maxhdr 100",
];

// The state of the last worker is taken over: a server whose check has not yet run is never taken for a primary.
const defaults: string[] = [
  "defaults",
  "mode http",
  "log global",
  "option httplog",
  "option dontlognull",
  "option log-health-checks",
  "load-server-state-from-file global",
  "timeout connect 3s",
  "timeout client 30s",
  "timeout server 60s",
  "timeout http-request 10s",
  "timeout http-keep-alive 15s",
  "timeout queue 5s",
  "timeout check 2s",
  "timeout tunnel 1h",
  `errorfile 502 ${CONFIG}/unavailable-502.http`,
  `errorfile 503 ${CONFIG}/unavailable-503.http`,
  `errorfile 504 ${CONFIG}/unavailable-504.http`,
];

const publicFrontend = (plan: GatewayPlan): string[] => [
  "frontend public",
  ...bind(plan, `8443 ssl crt ${CONFIG}/tls/public.pem alpn h2,http/1.1 strict-sni`),
  "option idle-close-on-response",
  "unique-id-format %[uuid()]",
  "unique-id-header X-Request-ID",
  ...routing,
  ...active(plan),
  ...readable(plan),
  `http-request return status 503 errorfile ${CONFIG}/standby.http unless active${plan.readable.length > 0 ? " or readable" : ""}`,
  "http-request del-header X-Request-ID",
  "http-request del-header Forwarded",
  "http-request del-header X-Real-IP",
  "http-request del-header X-Forwarded- -m beg",
  "http-request set-header X-Forwarded-For %[src]",
  "http-request set-header X-Forwarded-Proto https",
  "http-request set-header X-Forwarded-Host %[var(txn.host)]",
  'http-after-response set-header Strict-Transport-Security "max-age=63072000"',
  "http-after-response set-header X-Content-Type-Options nosniff",
  // An application whose own pages frame each other (WordPress's editor) says so, and may say no more than that.
  "http-after-response set-header X-Frame-Options DENY unless { res.fhdr(X-Frame-Options) -m str -i SAMEORIGIN }",
  "http-after-response set-header Referrer-Policy strict-origin-when-cross-origin",
  "http-after-response del-header Server",
  "http-after-response del-header X-Powered-By",
  "use_backend %[var(txn.backend)]",
];

const readable = ({ readable: backends }: GatewayPlan): string[] =>
  backends.length === 0 ? [] : [`acl readable var(txn.backend) -m str ${backends.join(" ")}`];

const redirectFrontend = (plan: GatewayPlan): string[] => [
  "frontend redirect",
  ...bind(plan, "8080"),
  ...routing,
  "http-request redirect code 301 location https://%[var(txn.host)]%[pathq]",
];

// An undeclared name gets an answer that says so, and never another name's site.
const routing: string[] = [
  "http-request set-var(txn.host) req.hdr(host),host_only,lower",
  `http-request set-var(txn.backend) var(txn.host),map_str(${MAP})`,
  `http-request return status 421 errorfile ${CONFIG}/unknown.http unless { var(txn.backend) -m found }`,
];

const metricsFrontend = (plan: GatewayPlan): string[] => [
  "frontend metrics",
  ...bind(plan, `8404 ssl crt ${OWN} ca-file ${CA} verify required alpn http/1.1`),
  "option dontlog-normal",
  ...active(plan),
  // Whether the site is active is every workload's business; figures are for those who watch.
  `http-request deny status 403 unless { path /health /role } or { ssl_c_s_dn(CN) -m str ${[...plan.readers, plan.hostName].join(" ")} }`,
  "http-request use-service prometheus-exporter if { path /metrics }",
  "http-request return status 200 content-type text/plain string active if { path /health } active",
  "http-request return status 200 content-type text/plain string standby if { path /health }",
  // For whoever copies from site to site: a site that ended its epoch in good order gives its last copies, and takes none.
  "http-request return status 200 content-type text/plain string active if { path /role } active",
  `http-request return status 200 content-type text/plain string closing if { path /role } ${CLOSING}`,
  "http-request return status 200 content-type text/plain string standby if { path /role }",
  "http-request deny status 404",
];

const LEASED = "{ srv_is_up(lease/lease) }";
// HAProxy takes a server for up until its first check: then both are, which is no closing. A keeper that does not answer is none either.
const CLOSING = "{ srv_is_up(closing/lease) } !{ srv_is_up(staying/lease) }";

// Late by less is a busy machine, not a frozen keeper; with the check's period it is the least margin of a lease, after which another site may open.
const CHECK_TIMEOUT = "timeout check 1500ms";

// The keeper beside us answers while its lease is in force. Frozen, dead or late it answers otherwise or not at all, which closes: hence one failure.
const lease: string[] = [
  "backend lease",
  CHECK_TIMEOUT,
  "option httpchk",
  "http-check send meth GET uri /open",
  "http-check expect status 200",
  "server lease unix@/run/lumbung/lease.sock check inter 500ms fastinter 500ms downinter 500ms fall 1 rise 1",
];

/** What the keeper beside us says of an epoch that is being ended here. */
const asks = (name: string, status: number): string[] => [
  `backend ${name}`,
  CHECK_TIMEOUT,
  "option httpchk",
  "http-check send meth GET uri /closing",
  `http-check expect status ${status}`,
  "server lease unix@/run/lumbung/lease.sock check inter 500ms fastinter 500ms downinter 500ms fall 1 rise 1",
];

/**
 * The site is active if one of its own database servers is primary and none has its primary at the other site instead, and the lease is in force where
 * there is one. A server without any primary (new to the region, or broken) says nothing of the site: its applications tell for themselves.
 */
function active({ activeBy, databases, site, leased }: GatewayPlan): string[] {
  if ("designation" in activeBy) return [`acl active always_${activeBy.designation}`];
  if (activeBy.databases.length === 1 && !leased) return [`acl active srv_is_up(${activeBy.databases[0]}/${site})`];
  const elsewhere = databases.flatMap(({ name, servers }) =>
    servers
      .filter((server) => server.site !== site)
      .map((server) => `{ srv_is_up(${name}/${server.site}) } !{ srv_is_up(${name}/${site}) }`),
  );
  return [
    ...activeBy.databases.map((name) => `acl here srv_is_up(${name}/${site})`),
    ...elsewhere.map((condition) => `http-request set-var(txn.elsewhere) bool(true) if ${condition}`),
    "acl elsewhere var(txn.elsewhere) -m bool",
    `http-request set-var(txn.active) bool(true) if here !elsewhere${leased ? ` ${LEASED}` : ""}`,
    "acl active var(txn.active) -m bool",
  ];
}

// Sessions end when the server that they lead to is no longer primary. The proxy's and servers' numbers are fixed, for the state file.
function databaseProxy({ name, port, enginePort, servers }: DatabaseRoute, plan: GatewayPlan): string[] {
  return [
    `listen ${name}`,
    ...bind(plan, `${port}`),
    `id ${databaseId(port)}`,
    "mode tcp",
    // What is primary here takes writes under the lease alone; what is primary at the other site is that site's business.
    ...(plan.leased ? [`tcp-request connection reject if { srv_is_up(${name}/${plan.site}) } !${LEASED}`] : []),
    "option tcplog",
    "maxconn 150",
    "timeout client 24h",
    "timeout server 24h",
    "option clitcpka",
    "option srvtcpka",
    "srvtcpka-idle 10s",
    "srvtcpka-intvl 5s",
    "srvtcpka-cnt 3",
    "option httpchk",
    `http-check send meth GET uri /primary ver HTTP/1.1 hdr Host ${servers[0]?.hostName ?? name}`,
    "http-check expect status 200",
    "default-server inter 1s fastinter 500ms downinter 1s fall 2 rise 1 on-marked-down shutdown-sessions",
    ...servers.map((server, position) => databaseServer(server, enginePort, position)),
  ];
}

function databaseServer(
  { site, address, hostName }: DatabaseServerRoute,
  enginePort: number,
  position: number,
): string {
  const check = `check port ${ROLE_PORT} check-ssl check-sni ${hostName} verify required verifyhost ${hostName} ca-file ${CA} crt ${OWN}`;
  return `server ${site} ${address}:${enginePort} id ${position + 1} ${check}${position > 0 ? " backup" : ""}`;
}

// What is only read may be asked again when a connection ends in the middle, as happens when a server reloads.
function httpBackend({ name, address, hostName }: HttpBackend): string[] {
  const tls = `ssl verify required ca-file ${CA} crt ${OWN} sni str(${hostName}) verifyhost ${hostName} alpn http/1.1`;
  return [
    `backend ${name}`,
    "retries 3",
    "retry-on conn-failure empty-response response-timeout",
    "http-request disable-l7-retry unless METH_GET or { method HEAD }",
    "option httpchk",
    `http-check send meth GET uri /health ver HTTP/1.1 hdr Host ${hostName}`,
    "http-check expect status 200",
    `server ${name} ${address}:8443 ${tls} check check-sni ${hostName} inter 2s fastinter 500ms fall 3 rise 1`,
  ];
}

/** TLS is not opened here: what meets are the two workloads, each with its own certificate. A name that is not asked for by us leads nowhere. */
function acrossProxies({ own, peer }: AcrossRoute, plan: GatewayPlan): string[][] {
  const frontend = [
    "frontend sites",
    ...bind(plan, `${SITES_PORT}`),
    "mode tcp",
    "option tcplog",
    "timeout client 5m",
    "tcp-request inspect-delay 3s",
    "tcp-request content accept if { req.ssl_hello_type 1 }",
    "tcp-request content reject",
    ...own.map(({ name, hostName }) => `use_backend sites-${name} if { req.ssl_sni -i ${hostName} }`),
    ...(peer ? [`use_backend sites-peer if { req.ssl_sni -i -m end .${peer.internalDomain} }`] : []),
  ];
  // `ops` of the other site asks copiers that are not on the backbone; they look at its certificate themselves.
  const doors = [
    "frontend doors",
    ...bind(plan, `${DOORS_PORT}`),
    "mode tcp",
    "option tcplog",
    "tcp-request inspect-delay 3s",
    "tcp-request content accept if { req.ssl_hello_type 1 }",
    "tcp-request content reject",
    ...own.map(({ name, hostName }) => `use_backend doors-${name} if { req.ssl_sni -i ${hostName} }`),
  ];
  const backend = (name: string, target: string): string[] => [
    `backend ${name}`,
    "mode tcp",
    "timeout server 5m",
    target,
  ];
  return [
    frontend,
    ...own.map(({ name, address }) => backend(`sites-${name}`, `server ${name} ${address}:${UPLOADS_PORT}`)),
    doors,
    ...own.map(({ name, address }) => backend(`doors-${name}`, `server ${name} ${address}:${COPIES_PORT}`)),
    ...(peer ? [backend("sites-peer", `server gateway ${peer.address}:${SITES_PORT}`)] : []),
  ];
}

/**
 * TLS is not opened here: `ops` itself looks at the certificate, and knows who may read. Outside of every declared period nobody is let through, and
 * who comes too often is not: it is the one way from outside to `ops`.
 */
function auditorsProxies({ address, periods }: AuditorsRoute, plan: GatewayPlan): string[][] {
  const running = periods.map(({ first, last }) => `${first}:${last}`).join(" ");
  const frontend = [
    "frontend auditors",
    ...bind(plan, `${AUDITORS_PORT}`),
    "mode tcp",
    "option tcplog",
    "maxconn 32",
    // The report is made while its reader waits.
    "timeout client 2m",
    "stick-table type ipv6 size 4k expire 1m store conn_cur,conn_rate(10s)",
    `tcp-request connection reject unless { date ${running} }`,
    "tcp-request connection track-sc0 src",
    "tcp-request connection reject if { sc0_conn_cur gt 16 }",
    "tcp-request connection reject if { sc0_conn_rate gt 60 }",
    "tcp-request inspect-delay 3s",
    "tcp-request content accept if { req.ssl_hello_type 1 }",
    "tcp-request content reject",
    "default_backend auditors",
  ];
  return [frontend, ["backend auditors", "mode tcp", "timeout server 2m", `server ops ${address}:${AUDITORS_PORT}`]];
}

/** Number of the proxy of the database that is reached on this port: 1000 for PostgreSQL's first, 1500 for MariaDB's. */
export const databaseId = (port: number): number => (port >= 5432 ? 1000 + port - 5432 : 1500 + port - 3306);

const bind = ({ ipv6 }: GatewayPlan, rest: string): string[] =>
  ipv6 ? [`bind :${rest}`, `bind [::]:${rest} v6only`] : [`bind :${rest}`];
