/** What this site can say of its copies, for coverage. Pure. */
import type { CopyFact } from "../../../model/derive/backup-coverage.ts";
import type { BackupTarget, Text } from "../../../model/types.ts";
import type { Copy, CopyList } from "../../backup/wire.ts";
import type { History } from "./history.ts";
import type { Ledger } from "./ledger.ts";

/** One fact for each target of the site's own; none where its copies were not listed: no report is unknown, and never "none". */
export function factsOf(
  targets: readonly BackupTarget[],
  site: string,
  list: CopyList | undefined,
  ledger: Pick<Ledger, "archivedTo" | "restorable">,
  history: Pick<History, "failedCopy">,
): CopyFact[] {
  if (list === undefined) return [];
  const copies = new Map<string, Copy[]>();
  for (const copy of list.copies) {
    const there = copies.get(copy.target);
    if (there) there.push(copy);
    else copies.set(copy.target, [copy]);
  }
  const own = targets.filter((target) => target.site === site && target.engine !== "foreign");
  return own.map((target) => factOf(target, copies.get(target.id) ?? [], list.unknown[target.id], ledger, history));
}

function factOf(
  { id, site }: BackupTarget,
  copies: readonly Copy[],
  unlisted: string | undefined,
  ledger: Pick<Ledger, "archivedTo" | "restorable">,
  history: Pick<History, "failedCopy">,
): CopyFact {
  if (unlisted !== undefined) return { target: id, site, unlisted: notListed(unlisted) };
  const times = copies.map(({ at }) => at).sort((a, b) => Date.parse(a) - Date.parse(b));
  const [oldest, last] = [times[0], times.at(-1)];
  const restorable = ledger.restorable(id);
  const failed = history.failedCopy(id);
  return {
    ...{ target: id, site },
    ...(last === undefined ? {} : { newest: later(last, ledger.archivedTo(id)) }),
    ...(oldest === undefined ? {} : { oldest }),
    ...(restorable === undefined ? {} : { restorable }),
    ...(failed === undefined ? {} : { failed }),
  };
}

/** An archive without a copy restores nothing; with one it reaches further than the copy. */
function later(copy: string, archivedTo: string | undefined): string {
  return archivedTo !== undefined && Date.parse(archivedTo) > Date.parse(copy) ? archivedTo : copy;
}

const notListed = (why: string): Text => ({
  id: `cadangannya tidak dapat didaftar: ${why}`,
  en: `its copies cannot be listed: ${why}`,
});
