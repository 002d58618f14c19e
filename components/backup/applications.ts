/** What the drill room is told of the applications that it can restore as a whole: each one's own configuration of production, without secrets. */
import type { SiteSecrets } from "../../custody/types.ts";
import { isDrilledImage } from "../../model/derive/backup-applications.ts";
import type { ApplicationModel, BackupModel, Model, SiteModel } from "../../model/types.ts";
import type { ToldApplication } from "../../services/backup/config.ts";
import { applicationWorkload } from "../application/workload.ts";
import { databaseOf } from "../application-database.ts";
import { phpWorkload } from "../php/workload.ts";
import type { WorkloadFile } from "../workload.ts";

/** Of an application's files, those that it is started with; certificates and passwords stay with it. */
const TOLD = ["app.json", "php-fpm.conf"];

/** In order of declaration. @throws where the model lacks what an application needs. */
export const toldApplications = (model: Model, backup: BackupModel): ToldApplication[] =>
  drilled(model, backup).map(([id, application]) => {
    const { run, hosts } = application;
    const { database } = databaseOf(model, application, ["mariadb", "postgresql"]);
    const [host] = hosts;
    if (run === undefined || !isDrilledImage(run.image) || host === undefined)
      throw new Error(`${id}: expected an application that runs here on an image of ours, and has a host name`);
    return {
      id,
      application: application.id,
      image: run.image,
      host,
      database: { name: database.name, user: database.role },
    };
  });

/** By path below the drill room's configuration: `applications/<application>/…`. @throws where the secrets lack what an application needs. */
export const applicationFiles = (
  model: Model,
  site: SiteModel,
  backup: BackupModel,
  secrets: SiteSecrets,
): WorkloadFile[] =>
  drilled(model, backup).flatMap(([, application]) => {
    const made = application.run?.runtime === "php" ? phpWorkload : applicationWorkload;
    const { files } = made(model, site, application, secrets);
    return files
      .filter(({ path, secret }) => TOLD.includes(path) && secret !== true)
      .map(({ path, content }) => ({ path: `applications/${application.id}/${path}`, content }));
  });

function drilled({ applications }: Model, backup: BackupModel): [string, ApplicationModel][] {
  return (backup.applications ?? []).map(({ id, application }) => {
    const found = applications.find((one) => one.id === application);
    if (!found) throw new Error(`${id}: application "${application}" is not declared`);
    return [id, found];
  });
}
