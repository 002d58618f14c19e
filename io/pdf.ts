/** HTML made into PDF by WeasyPrint: in a container of ours without network, or by a program that the machine has. */
import { spawn } from "node:child_process";
import { outOfReach } from "./errors.ts";
import { ensureImages } from "./images.ts";

/** Names a WeasyPrint of the machine's own, for where no engine runs. */
export const WEASYPRINT = "LUMBUNG_WEASYPRINT";

/** The container ends with its document; nothing of it stays. @param image full name of the image `report`. */
export function containerWords(image: string): readonly [string, ...string[]] {
  return [
    ...(["docker", "run", "--rm", "--interactive", "--init", "--network", "none", "--read-only"] as const),
    ...[
      "--tmpfs",
      "/tmp:size=256m",
      "--cap-drop",
      "ALL",
      "--security-opt",
      "no-new-privileges",
      "--memory",
      "2g",
      "--pids-limit",
      "64",
    ],
    ...[image, "weasyprint", "--quiet", "-", "-"],
  ];
}

/** A program of the machine's own reads no address and no file either: pages hold all that they need. */
export function programWords(program: string): readonly [string, ...string[]] {
  return [program, "--quiet", "-", "-"];
}

/** Makes PDFs one after another. The image is built when the first one is asked for. */
export function pdfMaker(
  env: Readonly<Record<string, string | undefined>> = process.env,
): (html: string) => Promise<Buffer> {
  let words: Promise<readonly [string, ...string[]]> | undefined;
  return async (html) => {
    words ??= wordsOf(env[WEASYPRINT]);
    return pdfBy(await words, html);
  };
}

async function wordsOf(program: string | undefined): Promise<readonly [string, ...string[]]> {
  if (program !== undefined && program !== "") return programWords(program);
  const { report = "" } = await ensureImages(["report"]);
  return containerWords(report);
}

/** @throws LumbungError (3) where the command is not there, fails, or gives no PDF. */
export async function pdfBy([command, ...words]: readonly [string, ...string[]], html: string): Promise<Buffer> {
  const { code, out, said } = await new Promise<{ code: number | null; out: Buffer; said: string }>(
    (resolve, reject) => {
      const child = spawn(command, words, { stdio: ["pipe", "pipe", "pipe"] });
      const [out, said]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
      // Whoever ends before it has read everything says why on its own.
      child.stdin.on("error", () => {});
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({ code, out: Buffer.concat(out), said: Buffer.concat(said).toString("utf8") }),
      );
      child.stdin.end(html);
    },
  ).catch((cause: NodeJS.ErrnoException) => {
    throw noPdf(command, cause.message, cause);
  });
  if (code !== 0 || out.subarray(0, 5).toString("latin1") !== "%PDF-")
    throw noPdf(command, said.trim().split("\n").slice(-3).join("; ") || `exit code ${code}`);
  return out;
}

function noPdf(command: string, why: string, cause?: unknown) {
  return outOfReach(
    { id: `PDF tidak dapat dibuat dengan ${command}: ${why}`, en: `no PDF could be made with ${command}: ${why}` },
    {
      id: `hidupkan Docker, atau sebut WeasyPrint mesin ini: ${WEASYPRINT}=weasyprint`,
      en: `start Docker, or name a WeasyPrint of this machine: ${WEASYPRINT}=weasyprint`,
    },
    cause === undefined ? {} : { cause },
  );
}
