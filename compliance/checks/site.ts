/** Data centre and recovery centre. */
import { distanceKm } from "../../model/derive/distance.ts";
import { text } from "../../model/text.ts";
import type { SiteModel } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { type Checks, each, failing, type Looked, notApplicable, ok, type Thing, unknown, when } from "./check.ts";
import { healthy, thingOf } from "./fresh.ts";

export const siteChecks: Checks = {
  "site.primary/one-primary-for-every-agency": ({ model, opds }) => {
    const primaries = model.sites.filter(({ designation }) => designation === "primary");
    return each(
      opds,
      ({ id }) => id,
      () => when(primaries.length !== 1, "pusat datanya bukan satu", "there is not exactly one data centre"),
    );
  },
  "site.primary/workloads-healthy": (facts, options) => workloadsOf(facts, "primary", options),
  "site.drc/recovery-site-declared": ({ model }) => ({
    things: sitesOf(model.sites, "recovery").map(({ id }) => ok(id)),
    none: { applicable: true, reason: text("tidak ada pusat pemulihan", "there is no recovery centre") },
  }),
  "site.drc/recovery-workloads-healthy": (facts, options) => workloadsOf(facts, "recovery", options),
  "site.capacity/requests-within-capacity": ({ model, inventory }) => ({
    things: model.sites.flatMap((site) => [
      fits(`${site.id}/memory`, sum(site.workloads.map(({ memoryBytes }) => memoryBytes)), site.capacity.memoryBytes),
      fits(`${site.id}/processors`, processorsOf(inventory), site.capacity.cpus),
    ]),
  }),
  "site.other-region/sites-in-different-regions": ({ model, inventory }) =>
    each(
      pairsOf(model.sites),
      ([primary, recovery]) => `${primary.id}–${recovery.id}`,
      ([primary, recovery]) => {
        const own = [primary.place.city, inventory.region.seat, inventory.region.name].map(bareName);
        return when(
          own.includes(bareName(recovery.place.city)),
          `keduanya di ${recovery.place.city}`,
          `both stand in ${recovery.place.city}`,
        );
      },
      NO_PAIR,
    ),
  "site.apart/farther-than-the-policy": ({ model, inventory }) => {
    const least = inventory.region.recoveryPolicy?.minimumDistanceKm;
    const things = pairsOf(model.sites).map(([a, b]): Thing => {
      const name = `${a.id}–${b.id}`;
      const distance = Math.round(distanceKm(a.place, b.place));
      if (least === undefined)
        return unknown(name, text("kebijakan jarak belum ditetapkan", "no policy on distance is declared"));
      return distance >= least
        ? ok(name)
        : failing(
            name,
            text(
              `berjarak ${distance} km, kebijakan ${least} km`,
              `${distance} km apart, the policy asks for ${least}`,
            ),
          );
    });
    return { things, none: NO_PAIR };
  },
  "site.apart/no-shared-hazard": ({ model }) => ({
    things: pairsOf(model.sites).flatMap(([a, b]) =>
      (Object.keys(HAZARDS) as (keyof typeof HAZARDS)[]).map((hazard) =>
        a.hazards[hazard] === b.hazards[hazard]
          ? failing(
              `${a.id}–${b.id}/${hazard}`,
              text(
                `berbagi ${HAZARDS[hazard].id}: ${a.hazards[hazard]}`,
                `share a ${HAZARDS[hazard].en}: ${a.hazards[hazard]}`,
              ),
            )
          : ok(`${a.id}–${b.id}/${hazard}`),
      ),
    ),
    none: NO_PAIR,
  }),
  "site.takeover/newest-failover-within-rto": (facts, options) => {
    const runs = ["failover", "switchover"].map((runbook) => facts.seen.of("run", runbook));
    return { things: [thingOf(facts, "failover", runs, options, takeoverProblem)] };
  },
  "site.drp/plan-newer-than-last-change": (facts, options) => ({
    things: [
      thingOf(facts, "drp", [facts.seen.of("run", "drp")], options, (_, { inventory }) =>
        when(
          inventory !== facts.digest,
          "rencana dibuat sebelum perubahan terakhir inventaris",
          "the plan was made before the inventory last changed",
        ),
      ),
    ],
  }),
  "site.no-opd-dc/no-agency-hosts-others": ({ inventory }) =>
    each(
      inventory.databases,
      ({ id }) => id,
      ({ server, owner }) => {
        const keeper = inventory.databaseServers.find(({ id }) => id === server)?.operatedBy;
        const own = keeper === undefined || keeper === inventory.region.operator || keeper === owner;
        return when(!own, `di server yang dikelola ${keeper}`, `on a server that ${keeper} runs`);
      },
      notApplicable("tidak ada basis data", "there are no databases"),
    ),
  "site.consolidated/no-server-outside": ({ inventory, applications }) => ({
    things: [
      ...inventory.databaseServers.map(({ id, operatedBy }): Thing => {
        const outside = operatedBy !== undefined && operatedBy !== inventory.region.operator;
        return outside ? failing(id, text(`dikelola ${operatedBy}`, `run by ${operatedBy}`)) : ok(id);
      }),
      ...applications.map(({ id, hostedBy, owner }): Thing => {
        return hostedBy === "opd" ? failing(id, text(`di server ${owner}`, `on a server of ${owner}`)) : ok(id);
      }),
    ],
    none: notApplicable("tidak ada server dan aplikasi", "there are no servers and applications"),
  }),
  "site.local-operator/operators-are-indonesian": ({ inventory }) =>
    each(
      inventory.sites.filter(({ operator }) => operator !== undefined),
      ({ id }) => id,
      ({ operator }) =>
        when(
          operator?.indonesianEntity !== true,
          `${operator?.name} bukan badan hukum Indonesia`,
          `${operator?.name} is no Indonesian legal entity`,
        ),
      notApplicable("tidak ada pihak ketiga", "there is no third party"),
    ),
};

const HAZARDS = {
  riverBasin: text("daerah aliran sungai", "river basin"),
  powerGrid: text("jaringan listrik", "power grid"),
  uplink: text("jalur internet", "uplink"),
  seismicZone: text("zona gempa", "seismic zone"),
} as const;

const NO_PAIR: NonNullable<Looked["none"]> = {
  applicable: true,
  reason: text("tidak ada dua lokasi untuk dibandingkan", "there are no two sites to compare"),
};

const sitesOf = (sites: readonly SiteModel[], designation: SiteModel["designation"]): SiteModel[] =>
  sites.filter((site) => site.designation === designation);

/** Each primary site with each recovery site. */
function pairsOf(sites: readonly SiteModel[]): (readonly [SiteModel, SiteModel])[] {
  return sitesOf(sites, "primary").flatMap((a) => sitesOf(sites, "recovery").map((b) => [a, b] as const));
}

/** `Kota Langsa` and `Langsa` are one place. */
const bareName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^(kabupaten|kab\.?|kota|regency of|city of)\s+/, "")
    .trim();

function workloadsOf(facts: Facts, designation: SiteModel["designation"], options: { freshSeconds: number }): Looked {
  return {
    things: sitesOf(facts.model.sites, designation).flatMap((site) =>
      site.workloads.filter(({ kind }) => kind !== "config").map(({ name }) => healthy(facts, site.id, name, options)),
    ),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What applications ask for; engines are given memory and share the processors. */
const processorsOf = ({ applications }: Facts["inventory"]): number =>
  sum(
    applications.flatMap(({ run, status, hostedBy }) =>
      run && status === "running" && hostedBy === "region" ? run.cpus : [],
    ),
  );

const fits = (name: string, asked: number, there: number): Thing =>
  asked <= there
    ? ok(name)
    : failing(name, text(`diminta ${asked}, ada ${there}`, `${asked} asked for, ${there} there`));

/** Of a switch: it came to its end, and every target whose recovery time is declared was measured within it. */
function takeoverProblem({ result, targets }: Readonly<Record<string, unknown>>) {
  if (result !== "succeeded") return text(`peralihan berakhir ${result}`, `the switch ended ${result}`);
  const late = (Array.isArray(targets) ? targets : []).filter(({ rto }) => {
    const { declaredSeconds, measuredSeconds } = rto ?? {};
    return declaredSeconds != null && (measuredSeconds == null || measuredSeconds > declaredSeconds);
  });
  const names = late.map(({ target }) => String(target)).join(", ");
  return when(late.length > 0, `melampaui waktu pulihnya: ${names}`, `beyond its recovery time: ${names}`);
}
