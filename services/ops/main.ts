/**
 * `ops`: the site's own eyes, and the hands that take its backups. Bundled into one file and run in the image `node`.
 *   node ops.mjs                  serves until TERM; HUP reads /config/current again
 *   node ops.mjs health           one line; exit 0 or 1
 *   node ops.mjs status           the JSON of /status; exit 0, or 3 where the server does not answer
 *   node ops.mjs jobs             the JSON of /jobs; so coverage, drills, drill <id>
 *   node ops.mjs run              begins what standard input asks for, in JSON; exit 1 where that is not possible now, 2 where it is wrong
 *   node ops.mjs runbook          gives the order that standard input holds, in JSON (runbooks/views.ts); exit 1 where it is refused, 2 where it is wrong
 *   node ops.mjs runbooks [run]   the runs of runbooks there were, or one of them
 *   node ops.mjs restore          has what standard input tells of a restore signed; prints what became of it; exit 2 where it is wrong
 *   node ops.mjs finding          the same of the follow-up of a finding
 *   node ops.mjs probe            a round of probes now: the JSON of /probes once it ended; exit 0 where it is signed
 *   node ops.mjs check            has the assessment on standard input signed; exit 1 where nobody signs, 2 where it is wrong
 *   node ops.mjs bundle           the same of an auditor's bundle
 *   node ops.mjs access           the same of a certificate that an auditor was given
 *   node ops.mjs watch <id> [s]   a line of JSON a second of a run, until it ended or for so many seconds
 */
import { readOpsFiles } from "./files.ts";
import { type Mode, modeOf } from "./modes.ts";
import { probeMode } from "./probes/mode.ts";
import { toldMode } from "./told/mode.ts";

const FOLDER = process.env.LUMBUNG_CONFIG ?? "/config/current";

async function serve(): Promise<void> {
  // Loaded here, so that the other modes stay small.
  const { startOps } = await import("./service.ts");
  const { readWithTsig } = await import("./heads/files.ts");
  const { systemClock } = await import("../../io/clock.ts");
  const { createLogger } = await import("../../io/log.ts");
  const { redact } = await import("../../custody/redact.ts");
  const log = createLogger({ name: "ops", redact });
  const service = await startOps(await readWithTsig(FOLDER), {
    clock: systemClock,
    log,
    ...(process.env.LUMBUNG_DATA === undefined ? {} : { data: process.env.LUMBUNG_DATA }),
  });
  process.on("SIGHUP", () => void service.reload(() => readWithTsig(FOLDER)));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void service.close());
}

/** Says why in one line where the server does not answer; what was asked for decides the exit code. */
async function ask(mode: Mode): Promise<number> {
  try {
    return await mode.run(await readOpsFiles(FOLDER));
  } catch (error) {
    console.log(`ops does not answer: ${error instanceof Error ? error.message : String(error)}`);
    return mode.silent;
  }
}

const OTHERS: Readonly<Record<string, Mode>> = { probe: probeMode };
const words = process.argv.slice(2);
if (words.length === 0 || words[0] === "serve") await serve();
else {
  const mode = toldMode(words) ?? OTHERS[words.join()] ?? modeOf(words);
  if (typeof mode === "string") {
    console.error(`ops: expected ${mode}, received ${words.join(" ")}`);
    process.exitCode = 2;
  } else process.exitCode = await ask(mode);
}
