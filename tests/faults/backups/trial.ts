/** What every case needs: a stand that runs, work ordered at it, and what is asked of each result. */
import { expect } from "vitest";
import type { BackupReport, DrillReport, RunOrder, RunState } from "../../../services/backup/wire.ts";
import { BackupStand, BUCKET, type SiteId, sites } from "../../lab/support/backup-stand.ts";
import type { History } from "../ledger/history.ts";
import { judge } from "../ledger/judge.ts";
import { keysBelow } from "./objects.ts";

export const TARGET = "postgresql:utama";
export const DATABASE = "pengaduan";
export const SERVER = "postgres-utama";
/** pgBackRest in the repository host. */
export const STANZA = "utama";

/** A machine that also does other things may take long over anything. */
export const PATIENCE_SECONDS = 600;

export class Trial {
  readonly stand = new BackupStand("faults", 205);
  readonly #good = new Map<SiteId, BackupReport>();
  #count = 0;

  async raise(): Promise<void> {
    const { stand } = this;
    await stand.prepare();
    stand.keepUp();
    stand.role("dc", "active");
    stand.role("drc", "standby");
    for (const workload of ["objects", SERVER]) {
      await stand.untilHealth("dc", workload, /permit/);
      stand.permit("dc", workload);
    }
    await this.untilReplicating();
    for (const site of sites) await this.untilHost(site);
    for (const site of sites) await stand.untilHealth(site, "drill", /^drill room, epoch 1$/);
    stand.sql("dc", DATABASE, "create table a (id int primary key, body text);");
    this.fill(1, 20_000);
  }

  async untilReplicating(): Promise<void> {
    await this.stand.untilHealth("dc", SERVER, /^primary/, 240);
    await this.stand.untilHealth("drc", SERVER, /^standby of dc, streaming/, 240);
  }

  async untilHost(site: SiteId): Promise<void> {
    await this.stand.untilHealth(site, "backup", /^repository host, epoch 1, 1 stanzas$/, 240);
  }

  /** Rows of table `a` that do not compress to nothing. */
  fill(from: number, to: number): void {
    const rows = `select i, repeat(md5(i::text), 20) from generate_series(${from}, ${to}) i`;
    this.stand.sql("dc", DATABASE, `insert into a ${rows};`);
  }

  order(site: SiteId, action: RunOrder["action"], more: Partial<RunOrder> = {}): RunOrder {
    this.#count += 1;
    const standby = site === "drc";
    return { id: `run-${this.#count}`, target: TARGET, action, engine: "pgbackrest", standby, ...more };
  }

  /** Has a site do something, and waits for its end, whatever that is. */
  work(site: SiteId, action: RunOrder["action"], more: Partial<RunOrder> = {}): Promise<RunState> {
    return this.stand.work(site, placeOf(action), this.order(site, action, more), PATIENCE_SECONDS);
  }

  async backup(site: SiteId, action: RunOrder["action"] = "full"): Promise<BackupReport> {
    const report = proven(await this.work(site, action, { class: "base" }));
    this.#good.set(site, report);
    return report;
  }

  /** The newest backup of the site that is known to be good; one is made where there is none. */
  async good(site: SiteId): Promise<BackupReport> {
    return this.#good.get(site) ?? (await this.backup(site));
  }

  async archived(site: SiteId): Promise<void> {
    const state = await this.work(site, "archive-check");
    expect(state, state.why?.en).toMatchObject({ state: "succeeded" });
  }

  drill(site: SiteId, { copy, proof }: BackupReport): Promise<RunState> {
    return this.work(site, "drill", ordered({ report: "backup", copy, ...(proof ? { proof } : {}) }));
  }

  /** The copy restores to its checkpoint, every table as it was, and nothing is left. */
  async restoresExactly(site: SiteId, report: BackupReport): Promise<void> {
    const state = await this.drill(site, report);
    expect(state, state.why?.en).toMatchObject({ state: "succeeded", report: { proven: "exactly", left: [] } });
    expect((state.report as DrillReport).compared.map(({ name }) => name)).toContain(`${DATABASE}.public.a`);
    this.expectEmpty(site);
  }

  /** The drill failed as a drill, which is a report and becomes evidence; it says why, and nothing is left. */
  async failsToRestore(site: SiteId, report: BackupReport, ...says: readonly RegExp[]): Promise<void> {
    const state = await this.drill(site, report);
    expectFailed(state, ...says);
    expect(state.report).toMatchObject({ report: "drill", passed: false, left: [] });
    this.expectEmpty(site);
  }

  /** Restores a copy to the end of the log, and finds every row that was acknowledged; none that was never asked for. */
  async hasAllRows(site: SiteId, { copy }: BackupReport, table: string, history: History): Promise<void> {
    await this.archived(site);
    const state = await this.work(site, "restore", { copy });
    expect(state, state.why?.en).toMatchObject({ state: "succeeded", report: { left: [] } });
    this.expectEmpty(site);
    const dump = `/var/cache/lumbung/restored/${TARGET.replace(":", "-")}/${DATABASE}.dump`;
    const words = ["pg_restore", "--data-only", `--table=${table}`, "--file=-", dump];
    const { code, said } = this.stand.inside(site, "drill", words);
    if (code !== 0) throw new Error(said);
    const rows = [...said.matchAll(/^(\d+)\t(.*)$/gm)].map(([, id, value = ""]) => ({ id: Number(id), value }));
    const verdict = judge(history, rows);
    process.stderr.write(`${table}: ${verdict.acknowledged} acknowledged, ${rows.length} restored\n`);
    expect(verdict).toMatchObject({ missing: [], neverAsked: [], refusedButThere: [], changed: [], doubled: [] });
    expect(verdict.acknowledged).toBeGreaterThan(20);
  }

  /** Everything that the site's repositories have of the server. */
  keys(site: SiteId): string[] {
    return ["base", "monthly"].flatMap((name) =>
      (["archive", "backup"] as const).flatMap((kind) => keysBelow(this, site, kind, "", name)),
    );
  }

  /** Neither a file nor a process of a drill. */
  expectEmpty(site: SiteId): void {
    expect(this.stand.script(site, "drill", LEFT).said).toBe("");
  }

  /** Runs a script at a repository host, which may read and write all objects of its bucket: `s3` asks the store, `at KEY` is its address. */
  atStore(site: SiteId, script: string): string {
    const { code, said } = this.stand.script(site, "backup", `${S3}${script}`);
    if (code !== 0) throw new Error(said);
    return said;
  }
}

const LEFT = "ls -A /scratch; ps -eo comm= | grep -E '^(postgres|pgbackrest|pg_)' || true";
const S3 = `
set -e
. /usr/local/lib/lumbung/backup/backup.sh
s3() { curl --silent --show-error --fail --cacert $config/tls/ca.crt --config $run/curl "$@"; }
at() { echo "https://$(told .store.host):$(told .store.port)/${BUCKET}/$1"; }
`;

export const placeOf = (action: RunOrder["action"]): "backup" | "drill" =>
  action === "drill" || action === "restore" ? "drill" : "backup";

export const ordered = ({ copy, proof }: BackupReport): Partial<RunOrder> => ({ copy, ...(proof ? { proof } : {}) });

/** Of a backup that succeeded and was followed by a checkpoint. */
export function proven(state: RunState): BackupReport {
  expect(state, state.why?.en).toMatchObject({ state: "succeeded", report: { proof: { proof: "tables" } } });
  return state.report as BackupReport;
}

/** It failed, and says why in both languages; `says` is of the English one. */
export function expectFailed(state: RunState, ...says: readonly RegExp[]): void {
  expect(state, JSON.stringify(state)).toMatchObject({ state: "failed", endedAt: expect.any(String) });
  expect(state.why?.id).not.toBe("");
  process.stderr.write(`${state.action}: ${state.why?.en}\n`);
  for (const one of says) expect(state.why?.en).toMatch(one);
}
