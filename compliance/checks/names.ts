/** Names, websites: what is declared, and what probes see of it. */

import { probeName } from "../../evidence/probes.ts";
import { text } from "../../model/text.ts";
import type { HostModel } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { type Checks, each, type Looked, type WayOptions, when } from "./check.ts";
import { probed, yes } from "./fresh.ts";

export const nameChecks: Checks = {
  "dns.domain/portal-at-the-domain": ({ model }) => {
    const { domain } = model.region;
    const portal = model.hosts.some(({ host, serves }) => host === domain && serves.kind === "portal");
    return each(
      [domain],
      (name) => name,
      (name) =>
        when(!name.endsWith(".go.id"), "bukan domain go.id", "no go.id domain") ??
        when(!portal, "portal tidak di sini", "the portal is not here"),
    );
  },
  "dns.domain/portal-answers-over-https": (facts, options) => ({
    things: [probed(facts, probeName.name(facts.model.region.domain), options, answers)],
  }),
  "dns.subdomain/names-below-the-domain": ({ model }) =>
    each(
      model.hosts,
      ({ host }) => host,
      ({ host }) =>
        when(
          host !== model.region.domain && !host.endsWith(`.${model.region.domain}`),
          "di luar domain daerah",
          "outside the region's domain",
        ),
    ),
  "dns.subdomain/names-answer": (facts, options) => allNames(facts, options, answers),
  "dns.hosted/names-serve-what-runs-here": ({ model }) => {
    const running = new Set(model.sites.flatMap(({ workloads }) => workloads.map(({ name }) => name)));
    return each(
      model.hosts,
      ({ host }) => host,
      ({ serves }) =>
        when(
          "workload" in serves && !running.has(serves.workload),
          "yang dilayaninya tidak berjalan di sini",
          "what it serves does not run here",
        ),
    );
  },
  "dns.hosted/names-resolve-to-the-gateway": (facts, options) =>
    allNames(facts, options, yes("gateway", text("menunjuk ke tempat lain", "points elsewhere"))),
  "dns.decree/decree-in-force": ({ model, today }) =>
    each(
      model.hosts,
      ({ host }) => host,
      ({ expires, decree }) =>
        when(decree.number === "", "tanpa keputusan", "without a decree") ??
        when(expires < today, `berakhir ${expires}`, `ended on ${expires}`),
    ),
  "web.ownership/owners-as-divided": ({ model, inventory }) => {
    const heirs = new Map(
      model.opds.flatMap(({ id, mergedInto }) => (mergedInto ? [[id, mergedInto.opd] as const] : [])),
    );
    const ownersOf = ({ serves, owner }: HostModel): string[] => {
      if (serves.kind === "portal") return [inventory.region.operator];
      // Whoever took an agency over may keep its old site.
      return serves.kind === "opd" ? [serves.opd, heirs.get(serves.opd) ?? serves.opd] : [owner];
    };
    return each(
      model.hosts,
      ({ host }) => host,
      (host) => {
        const owners = ownersOf(host);
        return when(
          !owners.includes(host.owner),
          `dikelola ${host.owner}, bukan ${owners[0]}`,
          `run by ${host.owner}, not ${owners[0]}`,
        );
      },
    );
  },
  "web.opd-site/site-for-every-agency": ({ opds }) =>
    each(
      opds,
      ({ id }) => id,
      ({ host }) => when(host === undefined, "tanpa situs", "without a site"),
    ),
  "web.opd-site/sites-answer": (facts, options) => ({
    things: facts.opds.flatMap(({ host }) =>
      host === undefined ? [] : [probed(facts, probeName.name(host), options, answers)],
    ),
    none: NO_SITES,
  }),
  // Agenda, reports and links to other bodies have no field in the inventory: pages and the review of them show those.
  "web.opd-content/seven-parts-declared": ({ opds }) =>
    each(
      opds.filter(({ host }) => host !== undefined),
      ({ id }) => id,
      ({ contents }) => {
        const missing = [
          ...(contents.profile === undefined ? [text("profil", "profile")] : []),
          ...(contents.news?.length ? [] : [text("berita", "news")]),
          ...(contents.policies?.length ? [] : [text("kebijakan dan prosedur", "policies and procedures")]),
          ...(contents.contact === undefined ? [text("kontak", "contact")] : []),
        ];
        const list = (language: "id" | "en"): string => missing.map((one) => one[language]).join(", ");
        return when(missing.length > 0, `kosong: ${list("id")}`, `missing: ${list("en")}`);
      },
      NO_SITES,
    ),
  "web.opd-content/seven-parts-published": (facts, options) => ({
    things: facts.opds.flatMap(({ host }) =>
      host === undefined ? [] : [probed(facts, probeName.page(host), options, carries(OPD_PARTS))],
    ),
    none: NO_SITES,
  }),
  "web.portal-content/five-parts-present": (facts, options) => ({
    things: facts.model.hosts
      .filter(({ host, serves }) => serves.kind === "portal" && host === facts.model.region.domain)
      .map(({ host }) => probed(facts, probeName.page(host), options, carries(PORTAL_PARTS))),
    none: { applicable: true, reason: text("portal tidak diterbitkan", "the portal is not published") },
  }),
  "web.service-info/services-of-every-agency": ({ opds }) =>
    each(
      opds,
      ({ id }) => id,
      ({ contents }) => {
        const services = contents.services ?? [];
        const vague = services.filter(
          ({ requirements, fee, duration }) =>
            requirements === undefined || fee === undefined || duration === undefined,
        );
        const names = vague.map(({ name }) => name).join(", ");
        return (
          when(services.length === 0, "tanpa layanan", "without services") ??
          when(vague.length > 0, `standarnya tidak lengkap: ${names}`, `standard not whole: ${names}`)
        );
      },
    ),
  "web.service-info/services-published": (facts, options) => ({
    things: [probed(facts, probeName.services(facts.model.region.domain), options, carries(SERVICE_PARTS))],
  }),
};

/** Ids of kinds of content, as the sites name their sections. */
const OPD_PARTS = ["profil", "berita", "agenda", "laporan", "layanan", "portal", "tautan", "kebijakan"];
const PORTAL_PARTS = ["profil", "berita", "situs", "instansi", "data"];
const SERVICE_PARTS = ["penyelenggara", "pelaksana", "standar", "prosedur", "maklumat", "pengaduan", "kinerja"];

const NO_SITES: NonNullable<Looked["none"]> = {
  applicable: true,
  reason: text("tidak ada situs yang diterbitkan", "no site is published"),
};

function allNames(facts: Facts, options: WayOptions, problem: Parameters<typeof probed>[3]): Looked {
  return {
    things: facts.model.hosts.map(({ host }) => probed(facts, probeName.name(host), options, problem)),
    none: { applicable: true, reason: text("tidak ada nama yang diterbitkan", "no name is published") },
  };
}

function answers({ https, status }: Readonly<Record<string, unknown>>) {
  return (
    when(https !== true, "tidak menjawab lewat https", "does not answer over https") ??
    when(typeof status !== "number" || !isAnswer(status), `menjawab ${status}`, `answers ${status}`)
  );
}

/** One that asks who it is talking to answers, too: the code repository does. */
const isAnswer = (status: number): boolean => (status >= 200 && status < 400) || status === 401;

const carries =
  (parts: readonly string[]) =>
  ({ parts: there, clean }: Readonly<Record<string, unknown>>) => {
    const missing = parts.filter((part) => !(Array.isArray(there) && there.includes(part))).join(", ");
    return (
      when(clean !== true, "halamannya memuat sisipan orang lain", "the page holds what others put there") ??
      when(missing !== "", `kosong: ${missing}`, `missing: ${missing}`)
    );
  };
