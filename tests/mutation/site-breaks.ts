/** How a site's edit is done in its containers, and undone: words alone, which tests/lab/support/broken-site.ts carries out. Pure. */

import type { SiteEdit } from "../../compliance/index.ts";
import { containerName } from "../../components/runtime/docker/names.ts";
import type { Model } from "../../model/types.ts";
import { undeclaredHost } from "../../services/ops/probes/round.ts";

/** `stop`: the container is stopped, and started again to mend it. */
export type SiteBreak =
  | { readonly kind: "stop"; readonly container: string }
  | {
      readonly kind: "run";
      readonly container: string;
      readonly words: readonly string[];
      readonly stdin?: string;
      /** Brings back what is declared, whether or not the break came about. */
      readonly mend: readonly string[];
    };

/** @param certificate PEM of a chain that has ended and its key, for names of the region. @throws RangeError for an edit that no lab can have. */
export function siteBreak(edit: SiteEdit, { region, zones }: Model, certificate: string): SiteBreak {
  const at = (workload: string): string => containerName({ region: region.id, site: edit.site }, workload);
  switch (edit.op) {
    case "stop":
      return { kind: "stop", container: at(edit.workload) };
    case "cut":
      throw new RangeError(`cut ${edit.site}: expected an edit that a lab on one machine can have, received a cut`);
    case "mislead":
      return inZone(at("dns"), zoneOf(edit.host, zones), MISLEAD, edit.host);
    case "withdraw-caa":
      return inZone(at("dns"), edit.zone, WITHDRAW_CAA);
    case "remove-page":
      return onPage(at("web"), edit, REMOVE);
    case "inject":
      return onPage(at("web"), edit, INJECT, INJECTED);
    case "grant":
      return { kind: "run", container: at(edit.workload), words: psql(GRANT), mend: psql(REVOKE) };
    case "let-in":
      return {
        ...{ kind: "run", container: at("gateway"), words: script(LET_IN, undeclaredHost(region.domain)) },
        mend: ["/usr/local/lib/lumbung/reload"],
      };
    case "outdate-certificate":
      return {
        ...{ kind: "run", container: at("gateway"), words: script(SHOW_CERTIFICATE, "-"), stdin: certificate },
        mend: script(SHOW_CERTIFICATE, PUBLIC_CERTIFICATE),
      };
  }
}

const script = (text: string, ...values: readonly string[]): string[] => ["sh", "-euc", text, "sh", ...values];

const INTRUDER = "magang";
const GRANT = `create role ${INTRUDER}; grant pg_read_all_data to ${INTRUDER}`;
const REVOKE = `drop role if exists ${INTRUDER}`;

const psql = (statement: string): string[] => [
  ...["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-U", "postgres"],
  ...["-d", "postgres", "-c", statement],
];

/** For documentation, and nobody's (RFC 5737). */
const ELSEWHERE = "192.0.2.1";

/** One transaction, or none. $1: the zone. $2: a host in it. */
const transaction = (...steps: readonly string[]): string =>
  [
    'knot() { knotc --config /config/current/knot.conf --blocking "$@"; }',
    'knot zone-begin "$1"',
    `{ ${steps.join(" && ")} && knot zone-commit "$1"; } || { knot zone-abort "$1"; exit 1; }`,
  ].join("\n");

const MISLEAD = transaction('knot zone-unset "$1" "$2." CNAME', `knot zone-set "$1" "$2." 60 A ${ELSEWHERE}`);
const WITHDRAW_CAA = transaction('knot zone-unset "$1" @ CAA');

/** Mended by the reconciler, which brings the zone to what is declared. */
function inZone(container: string, zone: string, text: string, ...values: readonly string[]): SiteBreak {
  const mend = ["/usr/local/lib/lumbung/reconcile/main.py"];
  return { kind: "run", container, words: script(text, `${zone}.`, ...values), mend };
}

function zoneOf(host: string, zones: Model["zones"]): string {
  const zone = zones.find(({ name }) => host.endsWith(`.${name}`));
  if (zone === undefined) throw new RangeError(`mislead ${host}: expected a host below a zone of the region`);
  return zone.name;
}

const INJECTED = '<div style="display:none"><a href="https://gacor.example.net/">slot gacor</a></div>\n';

// Pages of equal content are one file under several names: what is changed gets a file of its own.
const REMOVE = 'mv "$1" "$1.kept"';
const INJECT = `${REMOVE}\n{ cat "$1.kept"; printf %s "$2"; } >"$1"`;
const PUT_BACK = 'if [ -e "$1.kept" ]; then mv -f "$1.kept" "$1"; fi';

function onPage(
  container: string,
  { host, file }: { readonly host: string; readonly file: string },
  text: string,
  ...values: readonly string[]
): SiteBreak {
  const path = `/run/sites/current/${host}/${file}`;
  return { kind: "run", container, words: script(text, path, ...values), mend: script(PUT_BACK, path) };
}

/** Of any backend: a gateway that stands by passes nothing on. Answers of HAProxy to what it did are empty. */
const LET_IN = `. /usr/local/lib/lumbung/haproxy.sh
said=$(ask "add map $config/hosts.map $1 web")
[ -z "$said" ] || { echo "$said" >&2; exit 1; }`;

const PUBLIC_CERTIFICATE = "/config/current/tls/public.pem";

/** $1: file of a chain and its key. The payload ends with an empty line (HAProxy 3.0 management guide, "set ssl cert"). */
const SHOW_CERTIFICATE = `. /usr/local/lib/lumbung/haproxy.sh
said=$(ask "set ssl cert ${PUBLIC_CERTIFICATE} <<
$(cat -- "$1")
")
said="$said $(ask "commit ssl cert ${PUBLIC_CERTIFICATE}")"
case $said in *Success!*) ;; *) echo "$said" >&2; exit 1 ;; esac`;
