/** Configuration of HAProxy 3.0 in front of SeaweedFS: TLS, and the table of what may be asked (rules.ts). */
import { PRUNES, READS, REFUSED_HEADERS, shapeAcls, WRITES } from "./rules.ts";

const CONFIG = "/config/current";
const CA = `${CONFIG}/tls/ca.crt`;
/** With `ssl-load-extra-del-ext` HAProxy finds the key beside it, as `server.key`. */
const OWN = `${CONFIG}/tls/server.crt`;
/** `<access key> <bucket>:<use>` of the epoch in force, and `.epoch`, `.full`: made by the image, changed in the running HAProxy. */
const KEYS = "/run/lumbung/keys.map";
/** SeaweedFS' own S3 port, on loopback. */
export const ENGINE_PORT = 8334;
export const PORT = 8333;
/** A list of objects to delete has to be seen whole: a thousand keys of some 200 bytes. */
const BUFFER_BYTES = 256 * 1024;

export interface FrontPlan {
  readonly region: string;
  readonly site: string;
  readonly ipv6: boolean;
  readonly gateway: { readonly address: string; readonly hostName: string };
  /** Names of the object stores at the other sites: they alone copy from here. */
  readonly peers: readonly string[];
  /** Buckets that only this site reads. */
  readonly uncopied: readonly string[];
  /** How many writes the engine is handed at once; others wait. */
  readonly uploadsAtOnce: number;
}

/** The text of `haproxy.cfg`. */
export function haproxyCfg(plan: FrontPlan): string {
  const sections = [
    global(plan),
    defaults,
    frontend(plan),
    engine("engine", 16),
    engine("writes", plan.uploadsAtOnce),
    role(plan, "role", "/health", "active"),
    role(plan, "closing", "/role", "closing"),
  ];
  return `${sections.map(([head, ...lines]) => [head, ...lines.map((line) => `    ${line}`)].join("\n")).join("\n\n")}\n`;
}

const global = (plan: FrontPlan): string[] => [
  "global",
  `description lumbung ${plan.region} ${plan.site} objects`,
  "log stdout format raw local0 info",
  "stats socket /run/haproxy/admin.sock mode 600 level admin expose-fd listeners",
  "server-state-file /run/haproxy/servers.state",
  // A worker of before a reload stays as long as uploads that it carries, but not for ever.
  "hard-stop-after 2h",
  "mworker-max-reloads 20",
  "nbthread 1",
  "maxconn 200",
  `tune.bufsize ${BUFFER_BYTES}`,
  "tune.http.maxhdr 100",
  "ssl-load-extra-del-ext",
  "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets",
  "ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20",
  "ssl-default-server-options ssl-min-ver TLSv1.2",
  "tune.ssl.cachesize 1000",
];

// A signature in an address is good for as long as it says: the query is never logged.
const defaults: string[] = [
  "defaults",
  "mode http",
  "log global",
  'log-format "%ci:%cp [%tr] %ft %b/%s %ST %B %tsc %HM %[var(txn.path)] as=%[var(txn.grant)] %[var(txn.why)]"',
  "option dontlog-normal",
  "option dontlognull",
  "option log-health-checks",
  "load-server-state-from-file global",
  "timeout connect 3s",
  "timeout client 60s",
  "timeout server 5m",
  "timeout http-request 10s",
  "timeout http-keep-alive 30s",
  "timeout queue 60s",
  "timeout check 2s",
];

function frontend(plan: FrontPlan): string[] {
  return [
    "frontend s3",
    ...bind(plan),
    "http-request set-var(txn.path) path",
    `http-request set-var(txn.epoch) str(.epoch),map_str(${KEYS})`,
    "# What everybody may ask: whether it serves, and the credentials of which epoch count",
    "http-request return status 200 content-type text/plain lf-string %[var(txn.epoch)] if { path /.lumbung/epoch }",
    "http-request return status 200 content-type text/plain string ok if { path /healthz } { nbsrv(engine) gt 0 }",
    "http-request return status 503 content-type text/plain string engine if { path /healthz }",
    ...sites(plan),
    ...hygiene,
    ...who,
    'http-request set-var-fmt(txn.query) "%[query]"',
    "acl whole path_reg ^/[^/]+/?$",
    "acl writer var(txn.use) -m str write",
    "acl copier var(txn.use) -m str copy",
    "acl pruner var(txn.use) -m str prune",
    ...READS.flatMap((shape) => shapeAcls(shape)),
    ...PRUNES.flatMap((shape) => shapeAcls(shape, "pruner")),
    ...ownOnly(plan),
    ...refuse("AccessDenied", "only the other site's object store copies, with its own certificate", "copier !peer"),
    ...refuse("AccessDenied", "this site is not active: it gives no copies", "copier !active !closing"),
    ...refuse("AccessDenied", "not asked of this bucket by whoever only reads", "!writer !{ var(txn.shape) -m found }"),
    ...WRITES.flatMap((shape) => shapeAcls(shape, "writer")),
    ...refuse("AccessDenied", "not among what a bucket's writer may ask", "!{ var(txn.shape) -m found }"),
    ...lastCopies(plan),
    ...writing,
    "use_backend writes if { method PUT POST }",
    "use_backend engine",
  ];
}

/** What the other site's copier asks first, and what the reader's requests are bound to. */
const sites = ({ peers }: FrontPlan): string[] => [
  "acl active srv_is_up(role/gateway)",
  // The site ended its epoch in good order: it takes nothing more from users, and gives the other site what there is.
  "acl closing srv_is_up(closing/gateway)",
  ...(peers.length === 0 ? ["acl named always_false"] : [`acl named ssl_c_s_dn(CN) -m str ${peers.join(" ")}`]),
  "http-request set-var(txn.peer) bool(true) if { ssl_c_used } { ssl_c_verify 0 } named",
  "acl peer var(txn.peer) -m bool",
  "http-request return status 403 content-type text/plain string peer if { path /.lumbung/role } !peer",
  "http-request return status 200 content-type text/plain hdr lumbung-epoch %[var(txn.epoch)] hdr date %[date,http_date] string active if { path /.lumbung/role } active",
  "http-request return status 200 content-type text/plain hdr lumbung-epoch %[var(txn.epoch)] hdr date %[date,http_date] string closing if { path /.lumbung/role } closing",
  "http-request return status 200 content-type text/plain hdr lumbung-epoch %[var(txn.epoch)] hdr date %[date,http_date] string standby if { path /.lumbung/role }",
];

// What the engine might read otherwise than we do is refused rather than guessed.
const hygiene: string[] = [
  "http-request set-var(txn.decoded) path,url_dec",
  ...refuse(
    "InvalidURI",
    "an address with ../, //, or encoded dots and slashes",
    "{ path_reg -i (^|/)\\.\\.?(/|$)|//|%2e|%2f|%5c|%00|\\\\\\\\ }",
    400,
  ),
  ...refuse(
    "InvalidURI",
    "a name that the engine keeps for itself",
    "{ var(txn.decoded) -m reg \\.versions(/|$)|/\\.uploads(/|$) }",
    400,
  ),
  ...refuse("AccessDenied", "a header of the engine's own", "{ req.hdr_names -m sub -i seaweed }"),
  "http-request del-header Forwarded",
  "http-request del-header X-Real-IP",
  "http-request del-header X-Forwarded- -m beg",
];

const who: string[] = [
  "acl by_header req.fhdr(authorization) -m reg ^AWS4-HMAC-SHA256\\ Credential=[A-Za-z0-9]+/",
  "acl by_address query -m reg (^|&)X-Amz-Credential=[A-Za-z0-9]+(/|%2[Ff])",
  ...refuse("AccessDenied", "signed twice", "{ req.fhdr_cnt(authorization) gt 1 }"),
  ...refuse("AccessDenied", "signed twice", "{ req.fhdr(authorization) -m found } { query -m sub X-Amz-Credential }"),
  ...refuse("AccessDenied", "signed twice", "{ query -m reg X-Amz-Credential.*X-Amz-Credential }"),
  ...refuse("AccessDenied", "not signed (AWS signature version 4)", "!by_header !by_address"),
  "http-request set-var(txn.key) req.fhdr(authorization),field(2,=),field(1,/) if by_header",
  "http-request set-var(txn.key) url_param(X-Amz-Credential),field(1,%),field(1,/) if by_address",
  `http-request set-var(txn.grant) var(txn.key),map_str(${KEYS})`,
  ...refuse(
    "InvalidAccessKeyId",
    "no such key here in the epoch in force, or one that is not for the network",
    "!{ var(txn.grant) -m found }",
  ),
  "http-request set-var(txn.bucket) var(txn.grant),field(1,:)",
  "http-request set-var(txn.use) var(txn.grant),field(2,:)",
  "http-request set-var(txn.asked) path,field(2,/)",
  ...refuse(
    "AccessDenied",
    "this key is of another bucket",
    "!{ var(txn.use) -m str copy } !{ var(txn.asked),strcmp(txn.bucket) eq 0 }",
  ),
];

// D9: no credential of the other site reaches this site's backups.
const ownOnly = ({ uncopied }: FrontPlan): string[] =>
  uncopied.length === 0
    ? []
    : [
        `acl own_only var(txn.asked) -m str ${uncopied.join(" ")}`,
        ...refuse("AccessDenied", "each site keeps this bucket for itself: it is not copied", "copier own_only"),
      ];

// What came after the last copy would be at this site alone. What each site keeps for itself goes on.
const lastCopies = ({ uncopied }: FrontPlan): string[] =>
  refuse(
    "ServiceUnavailable",
    "this site is closing, the other one takes over: ask again",
    `writer !{ method GET HEAD } closing !active${uncopied.length > 0 ? " !own_only" : ""}`,
    503,
  );

const writing: string[] = [
  ...REFUSED_HEADERS.flatMap(({ header, why }) =>
    refuse("AccessDenied", `${header}: ${why}`, `{ req.hdr(${header}) -m found }`),
  ),
  ...refuse("AccessDenied", "x-amz-grant: rights come from the inventory", "{ req.hdr_names -m sub -i x-amz-grant }"),
  "# A copy within the store reads what the same key might read",
  "http-request set-var(txn.source) req.hdr(x-amz-copy-source),url_dec,ltrim(/),field(1,/)",
  ...refuse(
    "AccessDenied",
    "a copy from another bucket",
    "{ req.hdr(x-amz-copy-source) -m found } !{ var(txn.source),strcmp(txn.bucket) eq 0 }",
  ),
  "acl many var(txn.shape) -m str delete_many",
  `http-request wait-for-body time 10s at-least ${BUFFER_BYTES - 16384} if many`,
  ...refuse(
    "MalformedXML",
    `a list of objects to delete has a length of its own, at most ${BUFFER_BYTES - 16384} bytes: ask in smaller lots`,
    `many !{ req.hdr_val(content-length) -m int 1:${BUFFER_BYTES - 16384} }`,
    400,
  ),
  ...refuse(
    "AccessDenied",
    "a list to delete that is signed in pieces",
    "many { req.hdr(x-amz-content-sha256) -m beg STREAMING }",
  ),
  ...refuse("AccessDenied", "a version is not deleted: plain deletes only", "many { req.body -m sub -i versionid }"),
  "acl adds method PUT POST",
  ...refuse(
    "InsufficientStorage",
    "the store is full: nothing more is taken until there is room",
    `adds { str(.full),map_str(${KEYS}) -m found }`,
    507,
  ),
];

/** An answer as S3 gives it. The reason is also in the log. */
function refuse(code: string, why: string, condition: string, status = 403): string[] {
  const body = `<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?><Error><Code>${code}</Code><Message>${why}</Message></Error>`;
  return [
    `http-request set-var-fmt(txn.why) "${why.replaceAll("%", "%%")}" if ${condition}`,
    `http-request return status ${status} content-type application/xml string "${body}" if ${condition}`,
  ];
}

// The engine holds tens of MiB for each upload that it takes: more at once would be its end in the memory that it has. Others wait for their turn.
const engine = (name: string, atOnce: number): string[] => [
  `backend ${name}`,
  "option httpchk",
  "http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host engine",
  "http-check expect status 200",
  "http-reuse safe",
  "retry-on conn-failure empty-response",
  `server engine 127.0.0.1:${ENGINE_PORT} id 1 check inter 2s fastinter 500ms fall 2 rise 1 maxconn ${atOnce}`,
];

const ROLE_IDS = { role: 1001, closing: 1002 } as const;

// What this site is, is known by its gateway, from the databases and from the keeper of its lease. No answer is no.
const role = ({ gateway }: FrontPlan, name: keyof typeof ROLE_IDS, path: string, word: string): string[] => [
  `backend ${name}`,
  `id ${ROLE_IDS[name]}`,
  "option httpchk",
  `http-check send meth GET uri ${path} ver HTTP/1.1 hdr Host ${gateway.hostName}`,
  `http-check expect rstring ^${word}$`,
  `server gateway ${gateway.address}:8404 id 1 check inter 2s fall 1 rise 1 ssl verify required verifyhost ${gateway.hostName} sni str(${gateway.hostName}) check-sni ${gateway.hostName} ca-file ${CA} crt ${OWN}`,
];

const bind = ({ ipv6 }: FrontPlan): string[] => {
  const rest = `${PORT} ssl crt ${OWN} ca-file ${CA} verify optional alpn http/1.1`;
  return ipv6 ? [`bind :${rest}`, `bind [::]:${rest} v6only`] : [`bind :${rest}`];
};

const COLUMNS =
  "be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port";

/** What is taken for granted at the start: that the site is neither active nor closing. HAProxy 3.0 takes a server for up until its first check. */
export function serversState({ gateway }: FrontPlan): string {
  const lines = Object.entries(ROLE_IDS).map(
    ([name, id]) => `${id} ${name} 1 gateway ${gateway.address} 0 0 1 1 0 14 2 0 6 0 1 1 - 8404 - 1 0 - - 0\n`,
  );
  return `1\n# ${COLUMNS}\n${lines.join("")}`;
}
