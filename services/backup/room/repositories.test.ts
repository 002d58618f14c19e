import { expect, test } from "vitest";
import { importedConf } from "./repositories.ts";

const OWN = `[global]
repo1-type=s3
repo1-path=/pgbackrest/base
repo3-path=/pgbackrest/yearly

[utama]
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=own base
repo3-cipher-pass=own yearly
pg1-path=/scratch/data
`;

test("a copy from elsewhere has paths and keys of its own, and nothing else changes", () => {
  const passphrases = { "postgresql:utama/base": "other base", "postgresql:utama/yearly": "other yearly", restic: "r" };
  expect(importedConf(OWN, { prefix: "imported/lab-dc-2026/", passphrases })).toBe(`[global]
repo1-type=s3
repo1-path=/imported/lab-dc-2026/pgbackrest/base
repo3-path=/imported/lab-dc-2026/pgbackrest/yearly

[utama]
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=other base
repo3-cipher-pass=other yearly
pg1-path=/scratch/data
`);
});
