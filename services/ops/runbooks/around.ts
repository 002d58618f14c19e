/** What preflight looks at besides the region's state: copies, drills and certificates, as this `ops` knows them. Pure. */
import type { CopySeen } from "../../../runbooks/ports.ts";
import type { Surroundings } from "../../../runbooks/preflight/preflight.ts";
import type { RunbooksConfig } from "../config.ts";
import type { JobsService } from "../jobs/service.ts";
import type { OpsStatus } from "../status.ts";

export interface AroundArgs {
  readonly config: RunbooksConfig;
  readonly site: string;
  readonly status: OpsStatus;
  /** At the site that would take over; of one that is not there nobody knows. */
  readonly copies: readonly CopySeen[];
  /** Undefined where this site takes no backups, or they do not run. */
  readonly jobs: Pick<JobsService, "coverage" | "drills"> | undefined;
  readonly backups: { readonly targets: readonly Target[]; readonly drillEverySeconds: number } | undefined;
}

interface Target {
  readonly id: string;
  readonly site: string;
  readonly rpoSeconds: number;
  readonly engine: string;
}

export function aroundOf({ config, site, status, copies, jobs, backups }: AroundArgs): Surroundings {
  const targets = backups?.targets.filter((one) => one.site === site && one.engine !== "foreign") ?? [];
  const facts = jobs?.coverage().facts ?? [];
  const drills = jobs?.drills().items ?? [];
  return {
    drills: targets.map(({ id }) => ({
      target: id,
      passedAt: newest(drills.filter((one) => one.target === id && one.passed).map((one) => one.startedAt)),
    })),
    drillEverySeconds: backups?.drillEverySeconds ?? null,
    backups: targets.map(({ id, rpoSeconds }) => ({
      ...{ target: id, rpoSeconds },
      newestAt: newest(
        facts.filter((one) => one.target === id).flatMap(({ newest: at }) => (at === undefined ? [] : [at])),
      ),
    })),
    certificates: certificatesOf(status),
    copies: config.declared.copies.map(({ id, rpoSeconds }) => ({
      ...{ id, rpoSeconds },
      completeAt: copies.find((one) => one.id === id)?.completeAt ?? null,
    })),
    capacity: config.capacity,
  };
}

const newest = (times: readonly string[]): string | null => [...times].sort().at(-1) ?? null;

function certificatesOf({ site, workloads, peer }: OpsStatus): Surroundings["certificates"] {
  const all = [{ site, workloads }, ...(peer ? [{ site: peer.site, workloads: peer.workloads }] : [])];
  return all.flatMap((one) =>
    one.workloads.flatMap(({ name, certificateExpires }) =>
      certificateExpires === undefined ? [] : [{ name: `${one.site}/${name}`, expires: certificateExpires }],
    ),
  );
}
