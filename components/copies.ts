/** What the door of a workload's copier is told (images/shared/copies): `KEY=value` lines, none of them secret. */
import type { Model } from "../model/types.ts";
import { callers } from "./callers.ts";
import type { WorkloadFile } from "./workload.ts";

/** The file `copies.env`. @param id of the copy, where the image cannot know it. */
export function copiesFile(model: Model, id?: string): WorkloadFile {
  const own = id === undefined ? "" : `ID=${id}\n`;
  return { path: "copies.env", content: `CALLERS=${callers(model).join()}\n${own}` };
}
