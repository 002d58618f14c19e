/** What a drill is ordered to restore, and the proof of it that was signed then. */
import type { BackupTarget, WholeApplication } from "../../../model/types.ts";
import type { OrderPart, RunOrder } from "../../backup/wire.ts";
import { filesFor, secondsApart } from "./applications.ts";
import { JobFault } from "./job-fault.ts";
import type { Performing } from "./perform.ts";
import type { Run } from "./types.ts";

type Restoring = Pick<Performing, "engineOf" | "applicationOf" | "copiesOf" | "proofOf">;
type Restored = Partial<Pick<RunOrder, "engine" | "copy" | "proof" | "parts">>;

/** What a drill restores: of an application its database's copy, and the files that go with it. @throws JobFault where a copy is not there any more. */
export async function restoredOf({ target, backup }: Run, told: Restoring): Promise<Restored> {
  const application = told.applicationOf(target);
  if (application === undefined) {
    const { engine, copy, proof } = await part(target, engineOf(target, told), backup, told);
    return { engine, copy, ...(proof ? { proof } : {}) };
  }
  const database = await part(application.database, engineOf(application.database, told), backup, told);
  const { copy, proof } = database;
  const parts = [database, ...(await filesOf(application, proof?.at ?? copy.at, told))];
  return { engine: "application", copy, parts };
}

async function filesOf(
  { files }: Pick<WholeApplication, "files">,
  moment: string,
  told: Restoring,
): Promise<OrderPart[]> {
  if (files === undefined) return [];
  const chosen = filesFor(told.copiesOf(files), moment);
  const found = await part(files, engineOf(files, told), chosen?.id, told);
  return [{ ...found, apartSeconds: secondsApart(found.copy.at, moment) }];
}

function engineOf(target: string, told: Restoring): BackupTarget["engine"] {
  const engine = told.engineOf(target);
  if (engine) return engine;
  throw new JobFault({
    id: `${target}: tidak dideklarasikan di situs ini`,
    en: `${target}: not declared at this site`,
  });
}

/** @throws JobFault where the copy is not there any more. */
async function part(
  target: string,
  engine: BackupTarget["engine"],
  backup: string | undefined,
  { copiesOf, proofOf }: Restoring,
): Promise<OrderPart> {
  const copy = copiesOf(target).find(({ id }) => id === backup);
  if (!copy)
    throw new JobFault({
      id: `${target}: cadangan ${backup ?? "?"} sudah tidak ada`,
      en: `${target}: copy ${backup ?? "?"} is not there any more`,
    });
  const proof = await proofOf(copy);
  return { target, engine, copy, ...(proof ? { proof } : {}), apartSeconds: 0 };
}
