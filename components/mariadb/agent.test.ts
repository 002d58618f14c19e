import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const tests = fileURLToPath(new URL("../../images/mariadb/test", import.meta.url));

describe("agent beside MariaDB (images/mariadb)", () => {
  it("passes its own tests", () => {
    const run = spawnSync("python3", ["-m", "unittest", "discover", "-s", tests], {
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    expect(run.error, "python3 is needed (also to fetch wheels): npm run doctor").toBeUndefined();
    expect(run.stderr).toMatch(/\nRan \d{2,} tests in [\d.]+s\n\nOK\n$/);
    expect(run.status).toBe(0);
  });
});
