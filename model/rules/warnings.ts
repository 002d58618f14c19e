/** What is allowed but should be known. */
import { distanceKm } from "../derive/distance.ts";
import type { Inventory } from "../schema/index.ts";
import { text } from "../text.ts";
import type { Warning } from "../types.ts";

type Finder = (inventory: Inventory) => Iterable<Warning>;

const hazardNames = {
  riverBasin: text("daerah aliran sungai", "river basin"),
  powerGrid: text("sistem kelistrikan", "power grid"),
  uplink: text("jalur sambungan internet", "uplink"),
  seismicZone: text("zona gempa", "seismic zone"),
} as const;

const hazardKeys = ["riverBasin", "powerGrid", "uplink", "seismicZone"] as const;

function* sharedHazards({ sites, witness }: Inventory): Generator<Warning> {
  const places = [
    ...sites.map(({ id, hazards }, index) => ({ id, hazards, path: `sites[${index}].hazards` })),
    ...(witness ? [{ id: "witness", hazards: witness.hazards, path: "witness.hazards" }] : []),
  ];
  for (const [index, place] of places.entries()) {
    for (const before of places.slice(0, index)) {
      for (const key of hazardKeys) {
        const shared = place.hazards[key];
        if (shared !== before.hazards[key]) continue;
        const name = hazardNames[key];
        yield {
          path: `${place.path}.${key}`,
          code: "shared-hazard",
          message: text(
            `"${before.id}" dan "${place.id}" berbagi ${name.id}: ${shared}`,
            `"${before.id}" and "${place.id}" share a ${name.en}: ${shared}`,
          ),
        };
      }
    }
  }
}

function* sitesTooNear({ region, sites }: Inventory): Generator<Warning> {
  const least = region.recoveryPolicy?.minimumDistanceKm;
  if (least === undefined) return;
  for (const [index, site] of sites.entries()) {
    for (const before of sites.slice(0, index)) {
      const distance = Math.round(distanceKm(before.place, site.place));
      if (distance >= least) continue;
      yield {
        path: `sites[${index}].place`,
        code: "too-near",
        message: text(
          `"${before.id}" dan "${site.id}" berjarak ${distance} km; kebijakan daerah paling sedikit ${least} km`,
          `"${before.id}" and "${site.id}" are ${distance} km apart; the region's policy asks for at least ${least} km`,
        ),
      };
    }
  }
}

function* noDistancePolicy({ region }: Inventory): Generator<Warning> {
  if (region.recoveryPolicy) return;
  yield {
    path: "region.recoveryPolicy",
    code: "no-distance-policy",
    message: text(
      "kebijakan jarak antar lokasi belum ditetapkan",
      "no policy on the distance between sites is declared",
    ),
  };
}

/** Planned is as good as none: the weaker promise holds (D7). */
function* noWitness({ witness }: Inventory): Generator<Warning> {
  if (witness?.status === "running") return;
  yield {
    path: "witness",
    code: "no-witness",
    message: witness
      ? text(
          "saksi baru direncanakan: sampai berjalan, bila hubungan putus, tidak ada yang menutup dengan sendirinya",
          "the witness is only planned: until it runs, on a cut nothing closes by itself",
        )
      : text(
          "saksi tidak ada: bila hubungan putus, tidak ada yang menutup dengan sendirinya",
          "no witness: on a cut, nothing closes by itself",
        ),
  };
}

/** An override needs two voices. */
function* fewApprovers({ roles }: Inventory): Generator<Warning> {
  const may = roles.filter(({ approvalKeys }) => approvalKeys.some((key) => key.may.includes("override")));
  if (may.length >= 2) return;
  yield {
    path: "roles",
    code: "few-approvers",
    message: text(
      `peran yang boleh menyetujui pengambilalihan di luar aturan: ${may.length}, diperlukan 2 (roles[].approvalKeys)`,
      `roles that may approve a takeover against the rules: ${may.length}, needed 2 (roles[].approvalKeys)`,
    ),
  };
}

/** A certificate for `*.domain` covers one level (RFC 6125 6.4.3). */
function* deepHosts({ region, subdomains }: Inventory): Generator<Warning> {
  const levels = region.domain.split(".").length + 1;
  for (const [index, { host, status }] of subdomains.entries()) {
    if (status !== "active" || host.split(".").length <= levels) continue;
    yield {
      path: `subdomains[${index}].host`,
      code: "host-too-deep",
      message: text(
        `"${host}" lebih dari satu tingkat di bawah domain: sertifikat *.${region.domain} tidak mencakupnya`,
        `"${host}" is more than one level below the domain: a certificate for *.${region.domain} does not cover it`,
      ),
    };
  }
}

const finders: readonly Finder[] = [sharedHazards, sitesTooNear, noDistancePolicy, noWitness, fewApprovers, deepHosts];

/** All warnings, in order of rule and place. */
export function findWarnings(inventory: Inventory): Warning[] {
  return finders.flatMap((find) => [...find(inventory)]);
}
