import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const tests = fileURLToPath(new URL("../images/shared/copies/test", import.meta.url));

describe("the copier's door (images/shared/copies)", () => {
  it("passes its own tests", { timeout: 120_000 }, () => {
    const run = spawnSync("python3", ["-B", "-m", "unittest", "discover", "-s", tests], { encoding: "utf8" });
    expect(run.error, "python3 is needed (also to fetch wheels): npm run doctor").toBeUndefined();
    expect(run.stderr).toMatch(/\nRan [1-9]\d* tests in [\d.]+s\n\nOK\n$/);
    expect(run.status).toBe(0);
  });
});
