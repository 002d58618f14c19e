/**
 * Preview time of a data centre's stack over that of a program that registers as many bare resources of the same types (issue 3: at
 * most 1.3), and its growth from 200 to 1,000 OPD (at most 6 times). No state, a backend in a temporary folder, the Automation API.
 * In our time are the modules of ours, reading and checking the inventory, deriving the model, naming the images, opening the site's
 * secrets, rendering files and pages, and all that Pulumi does with them. Not in it: making the secrets, opening the stack.
 */
import type { Bench } from "../bench.ts";
import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";
import { measurePreviews, type PreviewTimes, partsOf, totalSeconds } from "./measure.ts";
import { labFiles, madeFiles } from "./region.ts";

const BOUND = 1.3;
const GROWTH_BOUND = 6;

export const previewBenches: readonly Bench[] = [
  {
    makes: ["preview.lab"],
    measure: async (note) => figuresOf(await measurePreviews({ lab: await labFiles() }, note)),
  },
  { makes: ["preview.50"], measure: async (note) => figuresOf(await measurePreviews({ "50": madeFiles(50) }, note)) },
  {
    makes: ["preview.200", "preview.1000", "preview.growth"],
    measure: async (note) => {
      const times = await measurePreviews({ "200": madeFiles(200), "1000": madeFiles(1000) }, note);
      return [...figuresOf(times), growthFigure(times)];
    },
  },
];

/** One figure per region. */
export function figuresOf(all: Readonly<Record<string, PreviewTimes>>): Figure[] {
  return Object.entries(all).map(([name, { ours, bare, ...detail }]) =>
    figureOf({
      name: `preview.${name}`,
      value: medianTotal(ours),
      unit: "s",
      floor: medianTotal(bare),
      against: "preview of as many bare resources",
      bound: BOUND,
      detail: { ...detail, resources: ours[0]?.resources, ours: partsOf(ours), bare: partsOf(bare) },
    }),
  );
}

/** How much longer five times as many OPD take. @throws where one of the two was not measured. */
export function growthFigure(all: Readonly<Record<string, PreviewTimes>>): Figure {
  const [small, large] = [all["200"], all["1000"]];
  if (!small || !large) throw new Error("preview.growth: expected times of 200 and 1000 OPD");
  return figureOf({
    name: "preview.growth",
    value: medianTotal(large.ours),
    unit: "s",
    floor: medianTotal(small.ours),
    against: "preview of 200 OPD",
    bound: GROWTH_BOUND,
  });
}

function medianTotal(answers: PreviewTimes["ours"]): number {
  return median(answers.map(totalSeconds));
}
