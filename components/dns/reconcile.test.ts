import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const image = join(import.meta.dirname, "../../images/dns");
const python = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!python)("the reconciler's plan: Python's own unit tests pass", () => {
  const run = spawnSync("python3", ["-B", "-m", "unittest", "discover", "-s", join(image, "test")], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(image, "usr/local/lib/lumbung/reconcile") },
  });
  expect(run.stderr).toMatch(/^Ran \d\d tests/m);
  expect(run.status, run.stderr).toBe(0);
});
