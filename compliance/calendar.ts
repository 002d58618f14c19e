/** Which duty turns red on which day if nobody acts. Pure. */
import { text } from "../model/text.ts";
import type { CalendarEntry, DutyResult, Finding, Status } from "./assessment.ts";
import { type Facts, localDate } from "./facts.ts";
import type { JudgedWaiver } from "./waivers.ts";

/** By date, then by duty. @param deadlines of the regulations, that lie ahead */
export function calendarOf(
  facts: Facts,
  duties: readonly DutyResult[],
  waivers: readonly JudgedWaiver[],
  findings: readonly Finding[],
): CalendarEntry[] {
  const bound = duties.filter(({ binds }) => binds);
  const severity = new Map(bound.map((duty) => [duty.id, duty.severity ?? "practice"] as const));
  const entry = (duty: string, rest: Omit<CalendarEntry, "duty" | "severity">): CalendarEntry[] => {
    const weight = severity.get(duty);
    return weight === undefined ? [] : [{ duty, severity: weight, ...rest }];
  };
  const entries = [
    ...bound
      .flatMap((duty) => duty.ways.flatMap((way) => ofWay(facts, duty, way)))
      .flatMap(({ duty, ...rest }) => entry(duty, rest)),
    ...waivers
      .filter(
        ({ state, duty }) => state === "in-force" && bound.some(({ id, status }) => id === duty && status === "waived"),
      )
      .flatMap(({ id, duty, expires }) =>
        entry(duty, {
          date: dayAfter(expires),
          kind: "waiver",
          what: text(`pengecualian ${id} berakhir`, `waiver ${id} ends`),
          becomes: "not-satisfied",
        }),
      ),
    ...bound
      .filter(({ deadline, status }) => deadline !== null && !deadline.passed && status !== "satisfied")
      .flatMap(({ id, deadline }) =>
        entry(id, {
          date: dayAfter(deadline?.date ?? ""),
          kind: "deadline",
          what: text("tenggat peraturan lewat", "the regulation's deadline passes"),
          becomes: "not-satisfied",
        }),
      ),
    ...findings
      .filter(({ closedAt, duty }) => closedAt === null && duty !== null)
      .flatMap(({ id, duty, due }) =>
        entry(duty ?? "", {
          date: dayAfter(due),
          kind: "finding-due",
          what: text(`temuan ${id} melewati 60 hari`, `finding ${id} passes its 60 days`),
          becomes: bound.find((one) => one.id === duty)?.status ?? "unknown",
        }),
      ),
    ...decreesOf(facts, bound).flatMap(({ duty, ...rest }) => entry(duty, rest)),
  ];
  return entries.sort((a, b) => compare(a.date, b.date) || compare(a.duty, b.duty) || compare(a.kind, b.kind));
}

type Told = Omit<CalendarEntry, "severity">;

function ofWay(
  { model }: Facts,
  duty: DutyResult,
  { holdsUntil, way, by, practice }: DutyResult["ways"][number],
): Told[] {
  if (holdsUntil === null || practice) return [];
  const becomes: Status = way === "attested" ? "expired" : "unknown";
  // A document holds through its last day; evidence to the moment.
  const date =
    way === "attested" ? dayAfter(holdsUntil.slice(0, 10)) : localDate(new Date(holdsUntil), model.region.timezone);
  const what =
    way === "attested"
      ? text(`dokumen ${by} berakhir`, `document ${by} ends`)
      : text(`bukti ${by} menjadi terlalu tua`, `evidence of ${by} becomes too old`);
  return [{ duty: duty.id, date, kind: way === "attested" ? "document" : "evidence", what, becomes }];
}

/** The next decree to end, for each duty that asks for it: one line, not one for each of a thousand names. */
function decreesOf({ model, today }: Facts, bound: readonly DutyResult[]): Told[] {
  if (!bound.some(({ id }) => id === "dns.decree")) return [];
  const next = model.hosts
    .map(({ expires }) => expires)
    .filter((expires) => expires >= today)
    .sort()[0];
  if (next === undefined) return [];
  const names = model.hosts.filter(({ expires }) => expires === next).map(({ host }) => host);
  const list = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
  return [
    {
      duty: "dns.decree",
      date: dayAfter(next),
      kind: "decree",
      what: text(`keputusan ${list} berakhir`, `the decree of ${list} ends`),
      becomes: "not-satisfied",
    },
  ];
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
