/** Database servers of the data centre, as far as they run: what somebody else runs shows nothing here. */
import { text } from "../../model/text.ts";
import type { DatabaseServerModel } from "../../model/types.ts";
import type { Facts } from "../facts.ts";

export const runningServers = ({ model }: Facts): DatabaseServerModel[] =>
  model.databaseServers.filter(({ running }) => running);

export const NO_SERVERS = {
  applicable: true,
  reason: text("tidak ada server basis data yang berjalan", "no database server runs"),
} as const;
