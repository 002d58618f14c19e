/** An OPD is merged into another that exists, never into itself, and never round in a circle. */
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

const expected = text(
  "OPD lain yang masih berdiri sendiri di ujungnya",
  "another OPD, which in the end stands by itself",
);

export function* mergedIntoItself({ view }: Context): Generator<Finding> {
  for (const [index, { id, mergedInto }] of entries(view.opd)) {
    if (mergedInto?.opd !== id) continue;
    yield {
      path: ["opd", index, "mergedInto", "opd"],
      message: text(`"${id}" digabung ke dirinya sendiri`, `"${id}" is merged into itself`),
      expected,
    };
  }
}

export function* mergeCycles({ view }: Context): Generator<Finding> {
  const into = new Map([...entries(view.opd)].map(([, { id, mergedInto }]) => [id, mergedInto?.opd]));
  const ends = new Set<string>();
  for (const [index, { id, mergedInto }] of entries(view.opd)) {
    if (mergedInto === undefined || mergedInto.opd === id) continue;
    const trail = follow(id, into, ends);
    if (!trail.includes(into.get(trail.at(-1) ?? id) ?? "")) {
      for (const step of trail) ends.add(step);
      continue;
    }
    if (into.get(trail.at(-1) ?? id) !== id) continue;
    yield {
      path: ["opd", index, "mergedInto", "opd"],
      message: text(
        `penggabungan berputar: ${[...trail, id].join(" → ")}`,
        `the merger goes round: ${[...trail, id].join(" → ")}`,
      ),
      expected,
    };
  }
}

/** The OPD and those it went into, up to the end of the chain or before the first that comes again. */
function follow(start: string, into: ReadonlyMap<string, string | undefined>, ends: ReadonlySet<string>): string[] {
  const seen = new Set<string>();
  let at: string | undefined = start;
  while (at !== undefined && !seen.has(at) && !ends.has(at)) {
    seen.add(at);
    at = into.get(at);
  }
  return [...seen];
}
