import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Model } from "../model/types.ts";
import { readRoster } from "../runbooks/approvals/roster.ts";
import { ensureLabApprovers, knownApprovers, labApprovalKey, makeApprovalKey } from "./approvers.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "approvers-"));
});
afterEach(() => rm(home, { recursive: true }));

const model = (lab: boolean, publicKey?: string): Model =>
  ({
    region: {
      ...{ id: "lab", lab },
      approvers: [
        { role: "kepala", post: "Kepala", may: ["approve"], ...(publicKey === undefined ? {} : { publicKey }) },
      ],
    },
  }) as unknown as Model;

test("a lab's keys are made once, for their owner alone, and are on its roster", async () => {
  const env = { LUMBUNG_HOME: home };
  expect(await ensureLabApprovers(model(true), env)).toEqual(["kepala"]);
  expect(await ensureLabApprovers(model(true), env)).toEqual([]);
  const { mode } = await stat(labApprovalKey("lab", "kepala", env).key);
  expect(mode & 0o777).toBe(0o600);
  const { roster, faults } = readRoster(await knownApprovers(model(true), env));
  expect(faults).toEqual([]);
  expect([...roster.values()].map(({ role }) => role)).toEqual(["kepala"]);
});

test("anywhere else none is made, and what is declared counts", async () => {
  const env = { LUMBUNG_HOME: home };
  const { publicKey } = makeApprovalKey();
  expect(await ensureLabApprovers(model(false), env)).toEqual([]);
  expect(await knownApprovers(model(false), env)).toEqual([]);
  expect(await knownApprovers(model(false, publicKey), env)).toMatchObject([{ publicKey }]);
});
