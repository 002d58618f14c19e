/** Repositories that are not this room's, or not this server's. */
import { describe, expect, it } from "vitest";
import type { SiteSecrets } from "../../../custody/types.ts";
import { expectFailed, SERVER, TARGET, type Trial } from "./trial.ts";

/** The same secrets with another key of the server's first repository. */
function withOtherKey(secrets: SiteSecrets): SiteSecrets {
  const id = `${TARGET}/base`;
  const key = secrets.backupKeys[id];
  if (!key) throw new Error(`no key ${id}`);
  const passphrase = [...key.passphrase].reverse().join("");
  return { ...secrets, backupKeys: { ...secrets.backupKeys, [id]: { ...key, passphrase } } };
}

/** A room that was given another key than the one by which the repository was written. */
export function wrongKey(trial: Trial): void {
  const { stand } = trial;
  it("a wrong key: the drill says that the key does not fit, and where to find the right one, with which it passes", async () => {
    const full = await trial.good("dc");
    stand.deliverWith("dc", "drill", withOtherKey(stand.secrets("dc")));
    await trial.failsToRestore(
      "dc",
      full,
      new RegExp(full.copy.id),
      /does not open with the key that was delivered/,
      /bundle of secrets from its escrow/,
    );
    stand.deliverWith("dc", "drill", stand.secrets("dc"));
    await trial.restoresExactly("dc", full);
  }, 600_000);
}

/** Comes last: the server of before is gone after it. */
export function anotherCluster(trial: Trial): void {
  const { stand } = trial;
  describe("a server that was founded anew under the name of one with backups", () => {
    it("gets nothing into the repository of the one before, is told so, and that one's copies restore as ever", async () => {
      const full = await trial.good("dc");
      await trial.archived("dc");
      const before = trial.keys("dc");
      stand.halt("drc", SERVER);
      for (const workload of ["etcd", SERVER]) stand.startAnew("dc", workload);
      await stand.untilHealth("dc", SERVER, /permit/);
      stand.permit("dc", SERVER);
      await stand.untilHealth("dc", SERVER, /^primary/, 240);
      // It holds to what it copied, and does not follow the new one: it asks in vain, or has learnt already that the data are another's.
      stand.goOn("drc", SERVER);
      await stand.untilHealth("drc", SERVER, /^standby of dc, not streaming|\(dc is another database system\)/, 240);
      for (const action of ["full", "archive-check"] as const)
        expectFailed(await trial.work("dc", action, { class: "base" }), /system-id|do not match/, /another cluster/);
      stand.sql("dc", "postgres", "select pg_switch_wal()");
      await stand.untilSql("dc", "postgres", "select failed_count > 0 from pg_stat_archiver", "t");
      expect(trial.keys("dc")).toEqual(before);
      expect(stand.copies("dc").copies.map(({ id }) => id)).toContain(full.copy.id);
      await trial.restoresExactly("dc", full);
    }, 600_000);
  });
}
