/** `node pengaduan.mjs health`: asks the running server over TLS as its own host name, and prints its one line. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { parseConfig } from "./config.ts";

const WITHIN_MS = 1_800;

/** Prints one line; answers the exit code. Nothing but the server's own answer counts as healthy. */
export function askHealth(configFile: string): Promise<0 | 1> {
  return new Promise((resolve) => {
    const end = (code: 0 | 1, line: string) => {
      process.stdout.write(`${line.trim().split("\n")[0]}\n`);
      resolve(code);
    };
    try {
      const config = parseConfig(readFileSync(configFile, "utf8"));
      const asked = request(
        {
          host: "127.0.0.1",
          port: config.port,
          path: "/health",
          servername: config.tls.name,
          ca: readFileSync(config.tls.caFile),
          cert: readFileSync(config.tls.certFile),
          key: readFileSync(config.tls.keyFile),
          agent: false,
          signal: AbortSignal.timeout(WITHIN_MS),
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            body += part;
          });
          response.on("end", () => end(response.statusCode === 200 ? 0 : 1, body || `HTTP ${response.statusCode}`));
          response.on("error", (error) => end(1, `answer cut off: ${error.message}`));
        },
      );
      asked.on("error", (error) =>
        end(1, error.name === "AbortError" ? `no answer within ${WITHIN_MS} ms` : `not serving: ${error.message}`),
      );
      asked.end();
    } catch (error) {
      end(1, `configuration: ${(error as Error).message}`);
    }
  });
}
