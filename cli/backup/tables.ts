/** Coverage, jobs, runs and drills as tables for people. Pure. */
import type { BackupCoverage, CoverageItem } from "../../model/derive/backup-coverage.ts";
import type { Model, Text } from "../../model/types.ts";
import type { DrillItem } from "../../services/ops/jobs/drills.ts";
import type { JobsView, RunView } from "../../services/ops/jobs/views.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { duration, localTime, percent, size } from "./figures.ts";
import type { NotBegun } from "./follow.ts";

type Zone = Model["region"]["timezone"];

const STATES: Readonly<
  Record<CoverageItem["state"], Text & { readonly colour: "green" | "red" | "yellow"; readonly mark: string }>
> = {
  ok: { id: "baik", en: "ok", colour: "green", mark: "●" },
  late: { id: "terlambat", en: "late", colour: "red", mark: "✗" },
  missing: { id: "tidak ada", en: "missing", colour: "red", mark: "✗" },
  unknown: { id: "tak diketahui", en: "unknown", colour: "yellow", mark: "?" },
};

const RESULTS: Readonly<
  Record<RunView["state"], Text & { readonly colour: "green" | "red" | "yellow"; readonly mark: string }>
> = {
  running: { id: "berjalan", en: "running", colour: "yellow", mark: "…" },
  succeeded: { id: "berhasil", en: "succeeded", colour: "green", mark: "●" },
  failed: { id: "gagal", en: "failed", colour: "red", mark: "✗" },
  interrupted: { id: "terputus", en: "interrupted", colour: "yellow", mark: "?" },
};

const marked = (word: Text & { readonly colour: "green" | "red" | "yellow"; readonly mark: string }): string =>
  colour(word.colour, `${word.mark} ${say(word)}`);

/** One line: how much of what this region's sites run has a copy that counts, and how much others run. */
export function shareLine({
  share,
  covered,
  declared,
  elsewhere,
}: Pick<BackupCoverage, "share" | "covered" | "declared" | "elsewhere">): string {
  return say({
    id: `${percent(share)} tercakup: ${covered} dari ${declared} sasaran · ${elsewhere.length} dijalankan pihak lain, di luar hitungan`,
    en: `${percent(share)} covered: ${covered} of ${declared} targets · ${elsewhere.length} run by others, not counted`,
  });
}

export function coverageText(told: BackupCoverage): string {
  const columns = [
    { title: say({ id: "sasaran", en: "target" }) },
    { title: say({ id: "situs", en: "site" }) },
    { title: say({ id: "umur terbaru", en: "newest age" }), align: "right" },
    { title: "RPO", align: "right" },
    { title: say({ id: "keadaan", en: "state" }) },
    { title: say({ id: "sebab", en: "reason" }) },
  ] as const;
  const rows = told.items.map(({ target, site, newestAge, rpo, state, reason }) => [
    target,
    site,
    newestAge === null ? "–" : duration(newestAge),
    rpo === null ? "–" : duration(rpo),
    marked(STATES[state]),
    reason === null ? "" : say(reason),
  ]);
  const others = told.elsewhere.map(({ target, reason }) => [target, say(reason)]);
  const elsewhere = [
    { title: say({ id: "dijalankan pihak lain", en: "run by others" }) },
    { title: say({ id: "keterangan", en: "note" }) },
  ];
  return `${[table(columns, rows), ...(others.length > 0 ? [table(elsewhere, others)] : []), colour("bold", shareLine(told))].join("\n\n")}\n`;
}

export function jobsText(view: JobsView, zone: Zone): string {
  const columns = [
    { title: say({ id: "pekerjaan", en: "job" }) },
    { title: say({ id: "terakhir", en: "last" }) },
    { title: say({ id: "hasil", en: "result" }) },
    { title: say({ id: "berikutnya", en: "next" }) },
    { title: say({ id: "sebab", en: "reason" }) },
  ];
  const rows = view.jobs.map(({ id, last, next }) => [
    id,
    last?.endedAt ? localTime(last.endedAt, zone) : "–",
    last ? marked(RESULTS[last.state]) : "–",
    localTime(next, zone),
    last?.why ? say(last.why) : "",
  ]);
  const { waiting, refused, why } = view.evidence;
  return [
    colour("bold", say({ id: `situs ${view.site}`, en: `site ${view.site}` })),
    table(columns, rows),
    ...view.underWay.map((run) => underWayLine(run, zone)),
    ...(waiting > 0
      ? [
          say({
            id: `! ${waiting} pernyataan menunggu penanda tangan${why === null ? "" : `: ${why}`}`,
            en: `! ${waiting} statements wait for the signer${why === null ? "" : `: ${why}`}`,
          }),
        ]
      : []),
    ...(refused > 0
      ? [
          say({
            id: `! ${refused} pernyataan ditolak penanda tangan`,
            en: `! the signer refused ${refused} statements`,
          }),
        ]
      : []),
  ].join("\n");
}

function underWayLine({ id, job, target, startedAt, phase, doneBytes }: RunView, zone: Zone): string {
  const done = doneBytes === null ? "" : ` · ${size(doneBytes)}`;
  const doing = phase === null ? "" : ` · ${say(phase)}${done}`;
  const what = job === "drill" ? `drill ${target}` : job;
  return say({
    id: `… ${what} berjalan sejak ${localTime(startedAt, zone)} (${id})${doing}`,
    en: `… ${what} has been running since ${localTime(startedAt, zone)} (${id})${doing}`,
  });
}

export function runsText(runs: readonly RunView[], notBegun: readonly NotBegun[]): string {
  const columns = [
    { title: say({ id: "situs", en: "site" }) },
    { title: say({ id: "sasaran", en: "target" }) },
    { title: say({ id: "hasil", en: "result" }) },
    { title: say({ id: "pelaksanaan", en: "run" }) },
    { title: say({ id: "lama", en: "took" }), align: "right" },
    { title: say({ id: "sebab", en: "reason" }) },
  ] as const;
  const rows = [
    ...runs.map((run) => [
      run.site,
      run.target,
      marked(RESULTS[run.state]),
      run.id,
      run.endedAt === null ? "–" : duration(Math.max(0, (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000)),
      run.why === null ? "" : say(run.why),
    ]),
    ...notBegun.map(({ site, target, why }) => [site, target, notBegunMark(), "–", "–", say(why)]),
  ];
  return table(columns, rows);
}

const notBegunMark = (): string => colour("red", say({ id: "✗ tidak dimulai", en: "✗ not begun" }));

export function drillsText(items: readonly DrillItem[], notBegun: readonly NotBegun[], zone: Zone): string {
  const columns = [
    { title: say({ id: "latihan", en: "drill" }) },
    { title: say({ id: "situs", en: "site" }) },
    { title: say({ id: "sasaran", en: "target" }) },
    { title: say({ id: "mulai", en: "began" }) },
    { title: say({ id: "hasil", en: "result" }) },
    { title: say({ id: "pulih", en: "restored in" }), align: "right" },
    { title: say({ id: "dibandingkan", en: "compared" }), align: "right" },
    { title: say({ id: "berbeda", en: "differ" }), align: "right" },
    { title: say({ id: "bukti", en: "evidence" }) },
    { title: say({ id: "sebab", en: "reason" }) },
  ] as const;
  const rows = [
    ...items.map((item) => [
      item.id,
      item.site,
      item.target,
      localTime(item.startedAt, zone),
      item.passed
        ? colour("green", say({ id: "● pulih", en: "● restored" }))
        : colour("red", say({ id: "✗ tidak pulih", en: "✗ not restored" })),
      item.restoreSeconds === null ? "–" : duration(item.restoreSeconds),
      String(item.compared),
      String(item.differing),
      item.evidence ?? say({ id: "(menunggu)", en: "(waits)" }),
      item.why === null ? "" : say(item.why),
    ]),
    ...notBegun.map(({ site, target, why }) => ["–", site, target, "–", notBegunMark(), "–", "–", "–", "–", say(why)]),
  ];
  return table(columns, rows);
}
