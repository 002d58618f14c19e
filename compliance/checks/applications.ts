/** Applications and their code. */

import { probeName } from "../../evidence/probes.ts";
import { text } from "../../model/text.ts";
import type { Facts, InventoryApplication } from "../facts.ts";
import { type Checks, each, failing, type Looked, notApplicable, type Thing, type WayOptions, when } from "./check.ts";
import { healthy, probed, yes } from "./fresh.ts";

export const applicationChecks: Checks = {
  "app.catalogue/every-application-classed": ({ inventory }) =>
    each(
      inventory.applications,
      idOf,
      (one) => when(one.class === undefined, "tanpa kelas", "without a class"),
      NO_APPLICATIONS,
    ),
  "app.coordinated/coordination-on-record": ({ applications }) =>
    each(
      applications,
      idOf,
      ({ coordination }) =>
        when(coordination === undefined, "tanpa surat koordinasi", "without a letter of coordination"),
      NO_APPLICATIONS,
    ),
  "app.every-opd/system-for-every-agency": ({ opds, inventory }) => {
    const running = inventory.applications.filter(({ status }) => status === "running");
    const owners = new Set(running.map(({ owner }) => owner));
    const shared = running.some((one) => one.class === "general" || one.class === "cross-opd");
    return each(
      opds,
      ({ id }) => id,
      // A hospital's tasks need a system of its own: what offices share does not serve them.
      ({ id, kind }) =>
        when(
          !owners.has(id) && (kind === "rsud" || !shared),
          "tanpa aplikasi yang berjalan bagi tugasnya",
          "without an application that runs for its tasks",
        ),
    );
  },
  "app.hosted/hosted-where-allowed": ({ applications }) =>
    each(
      applications,
      idOf,
      // Electronic attendance may run on a local server as well (Empat Lawang 27(2)a).
      (one) =>
        when(
          one.hostedBy === "opd" && SHARED.includes(one.class) && one.function !== "kehadiran",
          "dipakai lintas OPD tetapi di server setempat",
          "used by several agencies but on a local server",
        ),
      NO_APPLICATIONS,
    ),
  "app.hosted/applications-answer": (facts, options) => atAnySite(facts, options),
  "app.interoperable/data-and-owner-declared": ({ applications }) =>
    each(
      applications.filter(({ status }) => status === "running"),
      idOf,
      ({ database }) =>
        when(database === undefined, "data yang dipakainya tidak disebut", "the data that it uses are not named"),
      NO_APPLICATIONS,
    ),
  "app.licence/licence-declared": ({ inventory }) =>
    each(
      inventory.applications.filter(({ status }) => status !== "retired"),
      idOf,
      ({ licence }) => when(licence === undefined, "lisensinya tidak disebut", "its licence is not named"),
      NO_APPLICATIONS,
    ),
  "app.maintained/steward-declared": ({ applications }) =>
    each(
      applications.filter(({ status }) => status === "running"),
      idOf,
      ({ steward }) => when(steward === undefined, "tanpa penanggung jawab", "without anybody who answers for it"),
      NO_APPLICATIONS,
    ),
  "app.maintained/version-current": (facts, options) => ({
    things: runHere(facts).map(({ id }) =>
      probed(facts, probeName.version(id), options, yes("current", text("tertinggal pembaruan", "updates are behind"))),
    ),
    none: NO_APPLICATIONS,
  }),
  "app.mandatory-use/both-declared-for-all": ({ applications }) =>
    each(
      [...MANDATORY],
      (name) => name,
      (name) =>
        when(
          !applications.some((one) => one.function === name && SHARED.includes(one.class)),
          "tidak dinyatakan bagi semua OPD",
          "not declared for every agency",
        ),
    ),
  "app.mandatory-use/used-by-every-agency": (facts, options) => ({
    things: facts.applications
      .filter(({ function: what }) => what !== undefined && MANDATORY.includes(what))
      .map((one): Thing => {
        if (one.status !== "running") return failing(one.id, text("baru direncanakan", "only planned"));
        return probed(facts, probeName.usage(one.id), options, ({ opds }) => {
          const idle = facts.opds.filter(({ id }) => !(Array.isArray(opds) && opds.includes(id))).map(({ id }) => id);
          return when(idle.length > 0, `tidak dipakai ${idle.join(", ")}`, `not used by ${idle.join(", ")}`);
        });
      }),
    none: NO_APPLICATIONS,
  }),
  "app.monitored/every-application-observed": (facts, options) => ({
    // That it was looked at is the duty; how it is stands with the others.
    things: runHere(facts).map(({ id }) => probed(facts, `app-${id}`, options, () => undefined)),
    none: NO_APPLICATIONS,
  }),
  "app.repository/repository-for-every-application": ({ inventory, applications }) => {
    const kept = new Set(inventory.codeRepository?.repositories.flatMap(({ application }) => application ?? []) ?? []);
    return each(
      applications.filter(isMade),
      idOf,
      ({ id }) => when(!kept.has(id), "tanpa repositori", "without a repository"),
      notApplicable("tidak ada aplikasi yang dibuat bagi daerah", "no application was made for the region"),
    );
  },
  "app.repository/repository-reachable-and-copied": (facts, options) => ({
    things: facts.model.code
      ? facts.model.sites.map(({ id }) => healthy(facts, id, facts.model.code?.workload ?? "code", options))
      : [],
    none: { applicable: true, reason: text("repositori tidak dijalankan", "no repository runs") },
  }),
  "app.handover/files-of-the-set-present": (facts, options) => {
    const kept = new Set(
      facts.inventory.codeRepository?.repositories.flatMap(({ application }) => application ?? []) ?? [],
    );
    return {
      things: facts.applications
        .filter((one) => isMade(one) && one.status === "running")
        .map(({ id }) =>
          kept.has(id)
            ? probed(facts, probeName.handover(id), options, ({ missing }) =>
                when(
                  !Array.isArray(missing) || missing.length > 0,
                  `kurang: ${String(missing)}`,
                  `missing: ${String(missing)}`,
                ),
              )
            : failing(id, text("tanpa repositori", "without a repository")),
        ),
      none: notApplicable("tidak ada aplikasi yang dibuat bagi daerah", "no application was made for the region"),
    };
  },
  "app.s2c/eight-services-declared": ({ inventory }) => {
    const declared = inventory.applications
      .filter(({ status }) => status !== "retired")
      .flatMap(({ s2c }) => s2c ?? []);
    return each(
      Object.entries(S2C),
      ([name]) => name,
      ([, pattern]) => when(!declared.some((one) => pattern.test(one)), "tidak tercatat", "not on record"),
    );
  },
  "app.sla/components-work": (facts, options) => atAnySite(facts, options),
  "app.unique/one-application-per-function": ({ inventory }) => {
    const live = inventory.applications.filter((one) => one.status !== "retired" && one.function !== undefined);
    const count = new Map<string, string[]>();
    for (const { id, function: what = "" } of live) count.set(what, [...(count.get(what) ?? []), id]);
    return each(
      [...count],
      ([what]) => what,
      ([, ids]) => when(ids.length > 1, `dilayani ${ids.join(", ")}`, `served by ${ids.join(", ")}`),
      { applicable: true, reason: text("fungsi aplikasi tidak dinyatakan", "no function is declared") },
    );
  },
  "app.web/web-based": ({ applications }) =>
    each(applications, idOf, ({ web }) => when(!web, "bukan aplikasi web", "no web application"), NO_APPLICATIONS),
};

const SHARED: readonly string[] = ["general", "national-standard", "cross-opd"];

/** e-Office and electronic attendance (Empat Lawang 25, 27), by function. */
const MANDATORY: readonly string[] = ["perkantoran", "kehadiran"];

/** The eight services of Empat Lawang 20 a to h. */
const S2C: Readonly<Record<string, RegExp>> = {
  "informasi-daerah": /informasi|on hand/i,
  "portal-terpadu": /\bgov\b|terpadu/i,
  pengaduan: /\bcare\b|pengaduan/i,
  sidata: /sidata/i,
  "e-office": /e-?office/i,
  "wifi-publik": /wi-?fi/i,
  absensi: /absensi/i,
  "tanda-tangan": /tanda tangan/i,
};

const NO_APPLICATIONS = notApplicable("tidak ada aplikasi seperti itu", "there are no such applications");

const idOf = ({ id }: InventoryApplication): string => id;

/** Made for the region, so that its source was handed over: what others make for everybody is taken as it is. */
const isMade = ({ licence, run }: InventoryApplication): boolean =>
  licence === "Milik daerah" || (run !== undefined && run.runtime === "service");

const runHere = ({ applications, model }: Facts): InventoryApplication[] => {
  const running = new Set(model.applications.flatMap(({ id, run }) => (run ? [id] : [])));
  return applications.filter(({ id }) => running.has(id));
};

function atAnySite(facts: Facts, options: WayOptions): Looked {
  return {
    things: facts.model.sites.flatMap((site) =>
      runHere(facts).map(({ id }) => healthy(facts, site.id, `app-${id}`, options)),
    ),
    none: NO_APPLICATIONS,
  };
}
