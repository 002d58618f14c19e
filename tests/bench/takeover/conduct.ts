/** A runbook from the operator's question to its end: the steps, the journal, the approval and the ports of `ops`, here in this process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { opsConfig } from "../../../components/ops/workload.ts";
import { tlsFiles } from "../../../components/tls-files.ts";
import { begin } from "../../../runbooks/engine/begin.ts";
import type { RunEvent } from "../../../runbooks/engine/events.ts";
import { holder, rosterOf, signedBy } from "../../../runbooks/engine/testing/signed.ts";
import type { Situation } from "../../../runbooks/facts.ts";
import { runbookNamed } from "../../../runbooks/index.ts";
import type { Ports } from "../../../runbooks/ports.ts";
import { planFor, programsFor, type RunbookName } from "../../../runbooks/runbook.ts";
import type { RunbooksConfig } from "../../../services/ops/config.ts";
import type { OpsFiles } from "../../../services/ops/files.ts";
import { guardsOf } from "../../../services/ops/runbooks/guards.ts";
import { observe } from "../../../services/ops/runbooks/observe.ts";
import { portsTo } from "../../../services/ops/runbooks/ports.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { required, type SiteId, type TakeoverStand } from "./stand.ts";
import type { Users } from "./users.ts";

const APPROVER = holder("kepala-diskominfo");
const clock = { now: () => new Date() };

export interface Conducted {
  /** From the question to the plan: every guard and engine is asked once, and a site that is lost does not answer. */
  readonly planSeconds: number;
  /** ISO 8601: when whoever read the plan approved it. */
  readonly decidedAt: string;
  readonly events: readonly RunEvent[];
}

/** Runs it at the site that is to be active. @throws where it does not succeed: the time of a failure would mean nothing. */
export async function conduct(
  stand: TakeoverStand,
  users: Users,
  { runbook: name, to }: { readonly runbook: RunbookName; readonly to: SiteId },
): Promise<Conducted> {
  const runbook = required(runbookNamed(name));
  const { config, ports } = region(stand, users, to);
  const { declared } = config;
  const asked = performance.now();
  const seen = await observe(declared, ports, async () => (await ports.guards.states()).values());
  const situation: Situation = { declared, seen, to };
  const plan = planFor(runbook, situation);
  const planSeconds = (performance.now() - asked) / 1000;
  const folder = await mkdtemp(join(tmpdir(), "lumbung-bench-runs-"));
  try {
    const decidedAt = clock.now().toISOString();
    const { ending, events } = await begin(
      { region: declared.region, folder, lock: join(folder, "lock"), clock, commit: null },
      {
        ...{ plan, epoch: plan.epoch, roster: rosterOf(APPROVER) },
        approvals: [signedBy(APPROVER, plan, { now: clock.now() })],
        programs: programsFor(runbook, situation, ports),
        wishes: { next: async () => undefined, refused: async () => {} },
      },
    );
    if (ending.result !== "succeeded") throw new Error(`bench: ${name} to ${to}: ${JSON.stringify(ending)}`);
    return { planSeconds, decidedAt, events };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What `ops` of a site is told, and its ports, but for what the stand does not have. */
function region(stand: TakeoverStand, users: Users, site: SiteId) {
  const { ca, cert, key } = certificates(stand, site);
  const said = opsConfig(stand.model, stand.site(site));
  const runbooks = required(said.runbooks);
  // Nobody keeps copies here.
  const config: RunbooksConfig = { ...runbooks, copiers: [], declared: { ...runbooks.declared, copies: [] } };
  const files: OpsFiles = { config: said, tls: { ca, cert, key, minVersion: "TLSv1.3" } };
  const own = portsTo({ files, config, clock, guards: guardsOf(config.guards, files.tls), lastWaits: new Map() });
  const ports: typeof own = {
    ...own,
    probe: probeOf(users, config.declared),
    // Nor does an `ops` run that could be asked what it sees; a lost site's would not answer either.
    sites: { ...own.sites, lacking: async () => [] },
  };
  return { config, ports };
}

/** As `ops` proves itself to the guards. */
function certificates(stand: TakeoverStand, site: SiteId) {
  const files = tlsFiles(stand.region.secretsOf(site), "ops");
  const content = (path: string) => String(required(files.find((file) => file.path === path)).content);
  return { ca: content("tls/ca.crt"), cert: content("tls/server.crt"), key: content("tls/server.key") };
}

/** `ops` reads the page and asks the guards; without a page, a client's row in every server, which is more. */
function probeOf(users: Users, { servers }: RunbooksConfig["declared"]): Ports["probe"] {
  return {
    write: async (site) => {
      const written = await Promise.all(
        servers.map(async ({ id, workload }) => {
          await users.writes(site as SiteId, workload as Engine);
          return [id, { at: clock.now().toISOString(), row: "lumbung_ledger", through: null }] as const;
        }),
      );
      return Object.fromEntries(written);
    },
  };
}
