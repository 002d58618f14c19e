/** It shows 2: git over SSH and HTTPS with the right key and refused without; a commit is visible at both sites within the RPO. */
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDocument } from "yaml";
import type { SiteSecrets } from "../../custody/types.ts";
import { ensureImages } from "../../io/images.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { CodeRepositoryModel, Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { ask } from "./support/web.ts";

const CLIENT = "lumbung-lab-code-client";
const PUSHER = "kepala-aplikasi";
const STRANGER = "admin-kepegawaian";
const repository = "pengaduan";
let folder: string;
let model: Model;
let code: CodeRepositoryModel;
let host: string;
let active: SiteModel;
let standby: SiteModel;
let secrets: SiteSecrets;

/** The client is a container beside the host's own network: this machine may have no git or ssh. */
function client(script: string) {
  const run = spawnSync("docker", ["exec", CLIENT, "bash", "-c", script], { encoding: "utf8", timeout: 120_000 });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
}

/** A script of git's at the client's, by this key over SSH, and through this site's gateway over HTTPS. */
function git(key: string, site: SiteModel, script: string) {
  const verified = "-o UserKnownHostsFile=/tmp/known -o StrictHostKeyChecking=yes -o HostKeyAlias=kode";
  return client(`export GIT_TERMINAL_PROMPT=0 LC_ALL=C
export GIT_SSH_COMMAND="ssh ${verified} -o IdentitiesOnly=yes -o BatchMode=yes -i /tmp/${key}"
git config --global http.curloptResolve ${host}:443:${site.publicAddress}
cd /tmp/w 2>/dev/null
${script}`);
}

const ssh = (site: SiteModel) => `ssh://git@${site.publicAddress}:${code.sshPort}/${repository}`;
const token = (role: string) => secrets.codeTokens[role]?.token ?? "";
const https = (role: string, password = token(role)) => `https://${role}:${password}@${host}/${repository}`;
const page = (site: SiteModel, path: string, role = PUSHER) =>
  ask({
    address: site.publicAddress,
    host,
    path,
    ca: secrets.authority.root,
    headers: { authorization: `Basic ${Buffer.from(`${role}:${token(role)}`).toString("base64")}` },
  });
/** Commits something new; its hash is what is printed. */
const commit = "date +%s%N >uji && git add uji && git commit -qm uji && git rev-parse HEAD";

async function codeContainers(): Promise<string[]> {
  const all = await engine.listContainers({ "id.lumbung.region": REGION });
  return all.flatMap(({ Id, Names }) => (Names[0]?.endsWith("-code") ? [Id] : [])).sort();
}

beforeAll(async () => {
  model = await labModel();
  if (!model.code?.host) throw new Error("the lab declares no code repository with a host name");
  code = model.code;
  host = model.code.host;
  active = siteWith(model, "primary");
  standby = siteWith(model, "recovery");
  secrets = await secretsOf(active.id);
  await startClient();
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
  await cp(join(REPOSITORY, "inventory", REGION), join(folder, REGION), { recursive: true });
  await addKey(client("cut -d ' ' -f 1,2 /tmp/own.pub").said.trim());
  await lumbungWell(["up", "--region", REGION], { LUMBUNG_INVENTORY: folder });
});

afterAll(async () => {
  spawnSync("docker", ["rm", "-f", CLIENT]);
  await rm(folder, { recursive: true, force: true });
});

test("SSH: a maintainer's key pushes and clones; another key and no key do not", () => {
  expect(
    git(
      "own",
      active,
      `rm -rf /tmp/w && git clone -q ${ssh(active)} /tmp/w && cd /tmp/w && git checkout -q -B main && ${commit} && git push -q origin main`,
    ),
  ).toMatchObject({ code: 0 });
  expect(git("other", active, `git ls-remote ${ssh(active)}`).said).toContain("Permission denied (publickey)");
  expect(git("nowhere", active, `git ls-remote ${ssh(active)}`).said).toContain("Permission denied (publickey)");
  expect(
    git("own", active, `rm -rf /tmp/again && git clone -q ${ssh(active)} /tmp/again && cmp /tmp/w/uji /tmp/again/uji`)
      .code,
  ).toBe(0);
});

test("HTTPS: a maintainer's token pushes and clones; another's and none do not", () => {
  expect(git("nowhere", active, `${commit} && git push -q ${https(PUSHER)} main`)).toMatchObject({ code: 0 });
  expect(
    git(
      "nowhere",
      active,
      `rm -rf /tmp/again && git clone -q ${https(PUSHER)} /tmp/again && cmp /tmp/w/uji /tmp/again/uji`,
    ).code,
  ).toBe(0);
  expect(git("own", active, `git ls-remote https://${host}/${repository}`).said).toContain("could not read Username");
  expect(git("own", active, `git ls-remote ${https(PUSHER, token(STRANGER))}`).said).toContain("Authentication failed");
  expect(git("own", active, `git ls-remote ${https(STRANGER)}`).said).toContain(
    `role ${STRANGER} may not read ${repository}`,
  );
});

test("a commit is visible in cgit at both sites within the RPO, to who may read it", async () => {
  const { said } = git("own", active, `${commit} && git push -q ${ssh(active)} main`);
  const hash = said.trim();
  expect(hash).toMatch(/^[0-9a-f]{40}$/);
  for (const site of [active, standby]) {
    await eventually(`${hash} at ${site.id}`, code.rpoSeconds, async () => {
      const { status, body } = await page(site, `/${repository}/commit/?id=${hash}`);
      // An unknown commit's page names it too: what only a known one has is its subject.
      return status === 200 && body.includes(hash) && body.includes("commit-subject'>uji") ? true : undefined;
    });
    const other = await page(site, `/${repository}/commit/?id=${hash}`, STRANGER);
    expect(other.body).not.toContain(hash);
    expect((await ask({ address: site.publicAddress, host, ca: secrets.authority.root })).status).toBe(401);
  }
  const health = await engine.exec(`${REGION}-${standby.id}-code`, ["/usr/local/lib/lumbung/health"]);
  expect(health.stdout).toMatch(new RegExp(`^standby of ${active.id}, \\d+ repositories, copy \\d+ s old`));
});

test("the standby gives what it has and takes nothing", () => {
  for (const url of [ssh(standby), https(PUSHER)]) {
    expect(git("own", standby, `git ls-remote ${url} main`).said).toContain("refs/heads/main");
    const { code: ended, said } = git("own", standby, `git push ${url} main:lain`);
    expect(ended).not.toBe(0);
    expect(said).toContain(`Push to the active site, ${active.id}`);
  }
});

test("a key that is taken from the inventory is refused, and nothing was restarted for it", async () => {
  const before = await codeContainers();
  expect(before).toHaveLength(2);
  await lumbungWell(["up", "--region", REGION]);
  for (const site of [active, standby])
    expect(git("own", site, `git ls-remote ${ssh(site)}`).said).toContain("Permission denied (publickey)");
  expect(await codeContainers()).toEqual(before);
});

/** A container with git and ssh, two keys, the region's root, and the host key as custody has it: a client that trusts nothing blindly. */
async function startClient(): Promise<void> {
  const { code: image = "" } = await ensureImages(["code"]);
  spawnSync("docker", ["rm", "-f", CLIENT]);
  const confined = ["--rm", "-d", "--init", "--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp:mode=1777"];
  const words = [
    "run",
    ...confined,
    "--name",
    CLIENT,
    "--network",
    "host",
    "--env",
    "HOME=/tmp",
    "--entrypoint",
    "sleep",
  ];
  execFileSync("docker", [...words, image, "3600"], { stdio: "pipe" });
  const files = { "ca.crt": secrets.authority.root, "host.key": secrets.codeHostKey?.key ?? "" };
  for (const [name, content] of Object.entries(files))
    execFileSync("docker", ["exec", "-i", CLIENT, "sh", "-c", `umask 077; cat >/tmp/${name}`], { input: content });
  const made = client(`set -e; cd /tmp
for key in own other; do ssh-keygen -q -t ed25519 -N '' -C '' -f $key; done
printf 'kode %s\n' "$(ssh-keygen -y -f host.key)" >known; rm host.key
git config --global user.email uji@example.invalid; git config --global user.name Uji
git config --global http.sslCAInfo /tmp/ca.crt; git config --global core.hooksPath /nonexistent`);
  if (made.code !== 0) throw new Error(made.said);
}

/** Writes the public key into the copy of the inventory. */
async function addKey(key: string): Promise<void> {
  const path = join(folder, REGION, "roles.yaml");
  const document = parseDocument(await readFile(path, "utf8"));
  const roles: { readonly id: string }[] = document.toJS().roles;
  document.setIn(["roles", roles.findIndex(({ id }) => id === PUSHER), "sshKeys"], [key]);
  await writeFile(path, String(document));
}
