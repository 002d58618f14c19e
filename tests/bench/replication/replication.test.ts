import { expect, test } from "vitest";
import { replicationFigures } from "./figures.ts";
import { parseFloor, sampleCommand } from "./floor.ts";
import { commitSql, type Pace, prepareSql, watchSql } from "./sql.ts";

const PACE: Pace = { commits: 2, gapMs: 100, watchMs: 20, patienceSeconds: 60 };

test("a round commits one that is not measured, then each after its gap", () => {
  expect(commitSql(10, PACE).trim().split("\n")).toEqual([
    "\\o /dev/null",
    "select pg_sleep(1);",
    "insert into lumbung_bench.commits values (10);",
    "select pg_sleep(0.1);",
    "insert into lumbung_bench.commits values (11);",
    "select pg_sleep(0.1);",
    "insert into lumbung_bench.commits values (12);",
  ]);
  expect(watchSql(10, PACE)).toContain("watch(10, 12) where id > 10");
});

test("the standby rests between commits and looks without pause shortly before the next", () => {
  expect(prepareSql(PACE)).toContain("pg_sleep_until(committed_at + interval '80 milliseconds')");
});

test("the floor's program is told host, samples, file, port and patience as words", () => {
  expect(sampleCommand("postgres-utama.drc.lab.internal", 50).slice(3)).toEqual([
    "postgres-utama.drc.lab.internal",
    "50",
    "/var/lib/postgresql/lumbung-bench.tmp",
    "15432",
    "60",
  ]);
});

test("a floor without samples is an error", () => {
  expect(parseFloor('{"roundTrips":[1],"flushes":[2]}')).toEqual({ roundTrips: [1], flushes: [2] });
  expect(() => parseFloor('{"roundTrips":[1],"flushes":[]}')).toThrow("as many round trips as flushes");
});

test("median goes by median, the 99th percentile by the floor's 99th percentile", () => {
  const latencies = [...Array(99).fill(0.004), 0.1];
  const roundTrips = Array(100).fill(0.001);
  const flushes = [...Array(98).fill(0.001), 0.009, 0.009];
  const [median, p99] = replicationFigures({ latencies, roundTrips, flushes });
  expect(median).toMatchObject({ name: "replication.median", value: 0.004, floor: 0.002, ratio: 2 });
  expect(p99).toMatchObject({ name: "replication.p99", value: 0.004, floor: expect.closeTo(0.01, 9) });
});

test("what was visible before it was committed was measured with two clocks", () => {
  expect(() => replicationFigures({ latencies: [-0.1], roundTrips: [1], flushes: [1] })).toThrow("positive times");
});
