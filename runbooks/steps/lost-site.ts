/** The active site without its recovery site. */
import { text } from "../../model/text.ts";
import type { Piece } from "../runbook.ts";
import { always, eachServer, HOLDS, lacking, nothing, notYet, otherEpoch, piece, unless, until } from "./kit.ts";
import { sameAddresses } from "./names.ts";

/** It goes on by the lease that it shares with the witness, and nobody else has it. */
export const stillActive: Piece = piece(
  "still-active",
  ({ to }) => ({
    title: text(`${to} tetap aktif dengan izin tulisnya`, `${to} stays active by its lease`),
    byHand: text(
      `Bila saksi juga hilang, ${to} tertutup: tetapkan epoch dengan dua persetujuan, lalu lanjutkan`,
      `If the witness is gone, too, ${to} is closed: confirm the epoch with two approvals, then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: async () => {
      const seen = await ports.lease.seen();
      const epoch = otherEpoch(seen, [{ epoch: course.epoch, site: course.to }]);
      if (!epoch.holds) return epoch;
      if (seen.guards[course.to] !== "open")
        return lacking(`penjaga di ${course.to} tidak terbuka`, `the guards at ${course.to} are not open`);
      return unless(
        await eachServer(course, async ({ id }) => notYet(await ports.databases.seen(id, course.to), "primary")),
      );
    },
  }),
);

/** Its own copies of files, objects and repositories, made anew. */
export const copyToRebuilt: Piece = piece(
  "copy-rebuilt",
  ({ from }) => ({
    title: text(`Salin berkas, objek, repositori ke ${from}`, `Copy files, objects, repositories to ${from}`),
    byHand: text(
      "Tunggu sampai salinan utuh (`lumbung status`), lalu lanjutkan; boleh dilewati: salinan berjalan sendiri",
      "Wait until copies are whole (`lumbung status`), then resume; may be skipped: they go on by themselves",
    ),
    expectedSeconds: 1800,
    maySkip: true,
  }),
  ({ from }, ports) => ({
    precondition: always,
    action: () => ports.copies.round(from),
    check: () =>
      until(ports, 6 * 3600, async () => {
        const never = (await ports.copies.seen(from)).filter(({ completeAt }) => completeAt === null);
        return never.length === 0
          ? HOLDS
          : lacking(`belum pernah utuh: ${never.map(({ id }) => id)}`, `never whole: ${never.map(({ id }) => id)}`);
      }),
  }),
);

/** Both names say the same again. */
export const namesAgain: Piece = piece(
  "names-again",
  ({ from }) => ({
    title: text(`Server nama di ${from} menjawab alamat yang sama`, `The name server at ${from} says the same`),
    byHand: text(
      `Server nama yang baru bertanya kepada yang lain sendiri: tunggu, lalu lanjutkan`,
      `A new name server asks the other one by itself: wait, then resume`,
    ),
    expectedSeconds: 10,
  }),
  ({ from, to }, ports) => ({
    precondition: always,
    action: async () => {
      await ports.names.set(from, (await ports.names.seen(to)).addresses);
    },
    check: async () => {
      const [own, other] = [await ports.names.seen(to), await ports.names.seen(from)];
      return sameAddresses(own.addresses, other.addresses)
        ? HOLDS
        : lacking(`${from} menjawab ${other.addresses}`, `${from} says ${other.addresses}`);
    },
  }),
);
