import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { newPassphrase } from "./bundle.ts";
import { systemEntropy } from "./entropy.ts";
import { fixtureModel } from "./fixture.ts";
import { REDACTED, redact, redactText } from "./redact.ts";
import { rootSecretsSchema, siteSecretsSchema } from "./schema.ts";
import { makeRegionSecrets } from "./secrets.ts";
import type { RootSecrets, SiteSecrets } from "./types.ts";

/** The only fields that may be shown. A field that is neither here nor redacted fails: whoever adds one decides. */
const PUBLIC = new Set(
  "version region site regionIdentity root certificate chain notAfter names name algorithm created since inUse dsPublished retired".split(
    " ",
  ),
);

let site: SiteSecrets;
let root: RootSecrets;
beforeAll(async () => {
  const { secrets } = await makeRegionSecrets(fixtureModel(), undefined, new Date());
  site = secrets.sites.dc as SiteSecrets;
  root = secrets.root as RootSecrets;
});

/** Paths of leaves that show although their field is not public. `[]` stands for an array's items. */
function exposed(value: unknown, field = "", path = ""): string[] {
  if (typeof value !== "object" || value === null) return PUBLIC.has(field) || value === REDACTED ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item) => exposed(item, field, `${path}[]`));
  return Object.entries(value).flatMap(([name, item]) => exposed(item, name, `${path}.${name}`));
}

/** A value for every field of a schema, also for those that no code fills yet. */
function sample(schema: z.core.JSONSchema.BaseSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.type === "array") return [sample(schema.items as z.core.JSONSchema.BaseSchema)];
  if (schema.type !== "object") return "isi";
  const named = Object.entries(schema.properties ?? {}).map(([name, field]) => [
    name,
    sample(field as z.core.JSONSchema.BaseSchema),
  ]);
  const keyed = typeof schema.additionalProperties === "object" ? [["any", sample(schema.additionalProperties)]] : [];
  return Object.fromEntries([...named, ...keyed]);
}

test("of every field that a bundle may hold, only the public ones show", () => {
  for (const schema of [siteSecretsSchema, rootSecretsSchema]) {
    expect(exposed(redact(sample(z.toJSONSchema(schema))))).toEqual([]);
  }
});

test("of real bundles nothing else shows, and no secret value is left anywhere", () => {
  for (const secrets of [site, root]) {
    const shown = redact(secrets);
    expect(exposed(shown)).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain("PRIVATE KEY");
  }
  const text = JSON.stringify(redact(site));
  for (const secret of [
    site.tsig.update.secret,
    ...Object.values(site.databaseRoles).flatMap((role) => [role.password, role.scramVerifier]),
  ]) {
    expect(text).not.toContain(secret);
  }
  expect(text).toContain("BEGIN CERTIFICATE");
});

test("a new field that is neither public nor redacted fails this walk", () => {
  const schema = siteSecretsSchema.extend({
    recoveryWords: z.string(),
    witness: z.strictObject({ shared: z.string() }),
  });
  expect(exposed(redact(sample(z.toJSONSchema(schema))))).toEqual([".recoveryWords", ".witness.shared"]);
});

test("names, values, files, errors and cycles", () => {
  const passphrase = newPassphrase(systemEntropy);
  const error = new Error(`cannot read ${site.operator.key}`, { cause: { passphrase } });
  const loop: Record<string, unknown> = { userPassword: "x", monkey: "shown", keys: { a: ["x", 1] }, note: passphrase };
  loop.self = loop;
  expect(redact(loop)).toEqual({
    userPassword: REDACTED,
    monkey: "shown",
    keys: { a: [REDACTED, REDACTED] },
    note: REDACTED,
    self: "[circular]",
  });
  expect(redact({ path: "databases.sql", content: "create role", secret: true })).toMatchObject({ content: REDACTED });
  expect(redact({ path: "ops.json", content: "{}", secret: false })).toMatchObject({ content: "{}" });
  expect(JSON.stringify(redact({ err: error }))).not.toMatch(/PRIVATE KEY|lumbung-/);
  expect(redactText(`word ${passphrase}, more`)).toBe(`word ${REDACTED}, more`);
});
