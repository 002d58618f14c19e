/** A site's object store that is away for a while: backups fail, and not a byte of the log is lost. */
import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/support/eventually.ts";
import { expectFailed, SERVER, type Trial } from "./trial.ts";
import { Writer } from "./writer.ts";

/** `archive-health` speaks after five minutes without an archived segment. */
const SAYS_SECONDS = 480;

export function storeAway(trial: Trial): void {
  const { stand } = trial;

  describe("the store of a site away during a backup and while the log is archived", () => {
    it("the backup says so, health speaks of the log within minutes, and all of the log is there when the store is back", async () => {
      const writer = await Writer.start(stand, "rows_away");
      const full = await trial.good("dc");
      const order = trial.order("dc", "incremental", { class: "base" });
      stand.begin("dc", "backup", order);
      stand.halt("dc", "objects");
      expectFailed(await stand.ended("dc", "backup", order, 600), /the object store or the server does not answer/);
      stand.sql("dc", "postgres", "select pg_switch_wal()");
      await stand.untilHealth("dc", SERVER, /^primary.*; WAL is not archived since .*: [0-9A-F]{24}/, SAYS_SECONDS);
      // The other site has a stream of its own, which goes on.
      await trial.archived("drc");
      stand.goOn("dc", "objects");
      await stand.untilHealth("dc", "objects", /^(?!wait)/);
      await trial.untilHost("dc");
      await stand.untilHealth("dc", SERVER, /^primary, timeline \d+, [0-9A-F/]+$/, 300);
      const history = await writer.stop();
      await eventually("the archive takes the log again", 300, async () => {
        const { state } = await trial.work("dc", "archive-check");
        return state === "succeeded" ? true : undefined;
      });
      expect(stand.script("dc", SERVER, "cat /var/lib/postgresql/wal-dropped 2>/dev/null || true").said).toBe("");
      await trial.hasAllRows("dc", full, "rows_away", history);
      await trial.restoresExactly("dc", await trial.backup("dc", "incremental"));
    }, 1_500_000);
  });
}
