import { expect, test } from "vitest";
import { figuresOf, growthFigure } from "./benches.ts";
import { createdResources, type PreviewAnswer } from "./job.ts";
import { type PreviewTimes, partsOf, totalSeconds } from "./measure.ts";

const OUTPUT = `Previewing update (bench):
 +  pulumi:pulumi:Stack bench create
+ pulumi:pulumi:Stack: (create)
    [urn=urn:pulumi:bench::bench::pulumi:pulumi:Stack::bench]
    + docker:index/network:Network: (create)
        + docker:index/volume:Volume: (create)
        labels: "+ docker:index/volume:Volume"
        + docker:index/volume:Volume: (create)
    + lumbung:docker:Site: (create)
Resources: + 5 to create
`;

const answer = (loadSeconds: number, restSeconds: number): PreviewAnswer => ({
  startSeconds: 1,
  previewSeconds: loadSeconds + restSeconds,
  loadSeconds,
  processorSeconds: 2,
  resources: {},
});

const times = (ours: readonly number[], bare: readonly number[]): PreviewTimes => ({
  opds: 50,
  applications: 50,
  ours: ours.map((seconds) => answer(seconds, 2)),
  bare: bare.map((seconds) => answer(seconds, 2)),
});

test("docker resources are counted by type, components and the stack are not", () => {
  expect(createdResources(OUTPUT)).toEqual({ "docker:index/network:Network": 1, "docker:index/volume:Volume": 2 });
});

test("a preview's time is from the process's start, parts and all", () => {
  expect(totalSeconds(answer(0.5, 2))).toBe(3.5);
  expect(partsOf([answer(1, 2), answer(3, 5), answer(9, 4)])).toMatchObject({ loadSeconds: 3, previewSeconds: 8 });
});

test("the median of ours counts against the median of the bare one", () => {
  const [figure] = figuresOf({ lab: times([1, 0.6, 50], [0, 0, 50]) });
  expect(figure).toMatchObject({ name: "preview.lab", value: 4, floor: 3, bound: 1.3, ok: false });
});

test("growth is 1,000 OPD against 200", () => {
  const figure = growthFigure({ "200": times([1], [0]), "1000": times([9], [0]) });
  expect(figure).toMatchObject({ name: "preview.growth", value: 12, floor: 4, ratio: 3, bound: 6, ok: true });
  expect(() => growthFigure({ "200": times([1], [0]) })).toThrow("expected times of 200 and 1000 OPD");
});
