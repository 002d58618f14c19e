/** What `preview --refresh --record` has signed, and by whom. */
import { expect, test } from "vitest";
import { LumbungError, outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { driftStatement } from "../../services/ops/checks/drift.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { recordDrift, type SiteDrift } from "./record-drift.ts";

const summary = { same: 40, create: 1, update: 2, replace: 3, delete: 4 };
const origin = { region: "lab", at: "2026-07-01T02:00:00.000Z", commit: "5f5b72f", inventory: "a".repeat(64) };
const found = ["dc", "drc"].map((id): SiteDrift => ({ site: { id } as SiteModel, summary }));

test("each site's own signer signs what was found at that site, in the shape that the assessment reads", async () => {
  const told: string[] = [];
  const ask: AskOps = async ({ id }, words, stdin = "") => {
    told.push(`${id} ${words.join(" ")}`, stdin);
    return { code: 0, text: `{"id":"${id}-x/7","digest":"d"}` };
  };
  expect(await recordDrift(found, origin, ask)).toEqual(["dc-x/7", "drc-x/7"]);
  expect([told[0], told[2]]).toEqual(["dc drift", "drc drift"]);
  expect(driftStatement(told[3] ?? "", "lab")).toMatchObject({
    ...{ kind: "probe", observedAt: origin.at, commit: "5f5b72f", inventory: origin.inventory },
    subject: [{ name: "drc/probes" }],
    observed: { region: "lab", site: "drc", items: { drift: { changed: 10, same: 40 } } },
  });
});

test("a site that does not take it is an error, and no other signs for it", async () => {
  const asked: string[] = [];
  const ask: AskOps = async ({ id }) => {
    asked.push(id);
    throw outOfReach({ id: "diam", en: "silent" });
  };
  const fault = await recordDrift(found, origin, ask).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(LumbungError);
  expect((fault as LumbungError).text.en).toBe("not kept as evidence: silent");
  expect(asked).toEqual(["dc"]);
});

test("all that is wrong with what was told is named", () => {
  const wrong = { ...origin, region: "lain", site: "", at: "x", inventory: "y", changed: -1 };
  expect(driftStatement(JSON.stringify(wrong), "lab")).toEqual([
    'region: expected lab, received "lain"',
    'site: expected the id of a site, received ""',
    'at: expected a time, received "x"',
    'inventory: expected a SHA-256 in hex, received "y"',
    "changed: expected a whole number, received -1",
    "same: expected a whole number, received nothing",
  ]);
});
