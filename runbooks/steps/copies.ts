/** Files, objects and repositories: complete before a switch, and turned round by it. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import { always, eachServer, factOf, HOLDS, inNewEpoch, lacking, notYet, piece, unless, until } from "./kit.ts";

const ROUND_SECONDS = 900;
/** How long the other site's store, which may be gone, is waited for once ours has the new credentials. */
const OTHER_SECONDS = 2;
/** A round that began so long ago is as good as now, while writes go on. */
const FRESH_SECONDS = 120;

/** Only where somebody says how old they are, and takes orders; others follow the gateway by themselves. */
export const hasCopies = ({ declared }: Course): boolean => declared.copies.length > 0;

async function olderThan({ to }: Course, { copies }: Ports, at: number): Promise<Text[]> {
  return (await copies.seen(to)).flatMap(({ id, completeAt }) =>
    completeAt !== null && Date.parse(completeAt) >= at
      ? []
      : [text(`${id}: terakhir utuh ${completeAt ?? "–"}`, `${id}: last whole ${completeAt ?? "–"}`)],
  );
}

/** While writes go on, so that the last round, when they do not, is short. */
export const copyBefore: Piece = piece(
  "copy-before",
  ({ to }) => ({
    title: text(`Salin berkas, objek, repositori ke ${to}`, `Copy files, objects, repositories to ${to}`),
    byHand: text(
      "Lihat salinan yang tertinggal (`lumbung status`); boleh dilewati bila RPO berkas diterima",
      "See which copy is late (`lumbung status`); may be skipped where the files' RPO is accepted",
    ),
    expectedSeconds: 60,
    maySkip: true,
  }),
  (course, ports) => ({
    precondition: always,
    action: () => ports.copies.round(course.to),
    check: () =>
      until(ports, ROUND_SECONDS, async () =>
        unless(await olderThan(course, ports, ports.clock.now().getTime() - FRESH_SECONDS * 1000)),
      ),
  }),
);

/** Nobody writes any more: what this round brings is all there is. */
export const copyLast: Piece = piece(
  "copy-last",
  ({ to }) => ({
    title: text(`Salin sisa berkas terakhir ke ${to}`, `Copy the last files to ${to}`),
    byHand: text(
      "Boleh dilewati bila RPO berkas diterima; yang belum disalin tinggal di situs lama",
      "May be skipped where the files' RPO is accepted; what was not copied stays at the old site",
    ),
    expectedSeconds: 5,
    maySkip: true,
  }),
  (course, ports) => ({
    precondition: async () =>
      unless(
        await eachServer(course, async ({ id }) => notYet(await ports.databases.seen(id, course.from), "not primary")),
      ),
    action: () => ports.copies.round(course.to),
    check: (context) =>
      until(ports, ROUND_SECONDS, async () => {
        const closed = factOf(context, "close-writes", "closedAt");
        return closed === undefined
          ? lacking("tidak diketahui kapan tulisan berhenti", "unknown when writes stopped")
          : unless(await olderThan(course, ports, Date.parse(closed)));
      }),
  }),
);

/** After this only credentials of the new epoch count, so a site that comes back with old ones writes nowhere else. */
export const turnCopies: Piece = piece(
  "turn-copies",
  ({ to, from }) => ({
    title: text(`Balikkan arah salinan: ${to} ke ${from}`, `Turn copies round: ${to} to ${from}`),
    byHand: text(
      `Lihat penyimpanan objek di ${to} (\`lumbung status\`), lalu lanjutkan`,
      `Look at the object store at ${to} (\`lumbung status\`), then resume`,
    ),
    expectedSeconds: 10,
  }),
  (course, ports) => {
    const { to, from, epoch } = course;
    return {
      precondition: () => inNewEpoch(course, ports),
      action: async () => {
        // One that is gone learns the epoch when it comes back: its guard asks before it opens. Users wait meanwhile, so it is not waited for.
        const other = ports.copies.raise(from, epoch + 1).catch(() => {});
        await ports.copies.raise(to, epoch + 1);
        await Promise.race([other, ports.pause(OTHER_SECONDS)]);
      },
      check: () =>
        until(ports, 60, async () => {
          const both = await Promise.all([ports.copies.seen(to), ports.copies.seen(from).catch(() => [])]);
          const old = both.flat().filter((one) => one.epoch !== null && one.epoch !== epoch + 1);
          return old.length === 0
            ? HOLDS
            : lacking(
                `masih epoch lama: ${old.map(({ id }) => id)}`,
                `still of the old epoch: ${old.map(({ id }) => id)}`,
              );
        }),
    };
  },
);
