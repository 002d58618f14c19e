/** The figures as a person reads them. */
import { colour, table } from "../../cli/output/table.ts";
import type { Figure } from "./figure.ts";

/** One line per figure: what it took, what the floor took, how many times that is, and how many it may be (`≥`: must be). */
export function figuresTable(figures: readonly Figure[]): string {
  const right = (title: string) => ({ title, align: "right" as const });
  return table(
    [
      { title: "figure" },
      right("value"),
      right("floor"),
      right("ratio"),
      right("bound"),
      { title: "" },
      { title: "against" },
    ],
    figures.map(({ name, value, floor, unit, ratio, bound, least, ok, against }) => [
      name,
      quantity(value, unit),
      quantity(floor, unit),
      number(ratio),
      bound === null ? "–" : `${least ? "≥" : ""}${number(bound)}`,
      ok ? colour("green", "ok") : colour("red", least ? "under" : "over"),
      against,
    ]),
  );
}

/** `12.3 s`, `4.56 ms`, `1.2 GiB`, `80 MiB/s`: three digits that count. Another unit than seconds and bytes is shown as it is. */
export function quantity(value: number, unit: string): string {
  if (unit === "s") return value < 1 ? `${number(value * 1000)} ms` : `${number(value)} s`;
  if (unit === "bytes") return value < 2 ** 30 ? `${number(value / 2 ** 20)} MiB` : `${number(value / 2 ** 30)} GiB`;
  if (unit === "bytes/s") return `${quantity(value, "bytes")}/s`;
  return `${number(value)} ${unit}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
