/** The drill room: too small, and asked for more than it does at a time. */
import { describe, expect, it } from "vitest";
import { expectFailed, ordered, PATIENCE_SECONDS, TARGET, type Trial } from "./trial.ts";

export function room(trial: Trial): void {
  const { stand } = trial;

  describe("the drill room", () => {
    it("too small for a copy, says before it begins how much is needed and how much is free", async () => {
      const full = await trial.good("dc");
      const name = stand.smallRoom("dc", 32);
      await stand.untilHealth("dc", name, /^drill room, epoch 1$/);
      const order = trial.order("dc", "drill", ordered(full));
      stand.begin("dc", name, order);
      const needed = Math.round((full.copy.bytes * 1.2) / 1024 / 1024);
      const says = new RegExp(`/scratch: ${needed} MiB are needed .*, 32 MiB are free: give the drill room more space`);
      expectFailed(await stand.ended("dc", name, order), says);
      expect(stand.script("dc", name, "ls -A /scratch").said).toBe("");
      stand.remove("dc", name);
    }, 600_000);

    it("refuses a second drill of a target with a line of what runs; another target's waits its turn; each result is its own", async () => {
      const [first, second] = [await trial.good("dc"), await trial.backup("dc", "incremental")];
      const going = trial.order("dc", "drill", ordered(second));
      stand.begin("dc", "drill", going);
      expect(() => stand.begin("dc", "drill", trial.order("dc", "drill", ordered(first)))).toThrow(
        new RegExp(`^${TARGET}: drill has been running since .* \\(${going.id}\\)$`),
      );
      // Of a target that is declared nowhere: had it not waited, it would have emptied the room under the first one.
      const other = trial.order("dc", "drill", { ...ordered(first), target: "postgresql:lain" });
      stand.begin("dc", "drill", other);
      expect(stand.state("dc", "drill", other.id)).toMatchObject({
        state: "running",
        phase: { en: `waiting for its turn: drill of ${TARGET} runs in the same place` },
      });
      const passed = await stand.ended("dc", "drill", going, PATIENCE_SECONDS);
      expect(passed, passed.why?.en).toMatchObject({
        state: "succeeded",
        report: { proven: "exactly", copy: { id: second.copy.id }, left: [] },
      });
      expectFailed(
        await stand.ended("dc", "drill", other, PATIENCE_SECONDS),
        /postgresql:lain: not declared at this site; run `lumbung up`/,
      );
      await trial.restoresExactly("dc", first);
    }, 600_000);
  });
}
