/** What a drill's report says, in words: for the terminal and for the page. Pure. */
import type { Model, Text } from "../../model/types.ts";
import type { Compared, DrilledPart } from "../../services/backup/wire.ts";
import type { DrillRecord } from "../../services/ops/jobs/drills.ts";
import { say } from "../output/language.ts";
import { duration, localTime, size } from "./figures.ts";

type Zone = Model["region"]["timezone"];

export const WORDS = {
  title: { id: "Laporan latihan pemulihan", en: "Report of a restore drill" },
  drill: { id: "latihan", en: "drill" },
  step: { id: "langkah", en: "step" },
  took: { id: "lama", en: "took" },
  compared: { id: "yang dibandingkan", en: "what was compared" },
  differing: { id: "yang berbeda", en: "what differs" },
  name: { id: "nama", en: "name" },
  rows: { id: "baris", en: "rows" },
  result: { id: "hasil", en: "result" },
  expected: { id: "diharapkan", en: "expected" },
  received: { id: "diterima", en: "received" },
  checks: { id: "pemeriksaan lain", en: "other checks" },
  left: { id: "yang tersisa setelah dibersihkan", en: "left after cleaning" },
  same: { id: "sama", en: "same" },
  differs: { id: "BERBEDA", en: "DIFFERS" },
  absent: { id: "(tidak ada)", en: "(absent)" },
  ok: { id: "baik", en: "ok" },
  notOk: { id: "TIDAK BAIK", en: "NOT OK" },
} as const satisfies Readonly<Record<string, Text>>;

const PROVEN: Readonly<Record<"exactly" | "sentinel" | "nothing", Text>> = {
  exactly: {
    id: "isinya persis seperti yang ditandatangani saat cadangan dibuat",
    en: "its content is exactly what was signed when the copy was made",
  },
  sentinel: {
    id: "baris penanda yang ditulis sesudah cadangan ada",
    en: "marker rows written after the copy are there",
  },
  nothing: { id: "tidak membuktikan isi apa pun", en: "it proves no content" },
};

const CHOICES: Readonly<Record<"newest" | "oldest" | "random", Text>> = {
  newest: { id: "yang terbaru", en: "the newest" },
  oldest: { id: "yang tertua", en: "the oldest" },
  random: { id: "satu secara acak", en: "one at random" },
};

export function verdictOf({ passed, report }: DrillRecord): Text {
  if (passed)
    return {
      id: `PULIH: ${PROVEN[report?.proven ?? "nothing"].id}`,
      en: `RESTORED: ${PROVEN[report?.proven ?? "nothing"].en}`,
    };
  return { id: "TIDAK PULIH", en: "NOT RESTORED" };
}

/** What is worth a line, in the order in which it is asked for. */
export function drillFacts(record: DrillRecord, zone: Zone): (readonly [Text, string])[] {
  const { report, evidence, why, until, choice } = record;
  const at = (iso: string): string => localTime(iso, zone);
  const facts: (readonly [Text, string | null | undefined])[] = [
    [{ id: "sasaran", en: "target" }, record.target],
    [{ id: "situs", en: "site" }, record.site],
    [{ id: "mulai", en: "began" }, at(record.startedAt)],
    [{ id: "selesai", en: "ended" }, at(record.endedAt)],
    [{ id: "cadangan", en: "copy" }, report && copyOf(report)],
    ...(report?.parts ?? []).slice(1).map(partFact),
    [{ id: "dipilih", en: "chosen" }, choice ? say(CHOICES[choice]) : undefined],
    [{ id: "jenis", en: "type" }, report && [report.copy.type, report.copy.class].filter(Boolean).join(", ")],
    [{ id: "keadaan data dalam cadangan", en: "state of the data in the copy" }, report && at(report.copy.at)],
    [{ id: "diminta sampai", en: "asked for up to" }, until && at(until)],
    [
      { id: "keadaan data yang dipulihkan", en: "state of the data restored" },
      report?.restoredTo ? at(report.restoredTo) : undefined,
    ],
    [{ id: "besarnya", en: "size" }, report && size(report.bytes)],
    [report?.parts ? UNTIL_PAGE : UNTIL_QUESTIONS, report && rtoOf(report)],
    [{ id: "halaman yang dibuka", en: "page that was asked for" }, report && pageOf(report)],
    [
      { id: "dibandingkan, berbeda", en: "compared, differing" },
      report && `${report.compared.length}, ${differing(report.compared).length}`,
    ],
    [{ id: "sebab", en: "reason" }, why && say(why)],
    [
      { id: "bukti", en: "evidence" },
      evidence?.id ??
        say({
          id: "belum ditandatangani: penanda tangan belum menerimanya",
          en: "not signed yet: the signer has not taken it",
        }),
    ],
    [{ id: "SHA-256 bukti", en: "SHA-256 of the evidence" }, evidence?.digest],
  ];
  return facts.flatMap(([label, value]) => (value === undefined || value === null ? [] : [[label, value] as const]));
}

const UNTIL_QUESTIONS: Text = { id: "sampai menjawab pertanyaan (RTO)", en: "until it took questions (RTO)" };
const UNTIL_PAGE: Text = { id: "sampai halamannya tampil (RTO)", en: "until its page was shown (RTO)" };

type Report = NonNullable<DrillRecord["report"]>;

/** A restore that somebody waits for does not stand still for others: what a drill stood is told besides, and counted in no time but its own. */
const rtoOf = ({ rtoSeconds, standingSeconds = 0 }: Report): string =>
  standingSeconds === 0 ? duration(rtoSeconds) : `${duration(rtoSeconds)} (${say(WITHOUT_STANDING)})`;

const WITHOUT_STANDING: Text = {
  id: "tanpa waktu latihan berhenti sejenak bagi yang lain",
  en: "without the time in which the drill stood still for others",
};

/** Of a whole application with whose it is. */
const copyOf = ({ copy, parts }: Report): string => (parts ? `${copy.target}: ${copy.id}` : copy.id);

/** What was restored beside the database, and how far apart in time the two are. */
function partFact({ target, copy, apartSeconds }: DrilledPart): readonly [Text, string] {
  const apart = duration(Math.abs(apartSeconds));
  const how =
    apartSeconds > 0
      ? { id: `${apart} sesudah basis datanya`, en: `${apart} after its database` }
      : { id: `${apart} sebelum basis datanya`, en: `${apart} before its database` };
  return [{ id: "berkasnya", en: "its files" }, `${target}: ${copy.id}, ${say(how)}`];
}

/** The page of a whole application and what was seen there; undefined where none was asked for. */
const pageOf = ({ checks }: Report): string | undefined => checks.find(({ name }) => name === "page")?.detail;

/** Seconds of each part; none where it did not come so far. */
export function drillTimes({ report }: DrillRecord): (readonly [Text, number])[] {
  if (report === null) return [];
  const { find, fetch, restore, replay, prove } = report.seconds;
  const { standingSeconds = 0 } = report;
  return [
    [{ id: "mencari cadangan", en: "to find the copy" }, find],
    [{ id: "mengambil", en: "to fetch it" }, fetch],
    [{ id: "memulihkan", en: "to restore it" }, restore],
    [{ id: "memutar ulang perubahan", en: "to replay changes" }, replay],
    [{ id: "membandingkan isinya", en: "to compare its content" }, prove],
    ...(standingSeconds === 0 ? [] : [[STANDING, standingSeconds] as const]),
  ];
}

const STANDING: Text = {
  id: "berhenti sejenak, karena yang lain memerlukan mesinnya",
  en: "standing still, as others needed the machine",
};

export const differing = (compared: readonly Compared[]): readonly Compared[] => compared.filter(({ same }) => !same);

/** What differs first, then the rest, at most so many. */
export function comparedRows(
  { report }: DrillRecord,
  most: number,
): { readonly shown: readonly Compared[]; readonly left: number } {
  const compared = report?.compared ?? [];
  const all = [...differing(compared), ...compared.filter(({ same }) => same)];
  return { shown: all.slice(0, most), left: Math.max(0, all.length - most) };
}
