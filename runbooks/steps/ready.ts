/** First steps: whether the region is still as it was planned for. They change nothing. */
import { text } from "../../model/text.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import { always, eachServer, nothing, notYet, otherEpoch, piece, unless, until } from "./kit.ts";

const PATIENCE_SECONDS = 30;

/** Planned work: one side active, the other a standby that follows. */
export const readyToSwitch: Piece = piece(
  "ready",
  ({ from, to }) => ({
    title: text(`Periksa lagi: ${from} aktif, ${to} mengikuti`, `Look again: ${from} is active, ${to} follows`),
    byHand: text(
      "Lihat `lumbung preflight` dan `lumbung status`; atasi yang merah, lalu lanjutkan",
      "See `lumbung preflight` and `lumbung status`; mend what is red, then resume",
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () => until(ports, PATIENCE_SECONDS, () => asPlanned(course, ports, "standby")),
  }),
);

/** The epoch is still the active site's, which is primary everywhere, and the other one is what it was. */
async function asPlanned(course: Course, { lease, databases }: Ports, other: Parameters<typeof notYet>[1]) {
  const epoch = otherEpoch(await lease.seen(), [{ epoch: course.epoch, site: course.from }]);
  if (!epoch.holds) return epoch;
  return unless([
    ...(await eachServer(course, async ({ id }) => notYet(await databases.seen(id, course.from), "primary"))),
    ...(await eachServer(course, async ({ id }) => notYet(await databases.seen(id, course.to), other))),
  ]);
}

/** A takeover: the site that is to be active has its data. */
export const readyToTakeOver: Piece = piece(
  "ready",
  ({ to }) => ({
    title: text(`Periksa data di ${to}`, `Look at the data at ${to}`),
    byHand: text(
      `Pastikan mesin basis data di ${to} hidup dan datanya utuh (\`lumbung status\`), lalu lanjutkan`,
      `Make sure that the database servers at ${to} run and their data are whole (\`lumbung status\`), then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () => until(ports, PATIENCE_SECONDS, async () => unless(await dataLacking(course, ports))),
  }),
);

function dataLacking(course: Course, { databases }: Ports) {
  return eachServer(course, async ({ id }) => {
    const { role } = await databases.seen(id, course.to);
    return role === "unknown" || role === "rebuilding"
      ? text(`belum siap, sekarang ${role}`, `not ready, it is ${role} now`)
      : undefined;
  });
}

/** The way back: the active site stays as it is until the other one is a standby again. */
export const readyToReturn: Piece = piece(
  "ready",
  ({ from, to }) => ({
    title: text(
      `Periksa: ${from} aktif, ${to} menjawab tertutup`,
      `Look: ${from} is active, ${to} answers and is closed`,
    ),
    byHand: text(
      `Nyalakan situs ${to} (\`lumbung up --site ${to}\`); biarkan tertutup, lalu lanjutkan`,
      `Start site ${to} (\`lumbung up --site ${to}\`); leave it closed, then resume`,
    ),
    expectedSeconds: 10,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () => until(ports, PATIENCE_SECONDS, () => asPlanned(course, ports, "not primary")),
  }),
);
