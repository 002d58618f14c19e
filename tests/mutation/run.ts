/**
 * `npm run test:mutation`: applies the breaking example of every duty with a designed or running check to the lab, and prints what
 * became of each. Exit code 1 where one survives or a duty turns red that should not.
 */
import { parse } from "yaml";
import { runMutants } from "../../compliance/mutation.ts";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import { healthyEvidence } from "../../compliance/testing/lab-evidence.ts";
import { labFiles } from "../../model/testing/lab.ts";

const now = new Date("2026-07-01T02:00:00Z");
const all = catalogue();
const run = runMutants({
  catalogue: all,
  values: Object.fromEntries(labFiles.map(({ name, text }) => [name, parse(text)])),
  evidenceOf: (region) => healthyEvidence({ ...region, catalogue: all, now }),
  now,
});

for (const { duty, kind, fate, reason, falseReds } of run.mutants) {
  const more = falseReds.length > 0 ? `  also red: ${falseReds.join(", ")}` : "";
  process.stdout.write(`${fate.padEnd(9)} ${duty.padEnd(24)} ${kind}${reason ? `  ${reason.en}` : ""}${more}\n`);
}
const ran = run.mutants.filter(({ fate }) => fate !== "not-run");
const killed = ran.filter(({ fate }) => fate === "killed" || fate === "refused");
const falseReds = run.redUnbroken.length + ran.reduce((sum, one) => sum + one.falseReds.length, 0);
for (const id of run.redUnbroken) {
  const duty = run.baseline.duties.find((one) => one.id === id);
  const why = duty?.ways.filter(({ state }) => state !== "met").flatMap(({ reasons }) => reasons.map(({ en }) => en));
  process.stdout.write(`red in the unbroken lab: ${id} (${duty?.status}): ${why?.join("; ")}\n`);
}
process.stdout.write(
  `${run.mutants.length - ran.length} not run: they need a site that runs, or a part that is not built yet\n`,
);
process.stdout.write(`${killed.length} of ${ran.length} mutants killed, ${falseReds} false reds\n`);
process.exitCode = killed.length === ran.length && falseReds === 0 ? 0 : 1;
