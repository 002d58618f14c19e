import { expect, test } from "vitest";
import { Killer } from "../engine/testing/world.ts";
import { courseOf } from "../runbook.ts";
import { portsOf, Region, SERVERS } from "../testing/region.ts";
import { relaxSync } from "./sync.ts";

const NOTHING = { region: "lab", facts: {}, attempt: 1 };

test("sync is relaxed only at a site whose guards are open, and counts for every server there", async () => {
  const region = new Region({ sync: true });
  const program = (to: "dc" | "drc") =>
    relaxSync.program(
      courseOf("failover", { declared: region.declared(), seen: region.seen("drc"), to }),
      portsOf(region, "drc", new Killer()),
    );
  const standby = program("drc");
  expect(await standby.precondition(NOTHING)).toMatchObject({
    ...{ holds: false, why: { en: expect.stringContaining("the guards at drc are not open") } },
  });
  await expect(standby.action(NOTHING)).rejects.toThrow("409");
  const waits = (site: "dc" | "drc") => SERVERS.map((id) => region.server(site, id).waits);
  expect([waits("dc"), waits("drc")]).toEqual([
    [true, true],
    [true, true],
  ]);
  const active = program("dc");
  expect(await active.precondition(NOTHING)).toMatchObject({ holds: true });
  await active.action(NOTHING);
  expect(await active.check(NOTHING)).toMatchObject({ holds: true });
  expect([waits("dc"), waits("drc")]).toEqual([
    [false, false],
    [true, true],
  ]);
});
