/**
 * `npm start` with nothing to do, against a bare `pulumi preview --refresh` of the region's stacks one after the other (issue 3: at most 3
 * times). The shell's environment is made beforehand, as README shows, and is not in the floor.
 */
import { BACKBONE } from "../../stacks/stack-name.ts";
import { lumbungWell, type Ran, runProgram } from "../lab/support/lumbung.ts";
import { labModel, REGION } from "../lab/support/region.ts";
import type { Bench } from "./bench.ts";
import { figureOf } from "./figure.ts";
import { median } from "./statistics.ts";

const BOUND = 3;
const ROUNDS = 3;

type Environment = Readonly<Record<string, string>>;

export const startBench: Bench = {
  makes: ["start.nothing"],
  measure: async (note) => {
    const parts = [BACKBONE, ...(await labModel()).sites.map((site) => site.id)];
    const shells: (readonly [string, Environment])[] = [];
    for (const part of parts) shells.push([part, await shellOf(part)]);
    const [values, floors]: [number[], number[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      note(`round ${round} of ${ROUNDS}: pulumi preview --refresh`);
      floors.push(await seconds(() => previewAll(shells)));
      note(`round ${round} of ${ROUNDS}: npm start`);
      values.push(await seconds(start));
    }
    return [
      figureOf({
        name: "start.nothing",
        value: median(values),
        unit: "s",
        floor: median(floors),
        against: `pulumi preview --refresh of ${parts.length} stacks`,
        bound: BOUND,
        detail: { values, floors },
      }),
    ];
  },
};

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** The variables that `eval "$(lumbung env ...)"` leaves in a shell. */
async function shellOf(part: string): Promise<Environment> {
  const { stdout: lines } = await lumbungWell(["env", "--region", REGION, "--site", part]);
  const { stdout } = await well("bash", ["-c", 'eval "$1" && env -0', "bash", lines]);
  return environmentOf(stdout);
}

/** The variables in what `env -0` prints. */
export function environmentOf(printed: string): Record<string, string> {
  const lines = printed.split("\0").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

const PREVIEW = ["preview", "--refresh", "--expect-no-changes", "--non-interactive", "--color", "never"];

/** @throws where a stack has something to do: `npm start` would do it, and the ratio mean nothing. */
async function previewAll(shells: readonly (readonly [string, Environment])[]): Promise<void> {
  for (const [, env] of shells) await well("pulumi", PREVIEW, env);
}

async function start(): Promise<void> {
  await well("npm", ["start"], { LUMBUNG_LANG: "en" });
}

async function well(program: string, words: readonly string[], env: Environment = {}): Promise<Ran> {
  const ran = await runProgram(program, words, env);
  if (ran.code !== 0)
    throw new Error(`${program} ${words.join(" ")}: exit code ${ran.code}\n${ran.stderr}\n${ran.stdout}`);
  return ran;
}
