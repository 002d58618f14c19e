/** Progress on stderr: a moving line on a terminal, plain lines elsewhere. */
import { colour } from "./table.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PLAIN_EVERY_MS = 15_000;

export interface Step {
  /** What is happening within the step; replaces what was said before. */
  note(text: string): void;
}

/** Runs one step of work under a title, showing that it goes on and how long it took. Errors are passed on. */
export async function step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  let note = "";
  const stop = process.stderr.isTTY ? moving(title, () => note, seconds) : plain(title, () => note, seconds);
  try {
    const result = await work({ note: (text) => (note = text) });
    stop();
    process.stderr.write(`${colour("green", "✓", process.stderr)} ${title} (${seconds()} s)\n`);
    return result;
  } catch (error) {
    stop();
    process.stderr.write(`${colour("red", "✗", process.stderr)} ${title} (${seconds()} s)\n`);
    throw error;
  }
}

function moving(title: string, note: () => string, seconds: () => number): () => void {
  let frame = 0;
  const draw = () => {
    const text = `${FRAMES[frame++ % FRAMES.length]} ${title} ${seconds()} s ${note()}`;
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 120) - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 120);
  return () => {
    clearInterval(timer);
    process.stderr.write("\r\u001b[2K");
  };
}

function plain(title: string, note: () => string, seconds: () => number): () => void {
  process.stderr.write(`· ${title}\n`);
  const timer = setInterval(() => process.stderr.write(`  ${title}: ${seconds()} s ${note()}\n`), PLAIN_EVERY_MS);
  return () => clearInterval(timer);
}
