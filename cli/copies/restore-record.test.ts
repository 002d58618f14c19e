/** A restore's record through the command line's side: told to the site that restores, before and after, and never in the way. */
import { hostname, userInfo } from "node:os";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { outOfReach, refused } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { parseTold, type ToldRestore } from "../../services/ops/restores/told.ts";
import type { AskOps, OpsAnswer } from "../backup/ask-ops.ts";
import { chooseLanguage } from "../output/language.ts";
import { type Recording, type RestorePlan, recorded, whoAsks } from "./restore-record.ts";

const site = { id: "drc" } as SiteModel;
const plan: RestorePlan = {
  id: "restore-1764382000000",
  target: "files:ppid",
  copy: { id: "abc123", at: "2026-03-01T00:00:00Z" },
  imported: null,
  until: null,
  startedAt: "2026-03-02T00:00:00.000Z",
  to: "/srv/restored",
  overLive: "dc",
};
let told: ToldRestore[];
let said: string;
beforeEach(() => {
  told = [];
  said = "";
  chooseLanguage("en");
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  chooseLanguage("id");
});

/** An `ops` that takes what it is told and answers so. */
const opsThat =
  (answer: (told: ToldRestore) => OpsAnswer): AskOps =>
  async ({ id }, words, stdin) => {
    expect([id, words]).toEqual(["drc", ["restore"]]);
    const parsed = parseTold(stdin ?? "");
    if (!("stage" in parsed)) throw new Error(parsed.join("; "));
    told.push(parsed);
    return answer(parsed);
  };
const json = (value: unknown): OpsAnswer => ({ code: 0, text: JSON.stringify(value) });
const signing = opsThat(({ stage }) => json({ id: `drc-x/${stage}`, waits: false, why: null }));
const recording = (ask: AskOps): Recording => ({ ask, site, requestedBy: { name: "contoh", host: "meja" } });
const well = async () => ({ ok: true });

test("its beginning is signed before anything is done, its end after; both say who asked, what, and to where", async () => {
  const done = await recorded(plan, recording(signing), async () => {
    expect(told).toHaveLength(1);
    return { ok: true, figure: 7 };
  });
  expect(done).toEqual({ ok: true, figure: 7, evidence: { begun: "drc-x/begun", ended: "drc-x/ended" } });
  const common = { ...plan, requestedBy: { name: "contoh", host: "meja" }, why: null };
  expect(told).toEqual([
    { ...common, stage: "begun", result: null },
    { ...common, stage: "ended", result: "succeeded" },
  ]);
  expect(said).toBe("");
});

test("one that does not restore what was signed is told as failed, with why", async () => {
  const why = { id: "berbeda", en: "differs" };
  await recorded(plan, recording(signing), async () => ({ ok: false, why }));
  expect(told[1]).toMatchObject({ stage: "ended", result: "failed", why });
});

test.each([
  ["ours", refused({ id: "penuh", en: "full" }), { id: "penuh", en: "full" }],
  [
    "an engine's",
    new Error("pg_restore: exit code 1"),
    { id: "pg_restore: exit code 1", en: "pg_restore: exit code 1" },
  ],
] as const)(
  "one that breaks off with an error of %s is told as failed, and the error goes on",
  async (_, error, why) => {
    await expect(recorded(plan, recording(signing), () => Promise.reject(error))).rejects.toBe(error);
    expect(told[1]).toMatchObject({ stage: "ended", result: "failed", why });
  },
);

test("where ops is away the restore goes on, and says plainly, twice, that it is not recorded", async () => {
  const away: AskOps = () => Promise.reject(outOfReach({ id: "ops diam", en: "ops is silent" }));
  expect(await recorded(plan, recording(away), well)).toEqual({ ok: true, evidence: { begun: null, ended: null } });
  expect(said.match(/NOT recorded as evidence at drc: ops is silent; the restore goes on/g)).toHaveLength(2);
});

test("where ops does not take it, that is said", async () => {
  const refuses = opsThat(() => ({ code: 2, text: "copy.id: expected a text" }));
  await recorded(plan, recording(refuses), well);
  expect(said).toContain("NOT recorded as evidence at drc: copy.id: expected a text");
});

test("where the signer is away the record waits at ops, which is said", async () => {
  const waits = opsThat(() => json({ id: null, waits: true, why: "signer.drc: refuses connections" }));
  const { evidence } = await recorded(plan, recording(waits), well);
  expect(evidence).toEqual({ begun: null, ended: null });
  expect(said).toContain("not signed yet, and waits at ops of drc: signer.drc: refuses connections");
});

test("what the signer refuses for good is not said to wait", async () => {
  const refused = opsThat(() => json({ id: null, waits: false, why: "commit: expected a value, received null" }));
  await recorded(plan, recording(refused), well);
  expect(said).toContain("NOT recorded as evidence at drc: commit: expected a value");
  expect(said).not.toContain("waits at ops");
});

test("a bug in between is not taken for an absence", async () => {
  const broken: AskOps = () => Promise.reject(new TypeError("bug"));
  await expect(recorded(plan, recording(broken), well)).rejects.toThrow("bug");
});

test("who asks is as the operating system says", () => {
  expect(whoAsks()).toEqual({ name: userInfo().username, host: hostname() });
});
