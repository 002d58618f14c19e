import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { containerName } from "../../components/runtime/docker/names.ts";
import { systemClock } from "../../io/clock.ts";
import { outOfReach, refused, wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { restoredFolder } from "../../services/backup/room/restored-folder.ts";
import type { DrillReport, RunOrder, RunState } from "../../services/backup/wire.ts";
import { askOpsOf } from "../backup/ask-ops.ts";
import { backupsOf } from "../backup/sites.ts";
import { modelOf } from "../context.ts";
import { NOT_KNOWN_WHY, overLive, refusalOver } from "../copies/over-live.ts";
import { chosen } from "../copies/restore-choice.ts";
import { type Restored, type RestoreEvidence, type RestorePlan, recorded } from "../copies/restore-record.ts";
import { roomsOf, type SiteRooms } from "../copies/room.ts";
import { unpack } from "../copies/unpack.ts";
import { copySite, engineOfTarget } from "../copies/verbs.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { statusNow } from "../status/now.ts";

const POLL_MS = 1000;
const BUSY_MS = 900_000;

/**
 * Brings back what was backed up: into a new folder; over live data only with `--over-live`, the region's name, and the site's gateway closed.
 * Its beginning and its end are signed at the site that restores; where that is not possible it goes on and says so.
 * Exit codes: 0 restored; 1 it did not restore, or is not as it was written down; 2 wrong use; 3 out of reach; 4 refused.
 */
export async function restore(options: Options): Promise<number> {
  const model = await modelOf(options);
  const backup = backupsOf(model);
  const site = copySite(options, model);
  const { target, to } = options;
  if (target === undefined || to === undefined)
    throw wrongUse(
      { id: "sasaran atau folder tujuan belum disebut", en: "target or folder was not given" },
      {
        id: "lumbung restore --target <sasaran> --to <folder baru>",
        en: "lumbung restore --target <target> --to <new folder>",
      },
    );
  const live = options["over-live"] === true ? await liveSite(options, model, target) : undefined;
  const { copy, imported } = await chosen(options, model, site, target);
  const order: RunOrder = {
    id: `restore-${systemClock.now().getTime()}`,
    target,
    action: "restore",
    engine: engineOfTarget(backup, target) as RunOrder["engine"],
    standby: false,
    copy,
    ...(options.until === undefined ? {} : { until: options.until }),
    ...(imported ? { imported } : {}),
  };
  const plan: RestorePlan = {
    ...{ id: order.id, target, startedAt: systemClock.now().toISOString(), to: resolve(to) },
    copy: { id: copy.id, at: copy.at, ...(copy.class === undefined ? {} : { class: copy.class }) },
    imported: imported?.prefix ?? null,
    until: options.until ?? null,
    overLive: live?.id ?? null,
  };
  const ask = askOpsOf(model.region.id, engineOf);
  const { ok, report, evidence } = await recorded(plan, { ask, site }, () =>
    carriedOut({ model, site, order, to, live }),
  );
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ target, to, report, evidence })}\n`
      : told(target, to, report, live) + evidenceLine(evidence),
  );
  return ok ? 0 : 1;
}

interface Carrying {
  readonly model: Model;
  readonly site: SiteModel;
  readonly order: RunOrder;
  readonly to: string;
  /** Whose data are replaced; undefined: nobody's. */
  readonly live: SiteModel | undefined;
}

/** @throws LumbungError (4) where nothing was restored. */
async function carriedOut({ model, site, order, to, live }: Carrying): Promise<Restored & { report: DrillReport }> {
  const { target } = order;
  const state = await step(
    say({ id: `memulihkan ${target} di ${site.id}`, en: `restoring ${target} at ${site.id}` }),
    ({ note }) => followed(model, site, order, note),
  );
  const report = state.report?.report === "drill" ? state.report : undefined;
  if (report === undefined) throw notRestored(state);
  await step(say({ id: `mengambil ke ${to}`, en: `fetching to ${to}` }), () => fetchTo(model, site, target, to));
  const refusal = live && refusalOver(state, report, to);
  if (refusal) throw refusal;
  if (live) await overLive({ model, site: live, target, folder: to });
  return { ok: state.state === "succeeded", why: report.why, report };
}

/** The site that is active now, if whoever asks named the region. @throws LumbungError (4) otherwise. */
async function liveSite(options: Options, model: Model, target: string): Promise<SiteModel> {
  const region = model.region.id;
  if (options.confirm !== region)
    throw refused(
      {
        id: `memulihkan ${target} di atas data yang hidup menghapus isinya sekarang, dan menutup gerbang situs aktif selama itu`,
        en: `restoring ${target} over live data deletes what is there now, and closes the active site's gateway meanwhile`,
      },
      { id: `bila itu maksudnya: --confirm ${region}`, en: `if that is what you mean: --confirm ${region}` },
    );
  const status = await statusNow(model);
  const active = model.sites.find(({ id }) => status.sites.some((one) => one.id === id && one.state === "active"));
  if (active) return active;
  throw outOfReach(
    { id: "tidak ada situs yang diketahui aktif", en: "no site is known to be active" },
    { id: "lihat `lumbung status`", en: "see `lumbung status`" },
  );
}

/** A drill that is under way is waited for. @throws LumbungError (4) where it takes longer than a quarter of an hour. */
async function begun(rooms: SiteRooms, order: RunOrder, note: (text: string) => void): Promise<RunState> {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    const state = await rooms.begin(order);
    if (typeof state !== "string") return state;
    if (performance.now() >= until)
      throw refused({ id: `ruang latihan sibuk: ${state}`, en: `the drill room is busy: ${state}` });
    note(state);
    await pause(POLL_MS);
  }
}

async function followed(
  model: Model,
  site: SiteModel,
  order: RunOrder,
  note: (text: string) => void,
): Promise<RunState> {
  const rooms = roomsOf(model.region.id, site, engineOf(site));
  let state = await begun(rooms, order, note);
  while (state.state === "running") {
    await pause(POLL_MS);
    state = await rooms.state(order.id);
    const { phase, doneBytes, totalBytes } = state;
    const share =
      doneBytes !== undefined && totalBytes ? ` ${Math.min(100, Math.round((100 * doneBytes) / totalBytes))} %` : "";
    if (phase) note(`${say(phase)}${share}`);
  }
  return state;
}

async function fetchTo(model: Model, site: SiteModel, target: string, to: string): Promise<void> {
  const container = containerName({ region: model.region.id, site: site.id }, "drill");
  await unpack(await engineOf(site).getArchive(container, restoredFolder(target)), to);
}

function notRestored({ why }: RunState) {
  const text = why ?? NOT_KNOWN_WHY;
  return refused({ id: `tidak pulih: ${text.id}`, en: `not restored: ${text.en}` });
}

function told(target: string, to: string, report: DrillReport, live: SiteModel | undefined): string {
  const failed = report.passed ? "" : `\n✗ ${say(report.why ?? { id: "isi tidak cocok", en: "content does not fit" })}`;
  const where = live ? say({ id: ` dan ke ${live.id}`, en: ` and to ${live.id}` }) : "";
  const text = {
    id: `${target}: keadaan ${report.restoredTo}, dari cadangan ${report.copy.id}, di ${to}${where}${failed}`,
    en: `${target}: state of ${report.restoredTo}, from backup ${report.copy.id}, in ${to}${where}${failed}`,
  };
  return `${say(text)}\n`;
}

function evidenceLine({ begun, ended }: RestoreEvidence): string {
  const names = [begun, ended].filter((name) => name !== null).join(", ");
  return names === "" ? "" : `${say({ id: "tercatat dan ditandatangani", en: "recorded and signed" })}: ${names}\n`;
}
