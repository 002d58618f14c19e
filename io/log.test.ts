import { expect, test } from "vitest";
import { redact } from "../custody/redact.ts";
import { createLogger } from "./log.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let text = "";
  write(createLogger({ name: "ops", redact, destination: { write: (line) => (text += line) } }));
  return JSON.parse(text) as Record<string, unknown>;
}

test("one JSON object a line: level by name, time in ISO 8601", () => {
  const line = logged((log) => log.info({ workload: "etcd" }, "asked"));
  expect(line).toMatchObject({ name: "ops", level: "info", workload: "etcd", msg: "asked" });
  expect(new Date(String(line.time)).toISOString()).toBe(line.time);
});

test("no secret passes: not as a field, not in a message, not in an error", () => {
  const pem = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";
  expect(logged((log) => log.info({ role: { password: "rahasia" } }, "made"))).toMatchObject({
    role: { password: "[redacted]" },
  });
  expect(JSON.stringify(logged((log) => log.warn(`read ${pem}`)))).not.toContain("MIGH");
  const line = logged((log) => log.error({ err: new Error(`bad key ${pem}`) }, "failed"));
  expect(JSON.stringify(line)).not.toContain("MIGH");
  expect(line).toMatchObject({ err: { type: "Error", message: "bad key [redacted]\n" } });
});
