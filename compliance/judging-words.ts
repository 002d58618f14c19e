/** What is said of a document and of a waiver alike. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";

export const noDuty = (id: string): Text => text(`kewajiban "${id}" tidak ada`, `there is no duty "${id}"`);
export const A_DUTY = text("id kewajiban di katalog", "the id of a duty in the catalogue");
export const A_DECLARED_ROLE = text("peran yang dinyatakan di roles.yaml", "a role that roles.yaml declares");
export const NO_EXPIRY = text(
  "tanggal berakhirnya tidak terbaca, jadi dianggap berakhir",
  "its expiry cannot be read, so it counts as expired",
);
export const A_DAY = text("tanggal, misalnya 2026-12-31", "a date such as 2026-12-31");
