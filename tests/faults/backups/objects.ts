/** Objects of a repository, altered behind pgBackRest's back by the one identity that may write them, and put back as a person would. */
import { BUCKET, type SiteId } from "../../lab/support/backup-stand.ts";
import { askStore, clientOf, identityOf, storeAt } from "../../lab/support/objects.ts";
import { STANZA, type Trial } from "./trial.ts";

/** Keys below a path of the stanza in a class's repository, in order. */
export function keysBelow(
  { stand }: Trial,
  site: SiteId,
  kind: "archive" | "backup",
  below = "",
  name = "base",
): string[] {
  const repository = name === "base" ? 1 : 2;
  const words = ["pgbackrest", "--config=/run/backup/pgbackrest.conf", `--stanza=${STANZA}`, `--repo=${repository}`];
  const path = [kind, STANZA, below].filter((part) => part !== "").join("/");
  const { code, said } = stand.inside(site, "backup", [
    ...words,
    "--log-level-console=error",
    "--recurse",
    "repo-ls",
    path,
  ]);
  if (code !== 0) throw new Error(said);
  const names = said.split("\n").filter((line) => line !== "");
  return names.map((one) => `pgbackrest/${name}/${path}/${one}`).sort();
}

export const bundlesOf = (trial: Trial, site: SiteId, copy: string): string[] =>
  keysBelow(trial, site, "backup", copy).filter((key) => /\/bundle\/\d+$/.test(key));

/** Alters an object for as long as something is done, and then puts it back as a person would, whatever came of it. */
export async function whileAltered(
  trial: Trial,
  site: SiteId,
  key: string,
  alter: (trial: Trial, site: SiteId, key: string) => void,
  during: () => Promise<void>,
): Promise<void> {
  alter(trial, site, key);
  try {
    await during();
  } finally {
    await putBack(trial, site, key);
  }
}

/** One bit of its middle is another. */
export function flip(trial: Trial, site: SiteId, key: string): void {
  rewrite(trial, site, key, "d[d.length >> 1] ^= 1");
}

/** It ends in its middle. */
export function truncate(trial: Trial, site: SiteId, key: string): void {
  rewrite(trial, site, key, "d = d.subarray(0, d.length >> 1)");
}

function rewrite(trial: Trial, site: SiteId, key: string, how: string): void {
  const node = `const fs = require("fs"); let d = fs.readFileSync("/tmp/object"); ${how}; fs.writeFileSync("/tmp/object", d)`;
  trial.atStore(
    site,
    `url=$(at '${key}'); s3 --output /tmp/object "$url"; node -e '${node}'; s3 --upload-file /tmp/object "$url"; rm /tmp/object`,
  );
}

/** As whoever may write deletes: a mark, under which the locked version stays. */
export function remove(trial: Trial, site: SiteId, key: string): void {
  trial.atStore(site, `s3 --request DELETE "$(at '${key}')"`);
}

/**
 * The way back that the handbook gives: a version that is locked, copied over what is in force.
 * @param newer how many versions of before it was altered are newer than it. Default: the oldest is taken, as most objects are written once.
 */
export async function putBack(trial: Trial, site: SiteId, key: string, newer?: number): Promise<void> {
  const version = (await versionsOf(trial, site, key)).at(newer ?? -1);
  if (version === undefined) throw new Error(`${key}: no such version is left`);
  trial.atStore(
    site,
    `url=$(at '${key}'); s3 --output /tmp/object "$url?versionId=${version}"; s3 --upload-file /tmp/object "$url"; rm /tmp/object`,
  );
}

/** Its versions that have content, newest first. */
export async function versionsOf({ stand }: Trial, site: SiteId, key: string): Promise<string[]> {
  const secrets = stand.secrets(site);
  const writer = clientOf(storeAt(stand.site(site), secrets), identityOf(secrets, `${BUCKET}/write`));
  const query = `prefix=${encodeURIComponent(key)}&versions`;
  const { body } = await askStore(writer, { method: "GET", bucket: BUCKET, query });
  const found = [...body.matchAll(/<Version>.*?<Key>(.*?)<\/Key>.*?<VersionId>(.*?)<\/VersionId>/gs)];
  return found.flatMap(([, name, version]) => (name === key && version !== undefined ? [version] : []));
}
