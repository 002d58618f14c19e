import { describe, expect, it } from "vitest";
import { deriveModel, parseInventory } from "../index.ts";
import { byId, labFiles, loadAltered, problemsOf, valid } from "../testing/lab.ts";
import { rules } from "./index.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
type Alter = (lab: any) => void;

/** For each rule a change to the lab that breaks it, and the path at which it must be told. */
const breaking: Record<string, [path: string, alter: Alter]> = {
  "duplicate-id": ["opd[1].id", (lab) => (lab.opd[1].id = lab.opd[0].id)],
  "duplicate-number": ["applications[1].number", (lab) => (lab.applications[1].number = lab.applications[0].number)],
  "duplicate-host": ["subdomains[3].host", (lab) => (lab.subdomains[3].host = lab.subdomains[2].host)],
  "duplicate-zone": ["zones[1].name", (lab) => lab.zones.push(lab.zones[0])],
  "duplicate-name-server": ["sites[1].nameServer", (lab) => (lab.sites[1].nameServer = "ns1")],
  "duplicate-bucket": [
    "objectStore.buckets[1].id",
    (lab) => (lab.objectStore.buckets[1].id = lab.objectStore.buckets[0].id),
  ],
  "site-reserved": ["sites[1].id", (lab) => (lab.sites[1].id = "witness")],
  "duplicate-repository": [
    "codeRepository.repositories[1].id",
    (lab) => (lab.codeRepository.repositories[1].id = "pengaduan"),
  ],
  "duplicate-ssh-key": [
    "roles[1].sshKeys[0]",
    (lab) => {
      const key = `ssh-ed25519 ${"A".repeat(68)}`;
      lab.roles[0].sshKeys = [key];
      lab.roles[1].sshKeys = [key];
    },
  ],
  "duplicate-approval-key": [
    "roles[8].approvalKeys[0].publicKey",
    (lab) => {
      const publicKey = `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA${"A".repeat(43)}=\n-----END PUBLIC KEY-----\n`;
      for (const index of [0, 8]) lab.roles[index].approvalKeys = [{ publicKey, may: ["approve"] }];
    },
  ],
  "approval-key-missing": ["roles[0].approvalKeys[0].publicKey", (lab) => (lab.region.lab = false)],
  "ambiguous-alias": ["opd[0].aliases[0]", (lab) => (lab.opd[0].aliases = ["dinkes"])],
  undeclared: ["applications[3].database", (lab) => (lab.applications[3].database = "simpeg-db")],
  "merged-into-itself": [
    "opd[0].mergedInto.opd",
    (lab) => (lab.opd[0].mergedInto = { opd: lab.opd[0].id, on: "2026-01-01" }),
  ],
  "merge-cycle": [
    "opd[0].mergedInto.opd",
    (lab) => {
      lab.opd[0].mergedInto = { opd: lab.opd[1].id, on: "2026-01-01" };
      lab.opd[1].mergedInto = { opd: lab.opd[0].id, on: "2026-01-01" };
    },
  ],
  "pools-overlap": ["pools[1].subnet", (lab) => (lab.pools[1].subnet = "10.95.0.0/16")],
  "networks-overlap": ["sites[1].network.subnet", (lab) => (lab.sites[1].network.subnet = "10.91.0.0/24")],
  "network-outside-pool": ["sites[1].network.subnet", (lab) => (lab.sites[1].network.subnet = "10.60.0.0/24")],
  "pool-exhausted": ["opd[0].number", (lab) => (lab.opd[0].number = 256)],
  "pools-same-numbers": [
    "pools[4].firstNumber",
    (lab) =>
      lab.pools.push({ id: "opd-lain", family: "ipv4", purpose: "opd", subnet: "10.200.0.0/16", firstNumber: 200 }),
  ],
  "workload-outside-network": ["sites[0].network.subnet", (lab) => (lab.applications[0].number = 191)],
  "backbone-collision": ["sites[1].network.backboneOffset", (lab) => (lab.sites[1].network.backboneOffset = 20)],
  "witness-outside-backbone": ["witness.backboneOffset", (lab) => (lab.witness.backboneOffset = 100)],
  "duplicate-public-address": ["sites[1].publish.ipv4", (lab) => (lab.sites[1].publish.ipv4 = "127.0.10.1")],
  "guaranteed-above-maximum": ["opd[2].bandwidth.guaranteedMbps", (lab) => (lab.opd[2].bandwidth.guaranteedMbps = 51)],
  "guaranteed-above-uplink": ["sites[0].capacity.uplinkMbps", (lab) => (lab.sites[0].capacity.uplinkMbps = 100)],
  "host-outside-domain": ["subdomains[2].host", (lab) => (lab.subdomains[2].host = "pengaduan.contoh.go.id")],
  "host-reserved": ["subdomains[2].host", (lab) => (lab.subdomains[2].host = "gerbang.lumbungkab.go.id")],
  "mail-server-without-address": [
    "zones[0].mail.exchangers[0]",
    (lab) => {
      lab.zones[0].mail = { exchangers: [{ preference: 10, host: "mx.lumbungkab.go.id" }], spf: "v=spf1 mx -all" };
    },
  ],
  "host-target": ["subdomains[2]", (lab) => (lab.subdomains[2].portal = true)],
  "host-dangling": ["subdomains[2].application", (lab) => (lab.subdomains[2].application = "sipd")],
  "zone-missing": ["zones", (lab) => (lab.zones[0].name = "lain.lumbungkab.go.id")],
  "zone-outside-domain": ["zones[1].name", (lab) => lab.zones.push({ ...lab.zones[0], name: "contoh.go.id", txt: [] })],
  "certificate-outside-domain": [
    "certificates.public[0].names[0]",
    (lab) => (lab.certificates.public[0].names[0] = "contoh.go.id"),
  ],
  "designation-missing": ["sites", (lab) => lab.sites.pop()],
  "designation-twice": ["sites[1].designation", (lab) => (lab.sites[1].designation = "primary")],
  "capacity-exceeded": ["sites[0].capacity.memoryMiB", (lab) => (lab.sites[0].capacity.memoryMiB = 1055)],
  "run-missing": ["applications[0].run", (lab) => delete lab.applications[0].run],
  "run-elsewhere": ["applications[1].run", (lab) => (lab.applications[1].run = { image: "node" })],
  "database-server-not-running": [
    "applications[0].database",
    (lab) => {
      byId(lab.databaseServers, "php").status = "planned";
      lab.applications[0].database = "jdih";
    },
  ],
  "sync-without-second-site": [
    "databaseServers[0].replication.mode",
    (lab) => {
      lab.sites.pop();
      lab.databaseServers[0].replication = { mode: "sync", rpoSeconds: 0 };
    },
  ],
  "sync-with-loss": [
    "databaseServers[0].replication.rpoSeconds",
    (lab) => (lab.databaseServers[0].replication.mode = "sync"),
  ],
  "rpo-below-interval": ["backupPolicies[1].rpoSeconds", (lab) => (lab.backupPolicies[1].rpoSeconds = 43_199)],
  "incremental-interval": [
    "backupPolicies[0].incrementalEverySeconds",
    (lab) => (lab.backupPolicies[0].incrementalEverySeconds = 604_800),
  ],
  "differential-interval": [
    "backupPolicies[0].differentialEverySeconds",
    (lab) => (lab.backupPolicies[0].differentialEverySeconds = 604_800),
  ],
  "backup-bucket-missing": ["backup.bucket", (lab) => (lab.backup = { status: "running", bucket: "cadangam" })],
  "backup-bucket-unfit": ["backup.bucket", (lab) => (lab.backup = { status: "running", bucket: "bukti" })],
  "backup-without-store": [
    "backup.status",
    (lab) => {
      lab.objectStore.status = "planned";
      lab.objectStore.buckets[0].copied = false;
      lab.backup = { status: "running", bucket: "cadangan" };
    },
  ],
  "nothing-retained": [
    "backupPolicies[1].retention",
    (lab) => (lab.backupPolicies[1].retention = { daily: 0, weekly: 0, monthly: 0, yearly: 0 }),
  ],
  "auditor-period": ["auditors[0].until", (lab) => (lab.auditors[0].until = "2020-01-01")],
  "certificate-life": ["certificates.authority.leafDays", (lab) => (lab.certificates.authority.leafDays = 1095)],
};

describe("rules", () => {
  it("let the lab pass", () => expect(parseInventory(labFiles, { folder: "lab" }).ok).toBe(true));

  it("each have an example that breaks them", () => {
    const codes = rules.map(({ code }) => code).filter((code) => code !== "region-of-other-folder");
    expect(Object.keys(breaking).sort()).toEqual(codes.sort());
  });

  it.each(Object.entries(breaking))("%s is told at its path, in both languages", (code, [path, alter]) => {
    const found = problemsOf(alter).filter((problem) => problem.code === code);
    expect(found.map((problem) => problem.path)).toContain(path);
    for (const problem of found) {
      expect(problem.line).toBeGreaterThan(1);
      expect(problem.received).not.toBe("");
      for (const text of [problem.message, problem.expected, ...(problem.hint ? [problem.hint] : [])]) {
        expect(text.id).not.toBe("");
        expect(text.en).not.toBe("");
      }
    }
  });

  it("tell a region whose id is not its folder's name", () => {
    const result = parseInventory(labFiles, { folder: "empat-lawang" });
    expect(!result.ok && result.problems.map(({ code, path }) => [code, path])).toEqual([
      ["region-of-other-folder", "region.id"],
    ]);
  });

  it("follow a chain of mergers that ends, and tell each of a circle with a tail", () => {
    const chain: Alter = (lab) => {
      byId(lab.opd, "dinkes").mergedInto = { opd: "dinsos", on: "2026-01-01" };
      byId(lab.opd, "dinsos").mergedInto = { opd: "setda", on: "2026-02-01" };
    };
    expect(problemsOf(chain)).toEqual([]);
    const circle = problemsOf((lab) => {
      chain(lab);
      byId(lab.opd, "setda").mergedInto = { opd: "dinsos", on: "2026-03-01" };
    });
    expect(circle.map(({ code, path }) => [code, path])).toEqual([
      ["merge-cycle", "opd[0].mergedInto.opd"],
      ["merge-cycle", "opd[6].mergedInto.opd"],
    ]);
  });

  it("name the id where an alias was written", () => {
    const [problem] = problemsOf((lab) => (lab.roles[0].opd = "dinas-kominfo"));
    expect(problem?.hint?.en).toBe('did you mean "diskominfo"?');
  });

  it("take the lab's last backbone and site addresses, and no further", () => {
    expect(problemsOf((lab) => (lab.applications[0].number = 190))).toEqual([]);
    expect(problemsOf((lab) => (lab.sites[1].network.backboneOffset = 221))).toEqual([]);
    expect(problemsOf((lab) => (lab.sites[1].network.backboneOffset = 222)).map(({ code }) => code)).toEqual([
      "workload-outside-network",
    ]);
  });
});

describe("ranges", () => {
  it("find an overlap with a wide range that began before others", () => {
    const problems = problemsOf((lab) => {
      lab.pools[1].subnet = "10.96.0.0/11";
      lab.pools.push({ id: "sempit", family: "ipv4", purpose: "infrastructure", subnet: "10.97.0.0/16" });
      lab.pools.push({ id: "lain", family: "ipv4", purpose: "infrastructure", subnet: "10.99.0.0/16" });
    });
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ["pools-overlap", "pools[4].subnet"],
      ["pools-overlap", "pools[5].subnet"],
    ]);
  });
});

describe("warnings", () => {
  const warningsOf = (alter: Alter) =>
    deriveModel(valid(loadAltered(alter))).warnings.map(({ code, path }) => `${code} ${path}`);

  it("are none for the lab", () => expect(warningsOf(() => undefined)).toEqual([]));

  it("tell each hazard that two places share", () => {
    const shared = warningsOf((lab) => {
      lab.sites[1].hazards = { ...lab.sites[0].hazards };
      lab.witness.hazards.powerGrid = lab.sites[0].hazards.powerGrid;
    });
    expect(shared).toEqual([
      "shared-hazard sites[1].hazards.riverBasin",
      "shared-hazard sites[1].hazards.powerGrid",
      "shared-hazard sites[1].hazards.uplink",
      "shared-hazard sites[1].hazards.seismicZone",
      "shared-hazard witness.hazards.powerGrid",
      "shared-hazard witness.hazards.powerGrid",
    ]);
  });

  it("tell sites nearer than the policy, no policy, no witness, and names too deep for the wildcard", () => {
    expect(warningsOf((lab) => (lab.region.recoveryPolicy.minimumDistanceKm = 600))).toEqual([
      "too-near sites[1].place",
    ]);
    expect(warningsOf((lab) => delete lab.region.recoveryPolicy)).toEqual(["no-distance-policy region.recoveryPolicy"]);
    expect(warningsOf((lab) => delete lab.witness)).toEqual(["no-witness witness"]);
    expect(warningsOf((lab) => (lab.roles[0].approvalKeys = []))).toEqual(["few-approvers roles"]);
    expect(warningsOf((lab) => (lab.witness.status = "planned"))).toEqual(["no-witness witness"]);
    expect(warningsOf((lab) => (lab.subdomains[2].host = "a.b.lumbungkab.go.id"))).toEqual([
      "host-too-deep subdomains[2].host",
    ]);
  });
});
