/** Our own service for complaints: the newest one's page. What people wrote, and the number by which it is read, are not told in evidence. */
import { createHash } from "node:crypto";
import { isShown } from "./page-text.ts";
import type { Query, Witness } from "./witness.ts";

const NEWEST = "select reference, body from public.complaint order by created_at desc, id desc limit 1";

export async function pengaduanWitness(query: Query): Promise<Witness> {
  const [newest] = await query(NEWEST);
  if (!newest)
    return {
      path: "/laporan/",
      what: "a list without a complaint, as the database holds none",
      isIn: (html) => !html.includes(`href="/laporan/ADU-`),
    };
  const body = String(newest.body);
  const sha256 = createHash("sha256").update(body).digest("hex");
  return {
    path: `/laporan/${String(newest.reference)}`,
    told: "/laporan/…",
    what: `the text of the newest complaint (sha256 ${sha256})`,
    isIn: (html) => isShown(html, body),
  };
}
