import { join } from "node:path";
import { paths } from "../config.ts";

/** Where the room keeps what was restored of a target, until it is fetched or the next restore takes its place. */
export const restoredFolder = (target: string): string =>
  join(paths.cache, "restored", target.replaceAll(/[^A-Za-z0-9-]/g, "-"));
