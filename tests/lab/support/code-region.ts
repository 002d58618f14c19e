/** A region of two code repositories and a client, and what the tests of images-code*.test.ts ask of it. */
import { codeModel, withRevision } from "../../../components/code/testing/fixture.ts";
import type { CodeRepositoryModel, Model } from "../../../model/types.ts";
import { type CodeSites, type SiteName, sites, startCodeSites } from "./code-sites.ts";
import { eventually } from "./eventually.ts";

export const roles = ["kepala-aplikasi", "admin-kepegawaian", "walidata"] as const;
export type RoleId = (typeof roles)[number];
export let region: CodeSites;
let keys: Readonly<Record<RoleId, string>>;

/** The region with each role's key, and the code repository altered. */
export function declared(alter: (code: CodeRepositoryModel) => CodeRepositoryModel = (same) => same): Model {
  const model = codeModel((code) =>
    alter({ ...code, people: code.people.map((one) => ({ ...one, sshKeys: [keys[one.role as RoleId]] })) }),
  );
  return withRevision(model, "v1.0");
}

/** As declared, but the role has no key (any more). */
export const without = (role: RoleId, alter: (code: CodeRepositoryModel) => CodeRepositoryModel = (same) => same) =>
  declared((code) =>
    alter({ ...code, people: code.people.map((one) => (one.role === role ? { ...one, sshKeys: [] } : one)) }),
  );

/** Lines for the client: pushes with HELD=<name> wait, when the site has let them in and before they send anything, until /tmp/<name>.go is there. */
export const hold = (names: string) => `for one in ${names}; do rm -f /tmp/$one.*; done
mkdir -p /tmp/hooks && printf '#!/bin/sh\\n[ -n "$HELD" ] || exit 0\\ntouch /tmp/$HELD.held\\nfor i in $(seq 600); do [ -e /tmp/$HELD.go ] && exit 0; sleep 0.1; done; exit 1\\n' >/tmp/hooks/pre-push && chmod 755 /tmp/hooks/pre-push`;
export const untilThere = (path: string) =>
  `for i in $(seq 600); do [ -e ${path} ] && break; sleep 0.1; done; [ -e ${path} ]`;

export const ssh = (site: SiteName, repository: string) => `ssh://git@code.${site}.uji.internal:2222/${repository}`;
export const https = (site: SiteName, repository: string, role: RoleId, token = tokenOf(role)) =>
  `https://${role}:${token}@code.${site}.uji.internal:8443/${repository}`;
export const tokenOf = (role: RoleId) => region.secrets("dc").codeTokens[role]?.token ?? "";

/** A script at the client's, as a role: `git` and `ssh` use its key. */
export function as(role: RoleId, script: string) {
  return region.client(`export GIT_TERMINAL_PROMPT=0 LC_ALL=C
SSH="-o UserKnownHostsFile=/tmp/known -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=5 -i /tmp/${role}"
export GIT_SSH_COMMAND="ssh $SSH"
cd /tmp/w 2>/dev/null
${script}`);
}

/** What one of the gateways' or others' certificates is answered, with the status in the last line. */
export function asks(who: string, site: SiteName, path: string, more = "", port = 8443) {
  const [from = "", name = ""] = who.split("/");
  const own = `/certificates/current/${from}/${name}`;
  return region.client(
    `curl -s -m 20 --cacert /certificates/current/ca.crt --cert ${own}.crt --key ${own}.key ${more} -w '\n%{http_code}' 'https://code.${site}.uji.internal:${port}${path}'`,
  ).said;
}
export const page = (site: SiteName, path: string, role: RoleId) =>
  asks(`${site}/gateway`, site, path, `-u ${role}:${tokenOf(role)}`);
export const health = (site: SiteName) => region.inside(site, "/usr/local/lib/lumbung/health");
export const refs = (site: SiteName, repository: string) =>
  region.inside(
    site,
    `git -C /var/lib/code/repositories/${repository}.git for-each-ref --exclude=refs/lumbung; git -C /var/lib/code/repositories/${repository}.git symbolic-ref HEAD`,
  ).said;
export const fsck = (site: SiteName, repository: string) =>
  region.inside(site, `git -C /var/lib/code/repositories/${repository}.git fsck --full --strict 2>&1`);
/** Until both sites have the same, and say that they are well. */
export const copied = () =>
  eventually("a whole copy", 30, async () => {
    const same = ["pengaduan", "absensi"].every((id) => refs("dc", id) === refs("drc", id));
    return same && health("drc").code === 0 ? true : undefined;
  });
export const well = (site: SiteName, pattern: RegExp) =>
  eventually(`${site}: ${pattern}`, 30, async () => {
    const { said } = health(site);
    if (pattern.test(said)) return true;
    throw new Error(`${site}: ${said}`);
  });

/** For the client: takes down the host keys as they are shown now, once and for all. */
export const knowHosts =
  "for s in dc drc; do ssh-keyscan -q -T 5 -t ecdsa -p 2222 code.$s.uji.internal 2>/dev/null; done | tee /tmp/known";

/** Starts both sites, not founded yet, with DC active; the client has a key for each role, and knows the host key. */
export async function startRegion(): Promise<void> {
  region = await startCodeSites(codeModel(), { dataMiB: { dc: 48 } });
  const made = region.client(`cd /tmp
for role in ${roles.join(" ")}; do ssh-keygen -q -t ed25519 -N '' -C '' -f $role; cut -d ' ' -f 1,2 $role.pub; done
git config --global user.email uji@lumbungkab.go.id; git config --global user.name Uji; git config --global gpg.format ssh
git config --global core.hooksPath /tmp/hooks; git config --global http.sslCAInfo /certificates/current/ca.crt; git config --global core.fsync none
for site in ${sites.join(" ")}; do
  at=http.https://code.$site.uji.internal:8443/ own=/certificates/current/$site/gateway
  git config --global $at.sslCert $own.crt; git config --global $at.sslKey $own.key
done`);
  const [first = "", second = "", third = ""] = made.said.trim().split("\n");
  keys = { "kepala-aplikasi": first, "admin-kepegawaian": second, walidata: third };
  region.become("dc", "active");
  region.become("drc", "standby");
  region.configure(declared());
}

/** Founds the region and pushes what the tests of a running one go on from: two commits, a branch, a signed tag. */
export async function found(): Promise<void> {
  region.inside("dc", "echo found >/identity/permit");
  await well("dc", /^active, 2 repositories/);
  region.client(knowHosts);
  const pushed = as(
    "kepala-aplikasi",
    `set -e; git init -q -b main /tmp/w; cd /tmp/w
for text in satu dua; do echo $text >a; git add a; git commit -qm $text; done
git branch cabang; git -c user.signingKey=/tmp/kepala-aplikasi tag -s -m v1.0 v1.0; git push -q ${ssh("dc", "pengaduan")} main cabang v1.0`,
  );
  if (pushed.code !== 0) throw new Error(pushed.said);
  await copied();
}

export const stopRegion = (): void => region?.remove();
