/** For tests: a region's backups, small enough to count by hand. */
import type { BackupKind, BackupModel, BackupTarget } from "../../../../model/types.ts";

const target = (id: string, kind: BackupKind, policy: string, engine: BackupTarget["engine"]): BackupTarget[] =>
  ["dc", "drc"].map((site) => ({ id, kind, site, policy, engine, rpoSeconds: policy === "menerus" ? 300 : 86_400 }));

export const backup: BackupModel = {
  workload: "backup",
  bucket: "cadangan",
  lockDays: 14,
  drillEverySeconds: 3600,
  readDataSlices: 7,
  policies: [
    {
      id: "menerus",
      fullEverySeconds: 604_800,
      differentialEverySeconds: 86_400,
      incrementalEverySeconds: 21_600,
      continuous: true,
      startsAtSeconds: 5400,
      rpoSeconds: 300,
      retention: { daily: 14, weekly: 8, monthly: 12, yearly: 2 },
    },
    {
      id: "harian",
      fullEverySeconds: 86_400,
      continuous: false,
      startsAtSeconds: 7200,
      rpoSeconds: 86_400,
      retention: { daily: 14, weekly: 8, monthly: 0, yearly: 0 },
    },
  ],
  targets: [
    ...target("postgresql:utama", "postgresql", "menerus", "pgbackrest"),
    ...target("files:ppid", "files", "harian", "restic"),
    ...target("zones", "zones", "harian", "restic"),
    ...target("application:server/simrs", "application", "harian", "foreign"),
  ],
  without: [],
};
