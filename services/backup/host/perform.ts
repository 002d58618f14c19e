/** Which order is done how at the repository host. */
import { neededBackups, type RetentionClass } from "../../../model/derive/retention.ts";
import type { Retention } from "../../../model/types.ts";
import type { Stanza, ToldTarget } from "../config.ts";
import type { BackupFiles } from "../files.ts";
import type { Report } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { extendLocks } from "./locks.ts";
import { archiveLogs, backupMariadb, expireMariadb } from "./mariadb.ts";
import { backupPostgres, checkArchive, expirePostgres, postgresCopies, readPostgres } from "./postgres.ts";
import { backupFiles, expireSnapshots, readRestic } from "./restic-target.ts";

/** @throws WorkFault, or whatever went wrong. */
export async function performAtHost(work: Work, files: BackupFiles): Promise<Report> {
  const { action } = work.order;
  switch (action) {
    case "full":
    case "differential":
    case "incremental":
      return backup(work, files);
    case "archive-check":
      return checkTheArchive(work, files);
    case "expire":
      return expire(work, files);
    case "read-data":
      return work.order.engine === "pgbackrest" ? readPostgres(work, stanzaOf(work, files)) : readRestic(work);
    case "extend-locks":
      return extend(work, files);
    default:
      throw unknown(work);
  }
}

function backup(work: Work, files: BackupFiles): Promise<Report> {
  switch (work.order.engine) {
    case "pgbackrest":
      return backupPostgres(work, files, stanzaOf(work, files));
    case "mariadb-backup":
      return backupMariadb(work, files, mariadbOf(work, files));
    case "restic":
      return backupFiles(work, files);
    case "foreign":
    case "application":
      throw unknown(work);
  }
}

function checkTheArchive(work: Work, files: BackupFiles): Promise<Report> {
  return work.order.engine === "pgbackrest"
    ? checkArchive(work, stanzaOf(work, files))
    : archiveLogs(work, files, mariadbOf(work, files));
}

function expire(work: Work, files: BackupFiles): Promise<Report> {
  switch (work.order.engine) {
    case "pgbackrest":
      return expirePostgres(work, stanzaOf(work, files));
    case "mariadb-backup":
      return expireMariadb(work, files, targetOf(work, files));
    default:
      return expireSnapshots(work, files, targetOf(work, files));
  }
}

/** restic's repository is one for all its targets: everything in it is held for as long as the bucket says, from now. */
async function extend(work: Work, files: BackupFiles): Promise<Report> {
  if (work.order.engine !== "pgbackrest")
    return extendLocks(work, files, { prefix: "restic/", needed: [], belongsTo: () => undefined });
  const stanza = stanzaOf(work, files);
  const { retention } = targetOf(work, files);
  const copies = await postgresCopies(stanza, work.signal);
  const figures: Record<string, number> = { versions: 0, extended: 0 };
  for (const { class: name } of stanza.repositories) {
    const own = copies.filter((copy) => copy.class === name);
    const needed = neededBackups(own, classRetention(retention, name), files.config.timezone, work.now());
    for (const kind of ["archive", "backup"]) {
      const prefix = `pgbackrest/${name}/${kind}/${stanza.name}/`;
      const belongsTo = (key: string): string | undefined => key.slice(prefix.length).split("/")[0];
      const { figures: more } = await extendLocks(work, files, { prefix, needed, belongsTo });
      for (const [figure, count] of Object.entries(more)) figures[figure] = (figures[figure] ?? 0) + count;
    }
  }
  return { report: "care", figures };
}

/** Of a repository's own class alone. */
function classRetention(retention: Retention, name: string): Retention {
  const none = { daily: 0, weekly: 0, monthly: 0, yearly: 0 };
  if (name === "base") return { ...none, daily: retention.daily, weekly: retention.weekly };
  return { ...none, [name as RetentionClass]: retention[name as RetentionClass] };
}

export function stanzaOf({ order }: Pick<Work, "order">, { config }: Pick<BackupFiles, "config">): Stanza {
  const found = config.stanzas.find(({ target }) => target === order.target);
  if (!found) throw notHere(order.target);
  return found;
}

function mariadbOf({ order }: Work, { config }: BackupFiles) {
  const found = config.mariadb.find(({ target }) => target === order.target);
  if (!found) throw notHere(order.target);
  return found;
}

function targetOf({ order }: Work, { config }: BackupFiles): ToldTarget {
  const found = config.targets.find(({ id }) => id === order.target);
  if (!found) throw notHere(order.target);
  return found;
}

const notHere = (target: string): WorkFault =>
  new WorkFault({
    id: `${target}: tidak dideklarasikan di situs ini; jalankan \`lumbung up\``,
    en: `${target}: not declared at this site; run \`lumbung up\``,
  });

const unknown = ({ order }: Work): WorkFault =>
  new WorkFault({
    id: `${order.target}: "${order.action}" tidak dikerjakan di sini`,
    en: `${order.target}: "${order.action}" is not done here`,
  });
