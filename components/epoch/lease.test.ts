import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const tests = fileURLToPath(new URL("../../images/shared/lease/test", import.meta.url));

describe("lease of a site (images/shared/lease)", () => {
  it("passes its own tests", { timeout: 600_000 }, () => {
    const run = spawnSync("python3", ["-m", "unittest", "discover", "-s", tests], {
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    expect(run.error, "python3 is needed (also to fetch wheels): npm run doctor").toBeUndefined();
    // The seed of the worlds, with which a failure comes back.
    process.stdout.write(run.stdout);
    expect(run.stderr).toMatch(/\nRan \d{2,} tests in [\d.]+s\n\nOK\n$/);
    expect(run.status).toBe(0);
  });
});
