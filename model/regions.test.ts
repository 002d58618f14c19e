/** The four regions' inventories: what holds of each of them, and what of all together. */
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { overlaps, subnetOf } from "./derive/addresses.ts";
import { distanceKm } from "./derive/distance.ts";
import { isWithin } from "./derive/names.ts";
import { deriveModel } from "./index.ts";
import { jsonSchema } from "./schema/json-schema.ts";
import { filesOf, inventoryOf, type RegionId, regionIds } from "./testing/regions.ts";

interface Facts {
  readonly code: string;
  readonly domain: string;
  readonly regulation: string;
  readonly term: string;
  readonly districts: number;
  readonly agencies: number;
  readonly kmApart: number;
}

/** Public facts; the number of agencies is what these inventories declare. */
const facts: Readonly<Record<RegionId, Facts>> = {
  "empat-lawang": {
    code: "16.11",
    domain: "empatlawangkab.go.id",
    regulation: "empat-lawang-30-2019",
    term: "OPD",
    districts: 10,
    agencies: 50,
    kmApart: 537,
  },
  lamandau: {
    code: "62.09",
    domain: "lamandaukab.go.id",
    regulation: "lamandau-37-2018",
    term: "SOPD",
    districts: 8,
    agencies: 41,
    kmApart: 580,
  },
  langsa: {
    code: "11.74",
    domain: "langsakota.go.id",
    regulation: "langsa-34-2020",
    term: "PD",
    districts: 5,
    agencies: 42,
    kmApart: 771,
  },
  "serdang-bedagai": {
    code: "12.18",
    domain: "serdangbedagaikab.go.id",
    regulation: "serdang-bedagai-8-2017",
    term: "OPD",
    districts: 17,
    agencies: 60,
    kmApart: 605,
  },
};

const hazardKeys = ["riverBasin", "powerGrid", "uplink", "seismicZone"] as const;
const others = ["lab", ...regionIds] as const;
/** Each pair of regions once, the lab among them. */
const pairs = others.flatMap((one, index) => others.slice(index + 1).map((other) => [one, other] as const));

describe.each(regionIds)("%s", (id) => {
  const inventory = inventoryOf(id);
  const { region, sites, witness, opd, subdomains } = inventory;
  const fact = facts[id];
  const standing = opd.filter(({ mergedInto }) => mergedInto === undefined);

  it("is what is known of it", () => {
    expect(region).toMatchObject({ id, code: fact.code, domain: fact.domain, agencyTerm: fact.term, lab: false });
    expect(region.regulations).toEqual([fact.regulation]);
    expect(opd.filter(({ kind }) => kind === "kecamatan")).toHaveLength(fact.districts);
    expect(opd).toHaveLength(fact.agencies);
    for (const kind of ["rsud", "puskesmas", "inspektorat"]) expect(opd.map((one) => one.kind)).toContain(kind);
    expect(opd.map((one) => one.id)).toContain("bpbd");
  });

  it("gives no warning but that its witness is only planned, and derives", () => {
    const { warnings } = deriveModel(inventory);
    expect(warnings.map(({ code }) => code)).toEqual(["no-witness"]);
    expect(warnings[0]?.message.en).toContain("only planned");
  });

  it("recovers where other things strike: no place shares a hazard with another, and the distance is the map's", () => {
    const places = [...sites, ...(witness ? [witness] : [])];
    expect(places).toHaveLength(3);
    for (const key of hazardKeys) expect(new Set(places.map(({ hazards }) => hazards[key])).size, key).toBe(3);
    for (const { hazards } of sites) expect(hazards.threats).not.toHaveLength(0);
    const [dc, drc] = sites;
    const km = dc && drc ? distanceKm(dc.place, drc.place) : 0;
    expect(Math.abs(km - fact.kmApart) / fact.kmApart).toBeLessThan(0.01);
  });

  it("joins every agency to the data centre by a link that carries what is guaranteed", () => {
    const dc = sites.find(({ designation }) => designation === "primary")?.id;
    const carried = new Map(
      inventory.links
        .filter(({ site, role, status }) => site === dc && role === "main" && status === "running")
        .map(({ opd: joined, capacityMbps }) => [joined, capacityMbps]),
    );
    const lacking = standing.filter((one) => (carried.get(one.id) ?? 0) < one.bandwidth.guaranteedMbps);
    expect(lacking.map((one) => one.id)).toEqual([]);
    expect([...carried.keys()].sort()).toEqual(standing.map((one) => one.id).sort());
  });

  it("gives every agency a site of its own, under the region's domain and by a decree of its own", () => {
    const served = subdomains.flatMap(({ opd: of, status }) => (of !== undefined && status === "active" ? [of] : []));
    expect(served.sort()).toEqual(opd.map((one) => one.id).sort());
    const numbers = subdomains.map(({ decree }) => decree.number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const { contents } of opd)
      expect(isWithin(contents?.contact?.email.split("@")[1] ?? "", fact.domain)).toBe(true);
  });

  it("says of every database who administers it, how often it is renewed, and its group and confidentiality", () => {
    for (const {
      administrator,
      renewedEverySeconds,
      owner,
      group,
      classification,
      id: database,
    } of inventory.databases) {
      expect([administrator, renewedEverySeconds, owner, group, classification], database).not.toContain(undefined);
    }
    const engines = inventory.databaseServers.filter(({ status }) => status === "running").map(({ engine }) => engine);
    expect(engines).toEqual(expect.arrayContaining(["postgresql", "mariadb"]));
  });

  it("does not build again what the central government runs, and has applications that run and that are planned", () => {
    const by = (host: string, status: string) =>
      inventory.applications.filter((one) => one.hostedBy === host && one.status === status).map((one) => one.id);
    expect(by("central", "running").sort()).toEqual(["sipd", "sp4n-lapor", "spse", "srikandi"]);
    expect(by("region", "running").length).toBeGreaterThanOrEqual(3);
    expect(by("region", "planned").length).toBeGreaterThanOrEqual(5);
  });

  it("runs on engines of its own, on addresses that are no machine's", () => {
    const hosts = sites.map(({ runtime }) => (runtime.kind === "docker" ? runtime.host : undefined));
    expect(hosts).toEqual(sites.map((site) => `unix:///run/lumbung/${id}-${site.id}.sock`));
    for (const { publish } of [...sites, ...(witness ? [witness] : [])]) {
      // RFC 5737
      expect(publish.ipv4).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    }
  });

  it("mentions in links, cables, assets and documents only what is declared, each thing once", () => {
    const { links, cables, assets, documents, roles, costCentres } = inventory;
    const mentions = {
      opd: [
        ...[...links, ...cables, ...assets].map(({ opd: of }) => of),
        ...links.flatMap(({ via }) => via ?? []),
        ...documents.flatMap(({ opd: of }) => of ?? []),
      ],
      sites: [...links.map(({ site }) => site), ...assets.flatMap(({ site }) => site ?? [])],
      assets: cables.flatMap(({ from, to }) => [from.asset, to.asset]),
      roles: documents.map(({ owner }) => owner),
      costCentres: [...links, ...assets].flatMap(({ costCentre }) => costCentre ?? []),
    };
    const declared = { opd, sites, assets, roles, costCentres };
    for (const [kind, ids] of Object.entries(mentions)) {
      const known = new Set(declared[kind as keyof typeof declared].map((one) => one.id));
      expect(
        ids.filter((one) => !known.has(one)),
        kind,
      ).toEqual([]);
    }
    for (const list of [links, cables, assets, documents]) {
      expect(new Set(list.map((one) => one.id)).size).toBe(list.length);
    }
  });

  it("marks what is invented", () => {
    expect(unmarked(filesOf(id).map(({ text }) => parse(text)))).toEqual([]);
  });

  it("is in files that editors check by the schema", () => {
    const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(jsonSchema());
    for (const { name, text } of filesOf(id)) {
      expect(text.startsWith("# yaml-language-server: $schema=../schema.json\n"), name).toBe(true);
      expect(validate(parse(text)), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });
});

describe("all regions and the lab", () => {
  it.each(pairs)("%s and %s share no address and no name", (one, other) => {
    const [a, b] = [inventoryOf(one), inventoryOf(other)];
    const meeting = a.pools.flatMap(({ subnet }) =>
      b.pools.filter((pool) => overlaps(subnetOf(subnet), subnetOf(pool.subnet))).map((pool) => [subnet, pool.subnet]),
    );
    expect(meeting).toEqual([]);
    const published = [a, b].map(({ sites, witness }) => [...sites, ...(witness ? [witness] : [])].map(addressOf));
    expect(published[0]?.filter((address) => published[1]?.includes(address))).toEqual([]);
    expect(a.subdomains.filter(({ host }) => isWithin(host, b.region.domain))).toEqual([]);
    expect(b.subdomains.filter(({ host }) => isWithin(host, a.region.domain))).toEqual([]);
  });
});

const addressOf = ({ publish }: { readonly publish: { readonly ipv4: string } }): string => publish.ipv4;

/** Kinds that are marked by what they hold. */
const holders = new Set(["backbone", "objectStore", "codeRepository", "certificates"]);

/** Paths of declared things that are not marked as examples: each kind that is one thing, and each item with an id, a host or a name of its own. */
function unmarked(files: readonly Record<string, unknown>[]): string[] {
  return files.flatMap((file) =>
    Object.entries(file).flatMap(([key, value]) => {
      if (!Array.isArray(value)) {
        const marked = holders.has(key) || (value as { example?: boolean }).example === true;
        const lists = Object.entries(value as object).filter(([, held]) => Array.isArray(held));
        const items = holders.has(key) ? lists.flatMap(([name, held]) => unmarkedItems(`${key}.${name}`, held)) : [];
        return [...(marked ? [] : [key]), ...items];
      }
      return unmarkedItems(key, value);
    }),
  );
}

function unmarkedItems(path: string, items: readonly { readonly example?: boolean }[]): string[] {
  return items.flatMap(({ example }, index) => (example === true ? [] : [`${path}[${index}]`]));
}
