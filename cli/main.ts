import { parseArgs } from "node:util";
import { DockerUnreachableError } from "../io/docker-engine-transport.ts";
import { LumbungError, outOfReach, wrongUse } from "../io/errors.ts";
import { OPTIONS, type Options } from "./options.ts";
import { chooseLanguage, say } from "./output/language.ts";
import { usage, VERBS } from "./verbs.ts";

/** Runs one command; the exit code is what design.md section 6 says. Never throws. */
export async function main(words: readonly string[]): Promise<number> {
  outliveTerminal();
  try {
    return await run(words);
  } catch (error) {
    return report(explained(error));
  }
}

/**
 * Where nobody reads our output any more (a closed terminal, `| head`), the work goes on unheard: half an `up` helps nobody. Unhandled,
 * the broken pipe would also make Pulumi's own handler of uncaught errors write to it again, and again.
 */
function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(words);
  if (values.lang === "en" || values.lang === "id") chooseLanguage(values.lang);
  const [verb, ...rest] = positionals;
  if (values.help || verb === undefined || verb === "help") {
    process.stdout.write(usage());
    return values.help || verb === "help" ? 0 : 2;
  }
  const found = VERBS.find((candidate) => candidate.name === verb);
  if (!found) {
    throw wrongUse(
      { id: `perintah "${verb}" tidak dikenal`, en: `there is no verb "${verb}"` },
      {
        id: `yang ada: ${VERBS.map((v) => v.name).join(", ")}`,
        en: `there are: ${VERBS.map((v) => v.name).join(", ")}`,
      },
    );
  }
  const handler = await found.load();
  return handler({ ...values, words: rest });
}

function parse(words: readonly string[]): { values: Omit<Options, "words">; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    return { values, positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw wrongUse({ id: `salah pakai: ${message}`, en: `wrong use: ${message}` }, undefined, { cause: error });
  }
}

/** An engine that does not answer is no bug of ours. */
function explained(error: unknown): unknown {
  if (!(error instanceof DockerUnreachableError)) return error;
  return outOfReach(
    { id: error.message, en: error.message },
    {
      id: "hidupkan Docker (systemctl start docker), atau periksa DOCKER_HOST dan runtime.host di sites.yaml",
      en: "start Docker (systemctl start docker), or check DOCKER_HOST and runtime.host in sites.yaml",
    },
  );
}

/** Prints an error as its reader needs it, and gives its exit code. */
function report(error: unknown): number {
  if (error instanceof LumbungError) {
    process.stderr.write(`lumbung: ${say(error.text)}\n`);
    if (error.hint) process.stderr.write(`  → ${say(error.hint)}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `lumbung: ${say({ id: "galat dalam Lumbung sendiri; mohon laporkan", en: "an error in Lumbung itself; please report it" })}\n${text}\n`,
  );
  return 70;
}
