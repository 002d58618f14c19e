/** Configuration of Knot DNS 3.4 for one site's name server: a primary of its own for every zone (docs/adr/0006-names.md). */
import type { TsigKey } from "../../custody/types.ts";
import { EVIDENCE_LABEL } from "./evidence-name.ts";
import { word } from "./words.ts";

export interface KnotConfig {
  readonly zones: readonly string[];
  readonly keys: { readonly transfer: TsigKey; readonly update: TsigKey; readonly evidence?: TsigKey };
  /** Zone in which the heads of evidence are published. Default: none. */
  readonly evidenceZone?: string;
  /** From where heads of evidence are taken: the `ops` workloads of all sites. */
  readonly updateAddresses: readonly string[];
  /** Whether the site's network has IPv6. */
  readonly ipv6: boolean;
}

/** The text of `knot.conf`. @throws a TypeError if a word could break it. */
export function knotConf(config: KnotConfig): string {
  return `${[server(config), keys(config), rules(config), signing, zones(config)].join("\n\n")}\n`;
}

// Its name and version are nobody's business. One worker of each kind: a region's names are asked seldom, memory is dear.
// The journal of a zone holds all of it, and it is small: 50,000 signed records are 15 MiB.
function server({ ipv6 }: KnotConfig): string {
  return `server:
    rundir: "/run/knot"
    identity: ""
    version: ""
    nsid: ""
    listen: [ ${["0.0.0.0@5353", ...(ipv6 ? ["::@5353"] : [])].join(", ")} ]
    udp-workers: 1
    tcp-workers: 2
    background-workers: 1
    tcp-max-clients: 200
    udp-max-payload: 1232

database:
    storage: "/var/lib/knot"
    journal-db-max-size: 512M
    kasp-db-max-size: 64M
    timer-db-max-size: 16M

log:
  - target: stderr
    any: notice
    zone: notice

mod-rrl:
  - id: public
    instant-limit: 125
    rate-limit: 50
    slip: 1
    whitelist: [ 127.0.0.0/8 ]`;
}

function keys({ keys: { transfer, update, evidence } }: KnotConfig): string {
  const held = [transfer, update, ...(evidence === undefined ? [] : [evidence])];
  const all = held.flatMap(accepted).map((one) => key(one, one.name));
  return `key:\n${all.join("\n")}`;
}

/** A key and, while it is rolled over, the one before: whoever has only one of them is served. */
function accepted(key: TsigKey): readonly Omit<TsigKey, "previous">[] {
  return key.previous === undefined ? [key] : [key, key.previous];
}

const namesOf = (key: TsigKey): string => {
  const names = accepted(key).map(({ name }) => name);
  return names.length === 1 ? names.join() : `[ ${names.join(", ")} ]`;
};

function key({ name, algorithm, secret }: Omit<TsigKey, "previous">, path: string): string {
  return `  - id: ${word("host name", name, `tsig.${path}.name`)}
    algorithm: ${algorithm}
    secret: "${word("base64", secret, `tsig.${path}.secret`)}"`;
}

// What moves the region's addresses goes by the keeper of the lease (images/dns, lease-addresses), which asks who holds it: nobody updates from elsewhere.
function rules({ keys: { transfer, update, evidence }, updateAddresses }: KnotConfig): string {
  const ops = updateAddresses.map((address) => word("IPv4 address", address, "updateAddresses"));
  return `acl:
  - id: transfer
    key: ${namesOf(transfer)}
    action: transfer
  - id: update
    key: ${namesOf(update)}
    address: 127.0.0.1
    action: update${evidence === undefined ? "" : `\n${evidenceRule(evidence, ops)}`}`;
}

// The key of evidence changes texts of one name and nothing else, so that who holds it moves no address and makes no name.
const evidenceRule = (key: TsigKey, ops: readonly string[]): string => `  - id: evidence
    key: ${namesOf(key)}
    address: [ ${ops.join(", ")} ]
    action: update
    update-type: TXT
    update-owner: name
    update-owner-match: equal
    update-owner-name: ${EVIDENCE_LABEL}`;

// NSEC, not NSEC3: the names of a government are public by decree, so there is nothing to hide, and answers are small.
const signing = `policy:
  - id: shared
    manual: on
    single-type-signing: on
    algorithm: ecdsap256sha256
    nsec3: off
    rrsig-lifetime: 14d
    rrsig-refresh: 7d
    cds-cdnskey-publish: none`;

function zones({ zones, evidenceZone, keys: { evidence } }: KnotConfig): string {
  const each = zones.map((zone, index) => {
    const domain = `  - domain: "${word("host name", zone, `zones[${index}]`)}."`;
    return zone === evidenceZone && evidence !== undefined
      ? `${domain}\n    acl: [ transfer, update, evidence ]`
      : domain;
  });
  return `template:
  - id: default
    storage: "/var/lib/knot"
    zonefile-load: none
    zonefile-sync: -1
    journal-content: all
    journal-max-usage: 128M
    serial-policy: unixtime
    semantic-checks: on
    dnssec-signing: on
    dnssec-policy: shared
    module: mod-rrl/public
    acl: [ transfer, update ]

zone:
${each.join("\n")}`;
}
