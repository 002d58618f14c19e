/** It shows 7 of backups: export to a folder, wipe the lab, import and restore on a fresh lab: databases, files and repositories are equal. */
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExportManifest, readManifest } from "../../cli/copies/manifest.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { BackupCoverage } from "../../model/derive/backup-coverage.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { overTls } from "../../services/backup/content/postgres-connection.ts";
import { digestPostgres } from "../../services/backup/content/postgres-digest.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { mariadb } from "./support/mariadb.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";

const TARGETS = ["postgresql:utama", "mariadb:php", "files:ppid", "repositories"] as const;
const UPLOAD = "uji-salinan-luring.txt";
const CUSTODIANS = ["kepala-infrastruktur", "admin-basis-data"];

let folder: string;
let env: Readonly<Record<string, string>>;
let model: Model;
let primary: SiteModel;
let before: Content;

/** What must be equal, by name. Tables that applications write to by themselves meanwhile (caches, queues, sessions) are left out. */
type Content = Readonly<Record<string, string>>;
const OWN_DOING =
  /^(pengetahuan\.public\.(objectcache|job|querycache|l10n_cache|recentchanges|site_stats|watchlist)|postgres\.)/;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-export-"));
  model = await labModel();
  primary = siteWith(model, "primary");
  env = { LUMBUNG_INVENTORY: await inventoryWithKeys() };
  const put = await inApplication(["sh", "-c", `echo luring >/var/lib/uploads/files/${UPLOAD}`], primary.id);
  expect(put).toBe("");
  await eventually("the upload at the recovery site", 120, async () =>
    (await inApplication(["ls", "/var/lib/uploads/files"], "drc")).includes(UPLOAD) ? true : undefined,
  );
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The lab's inventory, in which the sites' custodians have a key of this test's. */
async function inventoryWithKeys(): Promise<string> {
  const inventory = join(folder, "inventory");
  await cp(join(REPOSITORY, "inventory", REGION), join(inventory, REGION), { recursive: true });
  const roles = join(inventory, REGION, "roles.yaml");
  const identity = await generateIdentity();
  await writeFile(join(folder, "key.txt"), `${identity}\n`, { mode: 0o600 });
  const recipient = await identityToRecipient(identity);
  let text = await readFile(roles, "utf8");
  for (const role of CUSTODIANS) text = text.replace(`id: ${role},`, `id: ${role}, ageRecipients: [${recipient}],`);
  await writeFile(roles, text);
  return inventory;
}

async function inApplication(words: readonly string[], site: string): Promise<string> {
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${site}-app-ppid`, words);
  if (code !== 0) throw new Error(stderr || stdout);
  return stdout.trim();
}

/** Everything at the active site, as digests. */
async function contentOf(): Promise<Content> {
  const utama = model.databaseServers.find(({ id }) => id === "utama");
  const php = model.databaseServers.find(({ id }) => id === "php");
  const placement = primary.workloads.find(({ name }) => name === utama?.workload);
  const secrets = await secretsOf(primary.id);
  const leaf = secrets.certificates.backup;
  if (!placement?.address || !leaf || !php) throw new Error("no database server");
  const at = { host: placement.hostName, address: placement.address, port: 5432 };
  const tls = { ca: secrets.authority.root, cert: leaf.chain, key: leaf.key };
  const tables = await digestPostgres(overTls(at, tls, "checkpointer"));
  const wordpress = ["wp_posts", "wp_postmeta", "wp_users", "wp_comments", "wp_terms"];
  const checksums = await mariadb(primary.id, php.workload, `use ppid; checksum table ${wordpress.join(", ")};`);
  const files = await inApplication(
    ["sh", "-c", "cd /var/lib/uploads/files && find . -type f -exec sha256sum {} + | sort"],
    primary.id,
  );
  const refs = `for one in /var/lib/code/repositories/*.git; do echo "$one"; git -C "$one" for-each-ref --format='%(objectname) %(refname)' --exclude=refs/lumbung; done`;
  const repositories = await engine.exec(`${REGION}-${primary.id}-code`, ["sh", "-c", refs]);
  return {
    ...Object.fromEntries(
      tables.filter(({ name }) => !OWN_DOING.test(name)).map(({ name, rows, sha256 }) => [name, `${rows} ${sha256}`]),
    ),
    "ppid in MariaDB": checksums,
    "uploads of ppid": files,
    repositories: repositories.stdout,
  };
}

const exported = () => join(folder, "medium");

test("export writes an encrypted copy that says what it is", async () => {
  await lumbungWell(["up", "--region", REGION], env);
  await eventually("a copy of everything at the recovery site", 600, async () => {
    const { items } = JSON.parse(
      (await lumbung(["backup", "coverage", "--region", REGION, "--json"], env)).stdout,
    ) as BackupCoverage;
    return items.every(({ site, newestAge }) => site !== "drc" || newestAge !== null) ? true : undefined;
  });
  for (const target of TARGETS)
    await lumbungWell(["backup", "run", "--region", REGION, "--site", "drc", "--target", target], env);
  before = await contentOf();
  expect(Object.keys(before).length).toBeGreaterThan(10);
  // What was written up to now is in the archives when the next checks have ended; the copy is taken then.
  await lumbungWell(["backup", "run", "--region", REGION, "--site", "drc", "--target", "mariadb:php"], env);
  await lumbungWell(["backup", "run", "--region", REGION, "--site", "drc", "--target", "postgresql:utama"], env);
  await lumbungWell(["backup", "export", "--region", REGION, "--site", "drc", "--to", exported()], env);
  const manifest: ExportManifest = await readManifest(exported());
  expect(new Set(manifest.copies.map(({ target }) => target))).toEqual(
    new Set((model.backup?.targets ?? []).filter(({ engine: by }) => by !== "foreign").map(({ id }) => id)),
  );
  const secrets = await secretsOf("drc");
  const texts = await Promise.all(
    ["BACA-SAYA.txt", "README.txt", "manifest.json", "label.html", "keys.age"].map((name) =>
      readFile(join(exported(), name), "latin1"),
    ),
  );
  for (const { passphrase } of Object.values(secrets.backupKeys))
    for (const text of texts) expect(text).not.toContain(passphrase);
}, 1_200_000);

test("a copy in which one byte was changed is refused before anything is put in", async () => {
  const { files } = await readManifest(exported());
  const victim = join(exported(), files[0]?.path ?? "");
  const content = await readFile(victim);
  await appendFile(victim, "!");
  const refused = await lumbung(["backup", "import", "--region", REGION, "--site", "drc", "--from", exported()], env);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain(`${files[0]?.path}: changed`);
  await writeFile(victim, content);
}, 120_000);

test("on a fresh lab everything is brought back from it, and equal", async () => {
  await lumbungWell(["down", "--region", REGION, "--confirm", REGION], env);
  await lumbungWell(["up", "--region", REGION], env);
  const fresh = await contentOf();
  expect(fresh["uploads of ppid"]).not.toEqual(before["uploads of ppid"]);
  await lumbungWell(["backup", "import", "--region", REGION, "--site", "drc", "--from", exported()], env);
  const from = ["--region", REGION, "--site", "drc", "--from", exported(), "--identity", join(folder, "key.txt")];
  for (const target of TARGETS) {
    const to = join(folder, "restored", target.replace(":", "-"));
    await lumbungWell(["restore", ...from, "--target", target, "--to", to, "--over-live", "--confirm", REGION], env);
  }
  expect(await contentOf()).toEqual(before);
}, 1_200_000);

test("over live data nothing is restored without the region's name", async () => {
  const words = ["restore", "--region", REGION, "--target", "files:ppid", "--to", join(folder, "no"), "--over-live"];
  const refused = await lumbung(words, env);
  expect([refused.code, refused.stderr.includes(`--confirm ${REGION}`)]).toEqual([4, true]);
});
