import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { siteMutants } from "../../compliance/site-mutation.ts";
import { all, lab } from "../../compliance/testing/lab.ts";
import { injectedInto } from "../../services/ops/probes/injected.ts";
import { type SiteBreak, siteBreak } from "./site-breaks.ts";

const { model } = lab();
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\n";
const edits = siteMutants(all).flatMap(({ edit }) => edit);

test("every mutant's edit is words for a container that the lab has, and shell that can be read", () => {
  const containers = model.sites.flatMap(({ id, workloads }) => workloads.map(({ name }) => `lab-${id}-${name}`));
  for (const edit of edits) {
    const one = siteBreak(edit, model, CERTIFICATE);
    expect(containers).toContain(one.container);
    if (one.kind === "stop") continue;
    for (const [shell, options, text = ""] of [one.words, one.mend])
      if (shell === "sh")
        expect([options, spawnSync("sh", ["-n", "-c", text]).stderr.toString()]).toEqual(["-euc", ""]);
  }
});

test("pages that are broken are pages of the web workload's hosts", () => {
  const hosts = model.hosts.filter(({ serves }) => serves.kind !== "application").map(({ host }) => host);
  for (const edit of edits) if ("file" in edit) expect(hosts).toContain(edit.host);
});

test("what cannot be done to a lab is refused, and a host of no zone of ours", () => {
  expect(() => siteBreak({ op: "cut", site: "drc" }, model, CERTIFICATE)).toThrow("received a cut");
  expect(() => siteBreak({ op: "mislead", site: "drc", host: "example.org" }, model, CERTIFICATE)).toThrow(
    "example.org",
  );
});

test("a certificate is never an argument", () => {
  const one = siteBreak({ op: "outdate-certificate", site: "drc" }, model, CERTIFICATE);
  expect(one).toMatchObject({ stdin: CERTIFICATE });
  expect(JSON.stringify("words" in one && [one.words, one.mend])).not.toContain("BEGIN");
});

describe("a page", () => {
  const HTML = "<!doctype html><html><body><p>Dinas</p></body></html>\n";
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "page-"));
    file = join(folder, "index.html");
    writeFileSync(file, HTML);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Done to the file here in place of the container's. */
  function here(op: "inject" | "remove-page"): { readonly act: () => void; readonly mend: () => void } {
    const one = siteBreak({ op, site: "dc", host: "dinkes.lumbungkab.go.id", file: "index.html" }, model, CERTIFICATE);
    if (one.kind !== "run") throw new Error(`${op}: expected words`);
    expect([one.container, one.words[4]]).toEqual([
      "lab-dc-web",
      "/run/sites/current/dinkes.lumbungkab.go.id/index.html",
    ]);
    const run = ([program = "", ...words]: Extract<SiteBreak, { kind: "run" }>["words"]) => {
      const { status, stderr } = spawnSync(program, words.with(3, file), { encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
    };
    return { act: () => run(one.words), mend: () => run(one.mend) };
  }

  test("with what others put there is found out by the probe, and put back", () => {
    const { act, mend } = here("inject");
    const found = (): readonly string[] =>
      injectedInto({ host: "dinkes.lumbungkab.go.id", html: readFileSync(file, "utf8") }, (host) =>
        host.endsWith(".go.id"),
      );
    act();
    expect(found()).toContain("hidden-link gacor.example.net");
    mend();
    mend();
    expect(readFileSync(file, "utf8")).toBe(HTML);
    expect(found()).toEqual([]);
  });

  test("that is gone is put back, once or twice", () => {
    const { act, mend } = here("remove-page");
    act();
    expect(() => readFileSync(file)).toThrow("ENOENT");
    mend();
    mend();
    expect(readFileSync(file, "utf8")).toBe(HTML);
  });
});
