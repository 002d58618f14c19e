/** Certificates that custody's own functions issue with a made clock: what `status` says before and after they end. */
import { expect, test, vi } from "vitest";
import { certificateFacts } from "../../custody/facts.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import type { Model } from "../../model/types.ts";
import { chooseLanguage } from "../output/language.ts";
import { allWell, assembleStatus, type Observations } from "./assemble.ts";
import { renderStatus } from "./render.ts";

const model: Model = fixtureModel();
const issued = new Date("2026-03-01T00:00:00Z");
const { secrets } = await makeRegionSecrets(model, undefined, issued);
const certificates = model.sites.flatMap(({ id }) => certificateFacts(secrets.sites[id] as SiteSecrets));
const DAY_MS = 86_400_000;

/** Everything runs and calls itself well, as long as it is only asked within its own machine. */
function seen(days: number, more: Partial<Observations> = {}): Observations {
  const all = model.sites.flatMap((site) => site.workloads.map(({ name }) => `${site.id}/${name}`));
  return {
    at: new Date(issued.getTime() + days * DAY_MS).toISOString(),
    toolchain: null,
    workloads: Object.fromEntries(all.map((one) => [one, { kind: "running", health: { ok: true, line: "well" } }])),
    ops: {
      dc: { state: "active", lagBytes: null, workloads: {} },
      drc: { state: "standby", lagBytes: 0, workloads: {} },
    },
    certificates,
    ...more,
  };
}
const gateway = (status: ReturnType<typeof assembleStatus>) =>
  status.sites[0]?.workloads.find(({ name }) => name === "gateway");

test("a fresh region has nothing to warn of", () => {
  const status = assembleStatus(model, seen(0));
  expect([allWell(status), status.warnings]).toEqual([true, []]);
  expect(gateway(status)).toMatchObject({ health: "ok", expiresInDays: 397 });
  expect(status.certificates.map(({ name, level }) => `${name} ${level}`)).toEqual([
    "root ok",
    "intermediate:dc ok",
    "public-certificate:dc ok",
    "operator:dc ok",
    "intermediate:drc ok",
    "public-certificate:drc ok",
    "operator:drc ok",
  ]);
});

test("within thirty days every leaf is warned of, with the command, and is still well", () => {
  const status = assembleStatus(model, seen(385));
  expect(allWell(status)).toBe(true);
  expect(gateway(status)).toMatchObject({ health: "ok", expiresInDays: 12 });
  expect(status.warnings).toContainEqual({
    id: "certificate:dc/gateway: berakhir 12 hari lagi: `lumbung secrets rotate certificate:dc/gateway`, lalu `lumbung up`",
    en: "certificate:dc/gateway: ends in 12 days: `lumbung secrets rotate certificate:dc/gateway`, then `lumbung up`",
  });
  for (const what of ["public-certificate:dc", "operator:drc", "certificate:drc/etcd"])
    expect(status.warnings.some(({ en }) => en.startsWith(`${what}: `))).toBe(true);
  chooseLanguage("id");
  const text = renderStatus(status);
  expect(text).toContain("berakhir 12 hari lagi");
  expect(text).toContain(`${status.warnings.length} peringatan`);
});

test("one that has ended makes the workload fail, though it calls itself well, and `ops` cannot even be asked", () => {
  const status = assembleStatus(model, seen(398, { ops: {} }));
  expect(allWell(status)).toBe(false);
  const found = gateway(status);
  expect(found?.health).toBe("failing");
  expect(found?.detail.en).toBe(
    "its certificate ended on 2027-04-02 (1 day ago): `lumbung secrets rotate certificate:dc/gateway`, then `lumbung up`",
  );
});

test("what `ops` saw counts more than the bundle: a new certificate that was not brought out yet repairs nothing", () => {
  const at = new Date(issued.getTime() + 10 * DAY_MS).toISOString();
  const view = {
    health: "failing",
    detail: { id: "x", en: "refused" },
    version: null,
    certificateExpires: at,
  } as const;
  const ops = { ...seen(0).ops, dc: { state: "active", lagBytes: null, workloads: { gateway: view } } as const };
  const found = gateway(assembleStatus(model, seen(11, { ops })));
  expect(found).toMatchObject({ health: "failing", expiresInDays: -1, certificateExpires: at });
});

test("an authority is warned of while it can still sign a leaf of full length, and is not well when it ended", () => {
  const soon = assembleStatus(model, seen(1826 - 300));
  expect(soon.certificates.find(({ name }) => name === "intermediate:dc")?.level).toBe("soon");
  const dates = certificates.map((fact) => (fact.what === "root" ? { ...fact, expires: issued.toISOString() } : fact));
  const ended = assembleStatus(model, seen(0, { certificates: dates }));
  expect(ended.certificates[0]).toMatchObject({ name: "root", level: "expired" });
  expect(ended.warnings.filter(({ en }) => en.startsWith("root: "))).toHaveLength(1);
  expect(allWell(ended)).toBe(false);
});

test("clocks: a few seconds are a warning, more than five minutes are not well", () => {
  const off = assembleStatus(model, seen(0, { clocks: { dc: 0, drc: 20 } }));
  expect([allWell(off), off.warnings.length, off.sites[1]?.clockOffsetSeconds]).toEqual([true, 1, 20]);
  expect(allWell(assembleStatus(model, seen(0, { clocks: { dc: 0, drc: 400 } })))).toBe(false);
});

test("a bundle that does not open is told of", () => {
  const why = { id: "frasa sandi salah", en: "wrong passphrase" };
  expect(assembleStatus(model, seen(0, { unopened: [why] })).warnings).toEqual([why]);
});

vi.stubEnv("NO_COLOR", "1");
