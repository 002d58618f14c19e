/**
 * `ops`: the site's own eyes. Bundled into one file and run in the image `node`.
 *   node ops.mjs           serves until TERM; HUP reads /config/current again
 *   node ops.mjs health    one line; exit 0 or 1
 *   node ops.mjs status    the JSON of /status; exit 0, or 3 where the server does not answer
 */
import { readOpsFiles } from "./files.ts";
import { query } from "./query.ts";

const FOLDER = process.env.LUMBUNG_CONFIG ?? "/config/current";

async function serve(): Promise<void> {
  // Loaded here, so that the other modes stay small.
  const { startOps } = await import("./service.ts");
  const { systemClock } = await import("../../io/clock.ts");
  const { createLogger } = await import("../../io/log.ts");
  const { redact } = await import("../../custody/redact.ts");
  const log = createLogger({ name: "ops", redact });
  const service = await startOps(await readOpsFiles(FOLDER), { clock: systemClock, log });
  process.on("SIGHUP", () => void service.reload(() => readOpsFiles(FOLDER)));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void service.close());
}

async function health(): Promise<number> {
  const { status, text } = await query(await readOpsFiles(FOLDER), "/health");
  console.log(text);
  return status === 200 ? 0 : 1;
}

async function status(): Promise<number> {
  const answer = await query(await readOpsFiles(FOLDER), "/status");
  console.log(answer.text);
  return answer.status === 200 ? 0 : 3;
}

/** Says why in one line; what was asked for decides the exit code. */
function fail(exitCode: number): (error: unknown) => void {
  return (error) => {
    console.log(`ops does not answer: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCode;
  };
}

const done = (code: number): void => {
  process.exitCode = code;
};

const [mode = "serve"] = process.argv.slice(2);
if (mode === "serve") await serve();
else if (mode === "health") await health().then(done, fail(1));
else if (mode === "status") await status().then(done, fail(3));
else {
  console.error(`ops: expected health, status or nothing, received ${mode}`);
  process.exitCode = 2;
}
