/** What a long test counted, for `npm run test:full` to keep. */
import { appendFileSync } from "node:fs";

/** Appends to the file that `LUMBUNG_FIGURES` names, a line of JSON each (scripts/full/state.ts); elsewhere they are only printed. */
export function tellFigures(figures: Readonly<Record<string, string | number>>): void {
  const file = process.env.LUMBUNG_FIGURES;
  for (const [name, value] of Object.entries(figures)) {
    if (file === undefined) process.stderr.write(`${name}: ${value}\n`);
    else appendFileSync(file, `${JSON.stringify({ name, value })}\n`);
  }
}
