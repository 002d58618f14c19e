/** Tables and bars that several chapters share. Pure. */
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Cell } from "../../../web/cells.ts";
import { type Status, statuses } from "../../assessment.ts";
import { AREAS, areaIds } from "../../schema/areas.ts";
import { SEVERITIES, type Severity } from "../../severity.ts";
import type { Bar, Block } from "../document.ts";
import { word } from "../document.ts";
import type { Sources } from "../sources.ts";
import { STATUSES, WORDS } from "../words.ts";

/** What is counted separately: by severity and by area, each with the first part of its figures' names. */
export const SEVERITY_ROWS: readonly (readonly [string, Text])[] = (Object.keys(SEVERITIES) as Severity[]).map(
  (one) => [`severity.${one}`, capital(SEVERITIES[one])],
);
export const AREA_ROWS: readonly (readonly [string, Text])[] = areaIds.map((one) => [`area.${one}`, AREAS[one].title]);

export function capital({ id, en }: Text): Text {
  const up = (said: string) => said.slice(0, 1).toUpperCase() + said.slice(1);
  return text(up(id), up(en));
}

/** With a capital and a full stop, as a text that somebody else wrote may lack them. */
export function sentence(said: Text): Text {
  const stopped = (one: string) => (/[.!?:]$/.test(one) ? one : `${one}.`);
  const { id, en } = capital(said);
  return text(stopped(id), stopped(en));
}

/** A row with one column for each status, its population, and the share that is satisfied or attested. */
export function tallyTable(
  caption: Text,
  first: Text,
  rows: readonly (readonly [string, Text])[],
  { figure }: Sources,
): Block {
  const row = ([prefix, label]: readonly [string, Text]): Cell[] => {
    const [whole, ...parts] = ["population", "satisfied", "attested"].map(
      (name) => figure(`${prefix}.${name}`).count ?? 0,
    );
    return [
      word(label),
      ...statuses.map((status) => figure(`${prefix}.${status}`)),
      figure(`${prefix}.population`),
      { kind: "share", part: parts.reduce((a, b) => a + b, 0), whole: whole ?? 0 },
    ];
  };
  return {
    kind: "table",
    caption,
    columns: [
      { title: first, width: 22 },
      ...statuses.map((status) => ({ title: STATUSES[status] })),
      { title: WORDS.together },
      { title: WORDS.share },
    ],
    rows: [...rows, ["status", WORDS.together] as const].map(row),
    empty: WORDS.none,
  };
}

/** From the worst to the best, so that what is bad stands at the same edge of every bar. */
const FROM_WORST: readonly Status[] = [...statuses].reverse();

export function tallyBars(title: Text, rows: readonly (readonly [string, Text])[], { figure }: Sources): Block {
  const bars: Bar[] = rows.map(([prefix, label]) => ({
    label,
    parts: FROM_WORST.map((status) => ({
      tone: STATUSES[status].tone,
      label: STATUSES[status],
      count: figure(`${prefix}.${status}`),
    })),
  }));
  return { kind: "bars", title, bars };
}
