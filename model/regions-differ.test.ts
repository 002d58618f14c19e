/** Each region's inventory differs from the others' as its regulation does. */
import { describe, expect, it } from "vitest";
import type { Inventory } from "./index.ts";
import { databaseGroups } from "./schema/databases.ts";
import { inventoryOf, regionIds } from "./testing/regions.ts";

const standing = ({ opd }: Inventory) => opd.filter(({ mergedInto }) => mergedInto === undefined);
/** Applications that an OPD runs on a server of its own. */
const local = ({ applications }: Inventory) =>
  applications.filter(({ hostedBy, status }) => hostedBy === "opd" && status === "running");
const serversOfOpd = ({ databaseServers }: Inventory) =>
  databaseServers.filter(({ engine, operatedBy }) => engine === "external" || operatedBy !== undefined);
const repeated = (values: readonly string[]) => values.filter((value, index) => values.indexOf(value) !== index);

describe("Empat Lawang", () => {
  const inventory = inventoryOf("empat-lawang");

  it("lets an OPD's application run on the OPD's server, with its backup in the data centre: 16(3)", () => {
    expect(local(inventory).map(({ id }) => id)).toEqual(["simrs", "perpustakaan"]);
    expect(local(inventory).every(({ backup, database }) => backup !== undefined && database !== undefined)).toBe(true);
    expect(serversOfOpd(inventory).map(({ operatedBy }) => operatedBy)).toEqual(["rsud", "disperpusip"]);
    expect(serversOfOpd(inventory).every(({ backup }) => backup !== undefined)).toBe(true);
  });

  it("runs what several OPD use in the data centre only: 17(3)", () => {
    const shared = inventory.applications.filter((one) => one.class === "cross-opd");
    expect(shared.length).toBeGreaterThan(5);
    expect(shared.filter(({ hostedBy }) => hostedBy !== "region")).toEqual([]);
  });

  it("declares the eight services of S2C, each with an owner: 20", () => {
    const services = inventory.applications.flatMap(({ s2c }) => s2c ?? []);
    expect(services).toHaveLength(8);
    expect(repeated(services)).toEqual([]);
  });

  it("has what a visitor looks for on the site of each OPD: 15(3), 29(5)", () => {
    for (const { id, contents } of standing(inventory)) {
      const { profile, news, services, policies, structure, contact, updated } = contents ?? {};
      expect([profile, news, services, policies, structure, contact, updated], id).not.toContain(undefined);
    }
  });
});

describe("Lamandau", () => {
  const inventory = inventoryOf("lamandau");

  it("labels every data cable, of which every SOPD has some: 16(3)", () => {
    expect(inventory.cables.filter(({ labelled }) => labelled === undefined)).toEqual([]);
    const cabled = new Set(inventory.cables.map(({ opd }) => opd));
    expect(standing(inventory).filter(({ id }) => !cabled.has(id))).toEqual([]);
  });

  it("inventories the devices of every SOPD, and has new ones recommended: 16(10), 17", () => {
    const held = new Set(inventory.assets.map(({ opd }) => opd));
    expect(standing(inventory).filter(({ id }) => !held.has(id))).toEqual([]);
    const bought = inventory.assets.filter(({ kind }) => ["laptop", "desktop", "printer"].includes(kind));
    expect(bought.length).toBeGreaterThan(standing(inventory).length);
    expect(bought.filter(({ recommendation }) => recommendation === undefined)).toEqual([]);
  });

  it("has one application for one function in each SOPD, and plans web ones only: 13(6)(7)", () => {
    const functions = inventory.applications.map(({ owner, function: of }) => `${owner}: ${of}`);
    expect(repeated(functions)).toEqual([]);
    expect(inventory.applications.filter(({ status, web }) => status !== "retired" && !web)).toEqual([]);
  });

  it("has a plan of action and a procedure for every SOPD but districts and health centres: 6, 7", () => {
    const offices = standing(inventory).filter(({ kind }) => kind !== "kecamatan" && kind !== "puskesmas");
    for (const kind of ["action-plan", "procedure"]) {
      const has = new Set(inventory.documents.filter((one) => one.kind === kind).map(({ opd }) => opd));
      expect(offices.filter(({ id }) => !has.has(id)).map(({ id }) => id)).toEqual([]);
    }
  });

  it("calls Finance what elsewhere is Personnel", () => {
    const named = (region: string) => inventoryOf(region).opd.find(({ id }) => id === "bkd")?.name;
    expect([named("lamandau"), named("serdang-bedagai")]).toEqual([
      "Badan Keuangan Daerah",
      "Badan Kepegawaian Daerah",
    ]);
  });
});

describe("Langsa", () => {
  const inventory = inventoryOf("langsa");

  it("has Aceh's own bodies", () => {
    const ids = inventory.opd.map(({ id }) => id);
    const bodies = ["mpu", "maa", "mpd", "baitul-mal", "syariat-islam", "dayah", "satpol-pp-wh", "dpmg"];
    expect(ids).toEqual(expect.arrayContaining(bodies));
    for (const other of regionIds.filter((id) => id !== "langsa")) {
      expect(inventoryOf(other).opd.filter(({ id }) => bodies.includes(id))).toEqual([]);
    }
    expect(inventory.opd.find(({ id }) => id === "setwan")?.aliases).toContain("sekretariat-dprk");
  });

  it("coordinates what it is given by the centre or the province: 17(12)", () => {
    const given = inventory.assets.filter(({ origin }) => origin === "centre" || origin === "province");
    expect(new Set(given.map(({ origin }) => origin)).size).toBe(2);
    expect(given.filter(({ coordination }) => coordination === undefined)).toEqual([]);
  });

  it("loses nothing of its money", () => {
    const sync = inventory.databaseServers.filter(({ replication }) => replication.mode === "sync").map(({ id }) => id);
    expect(inventory.databases.filter(({ server }) => sync.includes(server)).map(({ id }) => id)).toEqual([
      "zakat",
      "pajak",
    ]);
  });
});

describe("Serdang Bedagai", () => {
  const inventory = inventoryOf("serdang-bedagai");

  it("has no server at an OPD: 6(2)(3)", () => {
    expect(local(inventory)).toEqual([]);
    const servers = inventory.assets.filter(({ kind }) => kind === "server");
    expect(servers.filter(({ opd }) => opd !== "diskominfo").length).toBeGreaterThan(0);
    expect(servers.filter(({ site }) => site === undefined)).toEqual([]);
  });

  it("has databases of all eighteen groups: 11(3)", () => {
    const declared = new Set(inventory.databases.map(({ group }) => group));
    expect(databaseGroups.filter((group) => !declared.has(group))).toEqual(["lainnya"]);
  });

  it("keeps the archive of procurement, and a copy of everything on media that can be carried: 19(2)f, 22(3)", () => {
    expect(inventory.objectStore?.buckets.find(({ id }) => id === "arsip-lpse")?.lockDays).toBeGreaterThan(365);
    expect(inventory.backupPolicies.filter(({ offlineCopy }) => !offlineCopy)).toEqual([]);
    expect(inventory.documents.filter(({ id }) => id.startsWith("sop-lpse-"))).toHaveLength(6);
  });
});

describe.each(["lamandau", "langsa", "serdang-bedagai"])("%s", (id) => {
  it("keeps all data in the data centre (LM 11(5), LS 14(3), SB 11(4))", () => {
    expect(serversOfOpd(inventoryOf(id))).toEqual([]);
  });
});
