import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const image = join(import.meta.dirname, "../../images/objects");
const python = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!python)("rights, buckets, order of copies, health: Python's own unit tests pass", () => {
  const run = spawnSync("python3", ["-B", "-m", "unittest", "discover", "-s", join(image, "test")], {
    encoding: "utf8",
  });
  expect(run.stderr).toMatch(/^Ran \d\d tests/m);
  expect(run.status, run.stderr).toBe(0);
});
