/**
 * `ops`: the site's own eyes, and the hands that take its backups. Bundled into one file and run in the image `node`.
 *   node ops.mjs                  serves until TERM; HUP reads /config/current again
 *   node ops.mjs health           one line; exit 0 or 1
 *   node ops.mjs status           the JSON of /status; exit 0, or 3 where the server does not answer
 *   node ops.mjs jobs             the JSON of /jobs; so coverage, drills, drill <id>
 *   node ops.mjs run              begins what standard input asks for, in JSON; exit 1 where that is not possible now, 2 where it is wrong
 *   node ops.mjs watch <id> [s]   a line of JSON a second of a run, until it ended or for so many seconds
 */
import { readOpsFiles } from "./files.ts";
import { type Mode, modeOf } from "./modes.ts";

const FOLDER = process.env.LUMBUNG_CONFIG ?? "/config/current";

async function serve(): Promise<void> {
  // Loaded here, so that the other modes stay small.
  const { startOps } = await import("./service.ts");
  const { systemClock } = await import("../../io/clock.ts");
  const { createLogger } = await import("../../io/log.ts");
  const { redact } = await import("../../custody/redact.ts");
  const log = createLogger({ name: "ops", redact });
  const service = await startOps(await readOpsFiles(FOLDER), {
    clock: systemClock,
    log,
    ...(process.env.LUMBUNG_DATA === undefined ? {} : { data: process.env.LUMBUNG_DATA }),
  });
  process.on("SIGHUP", () => void service.reload(() => readOpsFiles(FOLDER)));
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

const words = process.argv.slice(2);
if (words.length === 0 || words[0] === "serve") await serve();
else {
  const mode = modeOf(words);
  if (typeof mode === "string") {
    console.error(`ops: expected ${mode}, received ${words.join(" ")}`);
    process.exitCode = 2;
  } else process.exitCode = await ask(mode);
}
