/** Whether commits wait for the other site, where that is declared (D8). */
import { text } from "../../model/text.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import { always, eachServer, HOLDS, lacking, piece, unless, until } from "./kit.ts";

const SECONDS = 60;

/** A person decides that writes go on without the other site. */
export const relaxSync: Piece = piece(
  "relax-sync",
  ({ to }) => ({
    title: text(`Longgarkan sync di ${to}: situs lain tidak ada`, `Relax sync at ${to}: the other site is gone`),
    byHand: text(
      `Tanpa ini tulisan di ${to} menunggu situs lain. Penjaga tiap server harus menjawab dan terbuka (\`lumbung status\`); lalu lanjutkan`,
      `Without it writes at ${to} wait for the other site. Each server's guard must answer and be open (\`lumbung status\`); then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    // Guards let only the site that holds the lease go on alone.
    precondition: () =>
      until(ports, SECONDS, async () =>
        (await ports.lease.seen()).guards[course.to] === "open"
          ? HOLDS
          : lacking(`penjaga di ${course.to} belum terbuka`, `the guards at ${course.to} are not open`),
      ),
    action: () => tell(course, ports, course.to, false),
    check: () => told(course, ports, course.to, false),
    undo: () => tell(course, ports, course.to, true),
  }),
);

/** Of the site that is active when it is done. */
export function tightenSync(active: (course: Course) => string): Piece {
  return piece(
    "tighten-sync",
    (course) => ({
      title: text(`Berlakukan sync lagi di ${active(course)}`, `Have sync count again at ${active(course)}`),
      byHand: text(
        "Periksa bahwa situs siaga mengikuti (`lumbung status`), lalu lanjutkan",
        "See that the standby site follows (`lumbung status`), then resume",
      ),
      expectedSeconds: 5,
    }),
    (course, ports) => ({
      precondition: always,
      action: () => tell(course, ports, active(course), true),
      check: () => told(course, ports, active(course), true),
    }),
  );
}

/** Only where something is declared `sync`. */
export const hasSync = ({ declared }: Course): boolean => declared.servers.some(({ mode }) => mode === "sync");

async function tell({ declared }: Course, { databases }: Ports, site: string, waits: boolean): Promise<void> {
  for (const { id, mode } of declared.servers) if (mode === "sync") await databases.wait(id, site, waits);
}

function told(course: Course, ports: Ports, site: string, waits: boolean) {
  return until(ports, SECONDS, async () =>
    unless(
      await eachServer(course, async ({ id, mode }) => {
        if (mode !== "sync" || (await ports.databases.seen(id, site)).waits === waits) return undefined;
        return waits
          ? text("belum menunggu situs lain", "does not wait for the other site yet")
          : text("masih menunggu situs lain", "still waits for the other site");
      }),
    ),
  );
}
