/**
 * @typedef {{ isTTY?: boolean, write: (text: string) => unknown }} Screen
 */

/** Nothing is shown for work quicker than this. */
const QUIET_MS = 2000;
/** Between two lines where there is no terminal. */
const LINE_MS = 15_000;
const TICK_MS = 500;

/**
 * Shows that work goes on: elapsed seconds in one line on a terminal, a plain line now and then elsewhere.
 * @template T
 * @param {Screen} screen
 * @param {string} label what is being done
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what the work returns
 */
export async function withProgress(screen, label, work) {
  const began = Date.now();
  let shown = "";
  let lastLine = 0;
  const timer = setInterval(() => {
    const elapsed = Date.now() - began;
    if (elapsed < QUIET_MS) return;
    const text = `${label} … ${seconds(elapsed)}`;
    if (screen.isTTY) {
      screen.write(`\r\u001b[2K${text}`);
      shown = text;
    } else if (lastLine === 0 || elapsed - lastLine >= LINE_MS) {
      screen.write(`${text}\n`);
      lastLine = elapsed;
      shown = text;
    }
  }, TICK_MS);
  timer.unref();
  try {
    const result = await work();
    if (shown) screen.write(`${screen.isTTY ? "\r\u001b[2K" : ""}${label}: ${seconds(Date.now() - began)} ✓\n`);
    return result;
  } catch (error) {
    if (shown && screen.isTTY) screen.write("\r\u001b[2K");
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {number} ms
 * @returns {string} for example `7 s` or `3 m 05 s`
 */
export function seconds(ms) {
  const whole = Math.floor(ms / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
}
