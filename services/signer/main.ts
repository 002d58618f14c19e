/**
 * `signer`: signs what `ops` of its site saw, apart from what runs jobs. Bundled into one file and run in the image `node`.
 *   node signer.mjs           serves until TERM; HUP reads /config/current again
 *   node signer.mjs health    one line; exit 0 or 1
 *   node signer.mjs records   every record that is there, one a line, read from the folder; exit 0
 */
import { evidenceFolder } from "../../io/evidence-folder.ts";
import { readSignerFiles } from "./files.ts";

const FOLDER = process.env.LUMBUNG_CONFIG ?? "/config/current";
const DATA = process.env.LUMBUNG_DATA ?? "/data";

async function serve(): Promise<void> {
  // Loaded here, so that the other modes stay small.
  const { startSigner } = await import("./service.ts");
  const { systemClock } = await import("../../io/clock.ts");
  const { createLogger } = await import("../../io/log.ts");
  const { redact } = await import("../../custody/redact.ts");
  const log = createLogger({ name: "signer", redact });
  const service = await startSigner(await readSignerFiles(FOLDER), { data: DATA, clock: systemClock, log });
  process.on("SIGHUP", () => void service.reload(() => readSignerFiles(FOLDER)));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void service.close());
}

async function health(): Promise<number> {
  const { ask } = await import("./ask.ts");
  const { config, tls } = await readSignerFiles(FOLDER);
  const at = { address: "127.0.0.1", port: config.port, name: config.name, tls, timeoutSeconds: 2 };
  const { status, text } = await ask(at, "GET", "/health");
  console.log(text);
  return status === 200 ? 0 : 1;
}

async function records(): Promise<number> {
  const { linesOf } = await import("./answer.ts");
  const { pipeline } = await import("node:stream/promises");
  const { Readable } = await import("node:stream");
  const { config } = await readSignerFiles(FOLDER);
  await pipeline(Readable.from(linesOf(evidenceFolder({ root: DATA, region: config.region }))), process.stdout);
  return 0;
}

const done = (code: number): void => {
  process.exitCode = code;
};

/** Says why in one line. */
function fail(error: unknown): void {
  console.log(`signer does not answer: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

const [mode = "serve"] = process.argv.slice(2);
if (mode === "serve") await serve();
else if (mode === "health") await health().then(done, fail);
else if (mode === "records") await records().then(done, fail);
else {
  console.error(`signer: expected health, records or nothing, received ${mode}`);
  process.exitCode = 2;
}
