import { expect, test } from "vitest";
import { rsyncWords } from "./files.ts";
import { fetchWords, headsIn } from "./repositories.ts";
import { recordsIn, transferWords } from "./zones.ts";

const at = { host: "app-ppid.dc.lab.internal", address: "10.91.0.70", port: 8873 };

test("uploads come over TLS whose name is checked, connected to by address", () => {
  const { words, env } = rsyncWords(at, "/staging/data");
  expect(words.slice(-2)).toEqual(["rsync://app-ppid.dc.lab.internal/uploads/", "/staging/data/"]);
  expect(env.RSYNC_CONNECT_PROG).toContain("-verify_return_error -verify 3 -verify_hostname app-ppid.dc.lab.internal");
  expect(env.RSYNC_CONNECT_PROG).toContain("-connect 10.91.0.70:8873");
});

test("repositories: every ref as it is there, with the region's own root", () => {
  expect(fetchWords(at, "simpeg", "/r/simpeg.git")).toEqual(
    expect.arrayContaining(["--prune", "https://app-ppid.dc.lab.internal:8873/-/copy/simpeg", "+refs/*:refs/*"]),
  );
  expect(headsIn("region x dc\nsimpeg abc refs/heads/utama\n\n").get("simpeg")).toBe("refs/heads/utama");
  expect(headsIn("region x dc\n").size).toBe(0);
});

test("zones: the key is a file, and comments are no records", () => {
  const words = transferWords(at, "lumbungkab.go.id");
  expect(words).toEqual(expect.arrayContaining(["-k", "/config/current/transfer.key", "AXFR"]));
  expect(recordsIn(";; comment\na. 300 IN SOA b. c. 1 2 3 4 5\n\n")).toEqual(["a. 300 IN SOA b. c. 1 2 3 4 5"]);
});
