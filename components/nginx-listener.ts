const TLS = "/config/current/tls";

/** Lines of a `server` of nginx that listens on 8443 for callers with a certificate of the region, the first without its indentation. */
export function tlsListener(ipv6: boolean): string {
  return [
    "listen 8443 ssl default_server;",
    ...(ipv6 ? ["listen [::]:8443 ssl default_server ipv6only=on;"] : []),
    `ssl_certificate ${TLS}/server.crt;`,
    `ssl_certificate_key ${TLS}/server.key;`,
    `ssl_client_certificate ${TLS}/ca.crt;`,
    "ssl_verify_client on;",
    "ssl_verify_depth 2;",
    "ssl_protocols TLSv1.2 TLSv1.3;",
    "ssl_session_cache shared:tls:1m;",
    "ssl_session_tickets off;",
  ].join("\n        ");
}
