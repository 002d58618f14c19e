/** Which applications are drilled whole: database and files restored together, the application started on them, its page fetched. Pure. */
import type { Inventory } from "../schema/index.ts";
import type { BackupTarget, WholeApplication } from "../types.ts";
import { isRunningApplication, isRunningServer } from "./placement.ts";

/** Folders of `images/` whose applications the drill room can start: it carries their code (images/room). */
export const drilledImages = ["node", "wordpress", "mediawiki"] as const;
export type DrilledImage = (typeof drilledImages)[number];

export const isDrilledImage = (image: string): image is DrilledImage => drilledImages.some((one) => one === image);

/** Of the image of our own services, those that have a page and a database: there a container runs the one that is called as the application. */
const DRILLED_SERVICES: readonly string[] = ["pengaduan"];

export const wholeId = (application: string): string => `application:${application}`;

type Declared = Pick<Inventory, "region" | "applications" | "databases" | "databaseServers">;

/**
 * Each application that runs here on an image of ours and whose parts are all backed up, in order of declaration. Not: one whose image the
 * region replaced while the drill room's stayed ours, which would carry other code than production runs.
 */
export function wholeApplications(
  { region, applications, databases, databaseServers }: Declared,
  targets: readonly Pick<BackupTarget, "id">[],
): WholeApplication[] {
  const backedUp = new Set(targets.map(({ id }) => id));
  const servers = new Map(databaseServers.filter(isRunningServer).map((server) => [server.id, server]));
  const serverOf = new Map(databases.map(({ id, server }) => [id, servers.get(server)]));
  const isOurs = (image: string, id: string): boolean =>
    isDrilledImage(image) &&
    (image !== "node" || DRILLED_SERVICES.includes(id)) &&
    (region.images?.[image] === undefined || region.images.room !== undefined);
  return applications.filter(isRunningApplication).flatMap((application): WholeApplication[] => {
    const { id, run, database = "" } = application;
    const server = serverOf.get(database);
    if (run === undefined || server === undefined || !isOurs(run.image, id)) return [];
    const parts = {
      database: `${server.engine}:${server.id}`,
      ...(run.uploads === undefined ? {} : { files: `files:${id}` }),
    };
    return Object.values(parts).every((part) => backedUp.has(part))
      ? [{ id: wholeId(id), application: id, ...parts }]
      : [];
  });
}
