import { expect, test } from "vitest";
import { describeMariadb } from "./describe-mariadb.ts";
import type { MariadbObservation, PatroniObservation } from "./observation.ts";
import { readMariadb } from "./read-mariadb.ts";
import { siteState } from "./status.ts";

const answer = {
  region: "0b8f",
  system: "7c1",
  state: "running",
  role: "standby",
  healthy: true,
  line: "standby of dc, gtid 1-11-42, lag 0.4 s",
  rpo_seconds: 60,
  server_version: "11.8.9-MariaDB-0+deb13u1 from Debian-log",
  gtid_binlog_pos: "1-11-42",
  gtid_slave_pos: "1-11-42",
  replication: "flowing",
  replication_reason: "",
  lag_seconds: 0.4,
};
const standby: MariadbObservation = {
  probe: "mariadb",
  state: "running",
  role: "standby",
  healthy: true,
  line: answer.line,
  replicating: true,
  lagSeconds: 0.4,
  rpoSeconds: 60,
  version: "11.8.9",
  gtid: "1-11-42",
  systemIdentifier: "7c1",
};
const { lagSeconds: _, ...rest } = standby;
const primary: MariadbObservation = { ...rest, role: "primary", replicating: false };
const postgres: PatroniObservation = { probe: "patroni", state: "running", role: "primary", streaming: false };

test("the agent's answer of a standby, and of one that says little", () => {
  expect(readMariadb(JSON.stringify(answer))).toEqual(standby);
  expect(readMariadb('{"state":"waiting","role":"uninitialized","line":"wait"}')).toEqual({
    probe: "mariadb",
    state: "waiting",
    role: "uninitialized",
    healthy: false,
    line: "wait",
    replicating: false,
  });
  expect(readMariadb("[]")).toMatchObject({ state: "unknown", role: "unknown", healthy: false });
  expect(() => readMariadb("<html>")).toThrow(SyntaxError);
});

test("state of a site, from its servers of both engines together", () => {
  const of = (change: Partial<MariadbObservation>) => siteState([{ ...standby, ...change }]);
  expect(siteState([postgres, primary])).toBe("active");
  expect(siteState([{ ...postgres, role: "standby_leader", streaming: true }, standby])).toBe("standby");
  expect(siteState([postgres, standby])).toBe("unknown");
  expect(siteState([postgres, undefined])).toBe("unknown");
  expect(of({ replicating: false })).toBe("unknown");
  expect(of({ role: "closed" })).toBe("closed");
  expect(of({ state: "refused", role: "uninitialized" })).toBe("closed");
  expect(of({ state: "cloning", role: "uninitialized" })).toBe("rebuilding");
  expect(of({ state: "silent" })).toBe("unknown");
});

test("a pair that is well", () => {
  expect(describeMariadb(primary, standby)).toMatchObject({
    health: "ok",
    role: "primary",
    version: "11.8.9",
    detail: { id: "primary, gtid 1-11-42", en: "primary, gtid 1-11-42" },
  });
  expect(describeMariadb(standby, primary)).toMatchObject({
    health: "ok",
    lagSeconds: 0.4,
    detail: { id: "standby, gtid 1-11-42, tertinggal 0.4 s", en: "standby, gtid 1-11-42, 0.4 s behind" },
  });
});

test("two primaries, strangers, a standby that does not follow, one that is too old, and what the agent calls unwell are failing", () => {
  const said = (own: Partial<MariadbObservation>, twin: MariadbObservation | undefined = primary) => {
    const { health, detail } = describeMariadb({ ...standby, ...own }, twin);
    return `${health}: ${detail.en}`;
  };
  expect(said({ role: "primary" })).toBe("failing: BOTH sites take writes");
  expect(said({ systemIdentifier: "8" })).toBe("failing: no copy of the other site's (8, 7c1)");
  expect(said({ replicating: false, reason: "SQL error 1062" })).toBe(
    "failing: the standby does not follow the primary: SQL error 1062",
  );
  expect(said({ lagSeconds: 61 })).toBe("failing: the copy is 61 s old, more than the declared 60 s");
  expect(said({ lagSeconds: 60 })).toMatch(/^ok/);
  expect(said({ healthy: false, line: "disk full" }, undefined)).toBe("failing: disk full");
});
