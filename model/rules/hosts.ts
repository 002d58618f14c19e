/** Names are only of declared, live things, inside the region's domain. */

import { gatewayName, isWithin, nameServerName } from "../derive/names.ts";
import { isRunningApplication } from "../derive/placement.ts";
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

export function* hostsOutsideDomain({ view }: Context): Generator<Finding> {
  const domain = view.region?.domain;
  if (domain === undefined) return;
  for (const [index, { host }] of entries(view.subdomains)) {
    if (isWithin(host, domain)) continue;
    yield {
      path: ["subdomains", index, "host"],
      message: text(
        `"${host}" di luar domain daerah "${domain}"`,
        `"${host}" is outside the region's domain "${domain}"`,
      ),
      expected: text(`nama di bawah ${domain}`, `a name below ${domain}`),
    };
  }
}

export function* regionWithoutZone({ view }: Context): Generator<Finding> {
  const { zones } = view;
  const domain = view.region?.domain;
  if (domain === undefined || !zones || zones.includes(undefined)) return;
  if (zones.some((zone) => zone?.name === domain)) return;
  yield {
    path: ["zones"],
    message: text(`zona domain daerah "${domain}" tidak ada`, `the zone of the region's domain "${domain}" is missing`),
    expected: text(`zona bernama ${domain}`, `a zone named ${domain}`),
    received: zones.map((zone) => zone?.name),
  };
}

export function* zonesOutsideDomain({ view }: Context): Generator<Finding> {
  const domain = view.region?.domain;
  if (domain === undefined) return;
  for (const [index, { name, txt }] of entries(view.zones)) {
    if (!isWithin(name, domain)) {
      yield {
        path: ["zones", index, "name"],
        message: text(
          `zona "${name}" di luar domain daerah "${domain}"`,
          `zone "${name}" is outside the region's domain "${domain}"`,
        ),
        expected: text(`${domain} atau di bawahnya`, `${domain} or below it`),
      };
    }
    for (let at = 0; at < txt.length; at += 1) {
      const record = txt[at];
      if (!record || isWithin(record.name, name)) continue;
      yield {
        path: ["zones", index, "txt", at, "name"],
        message: text(`"${record.name}" di luar zona "${name}"`, `"${record.name}" is outside zone "${name}"`),
        expected: text(`${name} atau di bawahnya`, `${name} or below it`),
      };
    }
  }
}

/** Names that the model itself gives out, and names with a TXT record: a CNAME allows no other record beside it (RFC 1034 3.6.2). */
export function* reservedHosts({ view }: Context): Generator<Finding> {
  const { gatewayLabel, domain } = view.region ?? {};
  if (gatewayLabel === undefined || domain === undefined) return;
  const reserved = new Set([
    gatewayName(gatewayLabel, domain),
    ...[...entries(view.sites)].map(([, site]) => nameServerName(site.nameServer, domain)),
  ]);
  const zoneNames = new Set([...entries(view.zones)].map(([, zone]) => zone.name));
  for (const [, zone] of entries(view.zones)) {
    for (const { host } of zone.mail?.exchangers ?? []) reserved.add(host);
    for (const { name } of zone.txt) if (!zoneNames.has(name)) reserved.add(name);
  }
  for (const [index, { host, status }] of entries(view.subdomains)) {
    if (status !== "active" || !reserved.has(host)) continue;
    yield {
      path: ["subdomains", index, "host"],
      message: text(
        `"${host}" sudah dipakai oleh gerbang, server nama, atau record lain`,
        `"${host}" is taken by the gateway, a name server, or another record`,
      ),
      expected: text("nama yang belum dipakai", "a name that is free"),
    };
  }
}

/** A mail server whose name is ours has its address from us, or has none. */
export function* mailServersWithoutAddress({ view }: Context): Generator<Finding> {
  for (const [index, zone] of entries(view.zones)) {
    for (const [at, { host, ipv4, ipv6 }] of (zone.mail?.exchangers ?? []).entries()) {
      if (ipv4 !== undefined || ipv6 !== undefined || !isWithin(host, zone.name)) continue;
      yield {
        path: ["zones", index, "mail", "exchangers", at],
        message: text(`server surel "${host}" tidak punya alamat`, `mail server "${host}" has no address`),
        expected: text("ipv4 atau ipv6", "ipv4 or ipv6"),
      };
    }
  }
}

export function* hostsWithoutOneTarget({ view }: Context): Generator<Finding> {
  for (const [index, { host, portal, opd, application, code }] of entries(view.subdomains)) {
    const targets = [portal, opd, application, code].filter((target) => target !== undefined);
    if (targets.length === 1) continue;
    yield {
      path: ["subdomains", index],
      message: text(`"${host}" melayani ${targets.length} hal`, `"${host}" serves ${targets.length} things`),
      expected: text("tepat satu dari portal, opd, application, code", "exactly one of portal, opd, application, code"),
      received: { portal, opd, application, code },
    };
  }
}

/** A name that points at what does not run here is a dangling name. */
export function* danglingHosts({ view }: Context): Generator<Finding> {
  const applications = new Map([...entries(view.applications)].map(([, application]) => [application.id, application]));
  for (const [index, { host, status, application: id }] of entries(view.subdomains)) {
    const application = id === undefined ? undefined : applications.get(id);
    if (status !== "active" || application === undefined || isRunningApplication(application)) continue;
    yield {
      path: ["subdomains", index, "application"],
      message: text(
        `"${host}" menggantung: aplikasi "${id}" tidak berjalan di pusat data`,
        `"${host}" dangles: application "${id}" does not run in the data centre`,
      ),
      expected: text(
        "aplikasi dengan status running dan hostedBy region",
        "an application with status running and hostedBy region",
      ),
      received: { status: application.status, hostedBy: application.hostedBy },
      hint: text("beri status: reserved sampai aplikasi berjalan", "set status: reserved until the application runs"),
    };
  }
}

export function* certificatesOutsideDomain({ view }: Context): Generator<Finding> {
  const domain = view.region?.domain;
  if (domain === undefined || !view.certificates) return;
  for (const [index, { names }] of view.certificates.public.entries()) {
    for (const [at, name] of names.entries()) {
      if (isWithin(name.replace(/^\*\./, ""), domain)) continue;
      yield {
        path: ["certificates", "public", index, "names", at],
        message: text(
          `"${name}" di luar domain daerah "${domain}"`,
          `"${name}" is outside the region's domain "${domain}"`,
        ),
        expected: text(`nama di bawah ${domain}`, `a name below ${domain}`),
      };
    }
  }
}
