/**
 * The repository host and the drill room. Bundled into one file and run in the image `backup`.
 *   node backup.mjs               serves until TERM; HUP reads /config/current again
 *   node backup.mjs order         begins the order on standard input; prints its state as JSON
 *   node backup.mjs state <id>    prints the state of a run
 *   node backup.mjs copies        prints what copies there are
 * The last three ask the process that runs in the same container. Exit code: 0, or 1 with a line of why.
 */
import { text } from "node:stream/consumers";
import { paths } from "./config.ts";
import { readBackupFiles } from "./files.ts";
import type { RunOrder } from "./wire.ts";

async function tell(method: "GET" | "PUT", path: string, body?: string): Promise<void> {
  const { ask } = await import("../signer/ask.ts");
  const { config, tls } = await readBackupFiles(paths.config);
  const at = { address: "127.0.0.1", port: config.port, name: config.name, tls, timeoutSeconds: 60 };
  const { status, text: said } = await ask(at, method, path, body === undefined ? undefined : Buffer.from(body));
  console.log(said);
  process.exitCode = status < 300 ? 0 : 1;
}

async function order(): Promise<void> {
  const body = await text(process.stdin);
  const { id } = JSON.parse(body) as Pick<RunOrder, "id">;
  await tell("PUT", `/runs/${id}`, body);
}

const [mode = "serve", id = ""] = process.argv.slice(2);
try {
  if (mode === "serve") await import("./serve.ts");
  else if (mode === "order") await order();
  else if (mode === "state") await tell("GET", `/runs/${id}`);
  else if (mode === "copies") await tell("GET", "/copies");
  else {
    console.error(`backup: expected order, state <id>, copies or nothing, received ${mode}`);
    process.exitCode = 2;
  }
} catch (error) {
  if (mode === "serve") throw error;
  console.log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
