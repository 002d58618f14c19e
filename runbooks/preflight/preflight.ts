/** Preflight: whether the other site could take over now, with every reason, and what that would lose. Pure: what was seen in, a score out. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { type Declared, otherSite, type Seen, type ServerSeen, serverSeen, siteSeen } from "../facts.ts";
import { sameAddresses } from "../steps/names.ts";

/** What else is known than the region's state. Null, or an item that is not there: nobody knows. */
export interface Surroundings {
  /** Newest drill that passed, by what was drilled: ISO 8601. */
  readonly drills: readonly { readonly target: string; readonly passedAt: string | null }[];
  /** How often each target is to be drilled, in seconds; null: no drills are declared. */
  readonly drillEverySeconds: number | null;
  readonly backups: readonly {
    readonly target: string;
    readonly newestAt: string | null;
    readonly rpoSeconds: number;
  }[];
  /** End of each certificate at the recovery site and at the active one: ISO 8601. */
  readonly certificates: readonly { readonly name: string; readonly expires: string }[];
  readonly copies: readonly { readonly id: string; readonly completeAt: string | null; readonly rpoSeconds: number }[];
  /** What the workloads of the site that takes over may use, and what there is. */
  readonly capacity: { readonly neededBytes: number; readonly availableBytes: number } | null;
}

export type Verdict = "good" | "warning" | "bad" | "unknown";

export interface PreflightItem {
  /** Stable. */
  readonly id: string;
  readonly title: Text;
  readonly verdict: Verdict;
  readonly reason: Text;
}

export interface PreflightLoss {
  /** Id of a server or of a copy. */
  readonly target: string;
  /** Acknowledged writes of so many seconds, at most; null: nobody can tell. */
  readonly seconds: number | null;
}

export interface Preflight {
  readonly region: string;
  readonly at: string;
  readonly epoch: number | null;
  /** Site that would take over. */
  readonly to: string;
  /** Whole percent of what was looked at that is good; a warning counts half, what is unknown not at all. */
  readonly score: number;
  /** `ready`: nothing is bad or unknown. `doubtful`: something is not as declared, and a takeover would go. `not-ready`: it would not, or nobody knows. */
  readonly state: "ready" | "doubtful" | "not-ready";
  readonly items: readonly PreflightItem[];
  /** What a takeover now would lose. */
  readonly loss: readonly PreflightLoss[];
}

export interface Looking {
  readonly declared: Declared;
  readonly seen: Seen;
  readonly to: string;
  readonly around: Surroundings;
}

/** One line of the table: looked at one by one, all that hold are told. `essential`: without it no takeover goes well. */
interface Check {
  readonly id: string;
  readonly title: Text;
  readonly essential: boolean;
  readonly look: (looking: Looking) => readonly (readonly [Verdict, Text])[];
}

const DAY = 86_400;
const EXPIRES_SOON_SECONDS = 14 * DAY;
/** Above so much of the memory the kernel has nothing left for files. */
const FULL = 0.9;

const CHECKS: readonly Check[] = [
  { id: "data", title: text("data di situs siaga", "data at the standby site"), essential: true, look: data },
  { id: "lag", title: text("jeda replikasi", "replication lag"), essential: false, look: lag },
  { id: "versions", title: text("versi mesin sama", "equal versions"), essential: false, look: versions },
  { id: "epoch", title: text("epoch dan saksi", "epoch and witness"), essential: false, look: epoch },
  { id: "names", title: text("server nama", "name servers"), essential: true, look: names },
  { id: "copies", title: text("salinan berkas", "copies of files"), essential: false, look: copies },
  { id: "backups", title: text("umur cadangan", "age of backups"), essential: false, look: backups },
  { id: "drills", title: text("latihan pemulihan", "restore drills"), essential: false, look: drills },
  { id: "certificates", title: text("sertifikat", "certificates"), essential: false, look: certificates },
  { id: "capacity", title: text("kapasitas", "capacity"), essential: false, look: capacity },
];

const ORDER: readonly Verdict[] = ["bad", "unknown", "warning", "good"];
const POINTS: Readonly<Record<Verdict, number>> = { good: 1, warning: 0.5, bad: 0, unknown: 0 };

export function preflightOf(looking: Looking): Preflight {
  const { declared, seen, to } = looking;
  const judged = CHECKS.map((check) => ({ check, item: judge(check, looking) }));
  const items = judged.map(({ item }) => item);
  const score = Math.floor((100 * items.reduce((sum, { verdict }) => sum + POINTS[verdict], 0)) / items.length);
  const never = judged.some(({ check, item }) => check.essential && ["bad", "unknown"].includes(item.verdict));
  const good = items.every(({ verdict }) => verdict === "good");
  return {
    ...{ region: declared.region, at: seen.at, epoch: seen.epoch.epoch, to, score, items },
    state: never ? "not-ready" : good ? "ready" : "doubtful",
    loss: losses(looking),
  };
}

/** The worst of what was found counts, and all that is as bad is told. */
function judge({ id, title, look }: Check, looking: Looking): PreflightItem {
  const found = look(looking);
  const verdict = ORDER.find((one) => found.some(([said]) => said === one)) ?? "unknown";
  const told = found.filter(([said]) => said === verdict || said === "bad").map(([, reason]) => reason);
  const shown = told.slice(0, 5);
  const more = told.length > shown.length ? `; … (${told.length})` : "";
  return {
    ...{ id, title, verdict },
    reason: text(
      shown.map((one) => one.id).join("; ") + more || "tidak ada keterangan",
      shown.map((one) => one.en).join("; ") + more || "nothing is known",
    ),
  };
}

function data({ declared, seen, to }: Looking) {
  return declared.servers.map(({ id }): readonly [Verdict, Text] => {
    const { role, following } = serverSeen(seen, to, id);
    if (role === "standby" && following) return ["good", text(`${id} mengikuti`, `${id} follows`)];
    if (role === "unknown") return ["unknown", text(`${id}: tidak diketahui`, `${id}: unknown`)];
    const said = role === "standby" ? text("siaga, tidak menerima", "standby, receives nothing") : text(role, role);
    return ["bad", text(`${id}: ${said.id}`, `${id}: ${said.en}`)];
  });
}

function lag(looking: Looking) {
  return looking.declared.servers.map((server): readonly [Verdict, Text] => {
    const seconds = lossOf(looking, server.id);
    const { id, rpoSeconds, mode } = server;
    const { role, waits } = serverSeen(looking.seen, otherSite(looking.declared, looking.to).id, id);
    if (mode === "sync" && role === "primary" && waits === false)
      return [
        "bad",
        text(
          `${id}: sync dilonggarkan, tulisan tidak menunggu situs lain`,
          `${id}: sync is relaxed, writes do not wait for the other site`,
        ),
      ];
    if (seconds === null) return ["unknown", text(`${id}: tidak diketahui`, `${id}: unknown`)];
    const said = text(`${id}: ${seconds} detik`, `${id}: ${seconds} seconds`);
    if (mode === "sync") return [seconds === 0 ? "good" : "bad", said];
    return [seconds <= rpoSeconds ? "good" : "bad", said];
  });
}

/** By major version a standby cannot differ; by minor one it may, for as long as an update takes. */
function versions({ declared, seen, to }: Looking) {
  const from = otherSite(declared, to).id;
  return declared.servers.map(({ id }): readonly [Verdict, Text] => {
    const [old, next] = [serverSeen(seen, from, id).version, serverSeen(seen, to, id).version];
    if (old === null || next === null) return ["unknown", text(`${id}: tidak diketahui`, `${id}: unknown`)];
    const said = text(`${id}: ${old}, ${next}`, `${id}: ${old}, ${next}`);
    if (old === next) return ["good", said];
    return [old.split(".")[0] === next.split(".")[0] ? "warning" : "bad", said];
  });
}

function epoch({ declared, seen }: Looking): readonly (readonly [Verdict, Text])[] {
  const { epoch: number, site, majority } = seen.epoch;
  if (number === null) return [["bad", text("epoch tidak diketahui", "the epoch is unknown")]];
  if (declared.leaseSeconds === null)
    return [
      [
        "warning",
        text(
          "tanpa saksi: situs yang terputus tidak menutup sendiri; failover perlu dua persetujuan",
          "no witness: a site that is cut off does not close by itself; a failover needs two approvals",
        ),
      ],
    ];
  if (!majority) return [["bad", text("penyimpan epoch tanpa mayoritas", "the epoch store has no majority")]];
  return [["good", text(`epoch ${number}, ${site}`, `epoch ${number}, ${site}`)]];
}

function names({ declared, seen }: Looking) {
  const told = declared.sites.map(({ id }) => ({ id, names: siteSeen(seen, id).names }));
  const active = told.find(({ id }) => siteSeen(seen, id).state === "active")?.names?.addresses;
  return told.map(({ id, names: said }): readonly [Verdict, Text] => {
    if (said === null) return ["unknown", text(`${id} tidak menjawab`, `${id} does not answer`)];
    const differs = active !== undefined && !sameAddresses(said.addresses, active);
    const shown = `${said.addresses.join(" ")} (${said.serial})`;
    return [differs ? "bad" : "good", text(`${id}: ${shown}`, `${id}: ${shown}`)];
  });
}

function copies({ seen, around }: Looking) {
  if (around.copies.length === 0) return [["good", text("tidak ada yang dinyatakan", "none are declared")] as const];
  return around.copies.map(({ id, completeAt, rpoSeconds }): readonly [Verdict, Text] =>
    fresh(id, seen.at, completeAt, rpoSeconds),
  );
}

function backups({ seen, around }: Looking) {
  return around.backups.map(({ target, newestAt, rpoSeconds }) => fresh(target, seen.at, newestAt, rpoSeconds));
}

function drills({ seen, around: { drills: all, drillEverySeconds } }: Looking): readonly (readonly [Verdict, Text])[] {
  if (drillEverySeconds === null) return [["warning", text("tidak dinyatakan", "not declared")]];
  return all.map(({ target, passedAt }): readonly [Verdict, Text] => {
    if (passedAt === null) return ["bad", text(`${target}: belum pernah lulus`, `${target}: never passed`)];
    return fresh(target, seen.at, passedAt, 2 * drillEverySeconds);
  });
}

function fresh(target: string, now: string, at: string | null, within: number): readonly [Verdict, Text] {
  const age = ageOf(now, at);
  if (age === null) return ["unknown", text(`${target}: tidak diketahui`, `${target}: unknown`)];
  const said = text(`${target}: ${duration(age).id}`, `${target}: ${duration(age).en}`);
  return [age <= within ? "good" : "bad", said];
}

function certificates({ seen, around }: Looking) {
  return around.certificates.map(({ name, expires }): readonly [Verdict, Text] => {
    const left = (Date.parse(expires) - Date.parse(seen.at)) / 1000;
    const said = text(`${name}: sampai ${expires}`, `${name}: until ${expires}`);
    return [left <= 0 ? "bad" : left < EXPIRES_SOON_SECONDS ? "warning" : "good", said];
  });
}

function capacity({ around }: Looking): readonly (readonly [Verdict, Text])[] {
  if (around.capacity === null) return [];
  const { neededBytes, availableBytes } = around.capacity;
  const share = Math.round((100 * neededBytes) / availableBytes);
  const said = text(`memori ${share} %`, `memory ${share} %`);
  return [[neededBytes > availableBytes ? "bad" : neededBytes > FULL * availableBytes ? "warning" : "good", said]];
}

function losses(looking: Looking): PreflightLoss[] {
  const { declared, seen, around } = looking;
  return [
    ...declared.servers.map(({ id }) => ({ target: id, seconds: lossOf(looking, id) })),
    ...around.copies.map(({ id, completeAt }) => ({ target: id, seconds: ageOf(seen.at, completeAt) })),
  ];
}

/** Of a primary whose commits wait for the standby, nothing that was acknowledged. */
function lossOf({ declared, seen, to }: Looking, server: string): number | null {
  const from = otherSite(declared, to).id;
  const [primary, standby]: readonly ServerSeen[] = [serverSeen(seen, from, server), serverSeen(seen, to, server)];
  const follows = standby?.role === "standby" && standby.following;
  if (primary?.role === "primary" && primary.waits === true && follows) return 0;
  return ageOf(seen.at, standby?.completeAt ?? null);
}

function ageOf(now: string, at: string | null): number | null {
  if (at === null) return null;
  return Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
}

function duration(seconds: number): Text {
  if (seconds < 120) return text(`${seconds} detik`, `${seconds} seconds`);
  if (seconds < 7200) return text(`${Math.round(seconds / 60)} menit`, `${Math.round(seconds / 60)} minutes`);
  if (seconds < 2 * DAY) return text(`${Math.round(seconds / 3600)} jam`, `${Math.round(seconds / 3600)} hours`);
  return text(`${Math.round(seconds / DAY)} hari`, `${Math.round(seconds / DAY)} days`);
}
