/** Waiting until the other site has what it must have. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { StepContext } from "../engine/program.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import { always, eachServer, factOf, holding, nothing, notYet, piece, unless, until } from "./kit.ts";

/** How far behind a standby may be before writes are stopped: it must catch up while nobody can write. */
const NEAR_SECONDS = 5;
const CATCH_UP_SECONDS = 600;
const LAST_SECONDS = 60;

async function behind({ to }: Course, { databases, clock }: Ports, server: string): Promise<Text | undefined> {
  const seen = await databases.seen(server, to);
  const lacks = notYet(seen, "standby");
  if (lacks) return lacks;
  if (seen.completeAt === null) return text("tidak diketahui seberapa tertinggal", "unknown how far behind");
  const seconds = (clock.now().getTime() - Date.parse(seen.completeAt)) / 1000;
  return seconds <= NEAR_SECONDS
    ? undefined
    : text(`tertinggal ${Math.round(seconds)} detik`, `${Math.round(seconds)} seconds behind`);
}

/** Before writes stop, so that they stop for as short as possible. */
export const nearBy: Piece = piece(
  "near-by",
  ({ to }) => ({
    title: text(`Tunggu sampai ${to} hampir tanpa jeda`, `Wait until ${to} is hardly behind`),
    byHand: text(
      `Cari sebab ${to} tertinggal (jaringan, cakram): \`lumbung status\`; lalu lanjutkan`,
      `Find out why ${to} is behind (network, disk): \`lumbung status\`; then resume`,
    ),
    expectedSeconds: 20,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () =>
      until(ports, CATCH_UP_SECONDS, async () =>
        unless(await eachServer(course, ({ id }) => behind(course, ports, id))),
      ),
  }),
);

/** After writes stopped: not one that was acknowledged may be missing. */
export const lastWrites: Piece = piece(
  "last-writes",
  ({ to }) => ({
    title: text(`Pastikan tulisan terakhir ada di ${to}`, `Make sure that the last writes are at ${to}`),
    byHand: text(
      `Jangan teruskan tanpa ini: batalkan (tulisan dibuka lagi), atau pulihkan aliran ke ${to} lalu lanjutkan`,
      `Do not go on without it: abort (writes are opened again), or mend the stream to ${to}, then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: (context) =>
      until(ports, LAST_SECONDS, async () =>
        unless(await eachServer(course, ({ id }) => lastWriteOf(id, context, course, ports))),
      ),
  }),
);

async function lastWriteOf(server: string, context: StepContext, { to }: Course, { databases }: Ports) {
  const position = factOf(context, "close-writes", server);
  if (position === undefined) return text("posisi terakhir tidak diketahui", "its last position is unknown");
  return (await databases.has(server, to, position))
    ? undefined
    : text(`belum sampai ${position}`, `has not come to ${position}`);
}

/** A takeover: what was received is applied, and as of when that is. */
export const drained: Piece = piece(
  "drain",
  ({ to }) => ({
    title: text(`Terapkan semua yang sudah diterima ${to}`, `Apply all that ${to} has received`),
    byHand: text(
      "Tunggu sampai penerapan selesai, lalu lanjutkan; yang belum diterima tidak akan datang lagi",
      "Wait until all is applied, then resume; what was not received will not come any more",
    ),
    expectedSeconds: 10,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: async () => {
      const facts: Record<string, string | null> = {};
      const held = await until(ports, CATCH_UP_SECONDS, async () =>
        unless(
          await eachServer(course, async ({ id }) => {
            const seen = await ports.databases.seen(id, course.to);
            facts[id] = seen.completeAt;
            if (seen.role === "primary") return undefined;
            if (seen.position === null) return text("posisinya tidak diketahui", "its position is unknown");
            return (await ports.databases.has(id, course.to, seen.position))
              ? undefined
              : text("belum semua diterapkan", "not all is applied yet");
          }),
        ),
      );
      return held.holds ? holding(facts) : held;
    },
  }),
);

/** After a switch: the site that was active is the standby now. */
export const follows: Piece = piece(
  "rejoin",
  ({ from, to }) => ({
    title: text(`Pastikan ${from} mengikuti ${to}`, `Make sure that ${from} follows ${to}`),
    byHand: text(
      `Layanan sudah jalan. Isi ulang ${from}: \`lumbung reseed --site ${from}\`; lalu lanjutkan, atau lewati`,
      `Services run. Fill ${from} anew: \`lumbung reseed --site ${from}\`; then resume, or skip`,
    ),
    expectedSeconds: 30,
    maySkip: true,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () =>
      until(ports, CATCH_UP_SECONDS, async () =>
        unless(
          await eachServer(course, async ({ id }) => notYet(await ports.databases.seen(id, course.from), "standby")),
        ),
      ),
  }),
);
