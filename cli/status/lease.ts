/** Epoch and lease from what the sites' guards say: pure. What nobody said is unknown, never in force. */
import type { LeaseState } from "../../model/lease.ts";
import type { Text } from "../../model/types.ts";
import type { GuardStatus, LeaseStatus } from "./types.ts";

/** An older read of the store says nothing of now. */
const FRESH_SECONDS = 15;

/** Null: no guard answered. */
export function leaseStatus(states: readonly LeaseState[]): LeaseStatus | null {
  const [first] = states;
  if (!first) return null;
  const { epoch, site } = latest(states);
  const open = states.filter((one) => one.state === "open");
  return {
    witness: first.witness,
    epoch,
    site,
    holder: holderOf(states),
    open: [...new Set(open.map((one) => one.site))].sort(),
    leftSeconds: open.length === 0 ? 0 : Math.min(...open.map(({ leftSeconds }) => leftSeconds)),
    guards: states.map(guard),
  };
}

/** The store's word where somebody just read it, as no majority ever goes back; else the highest that a guard remembers. */
function latest(states: readonly LeaseState[]): { epoch: number; site: string } {
  const read = freshest(states);
  if (read) return { epoch: read.epoch, site: read.site };
  const known = states.map(({ epoch, epochSite }) => ({ epoch, site: epochSite }));
  return known.reduce((best, one) => (one.epoch > best.epoch ? one : best), { epoch: 0, site: "" });
}

function freshest(states: readonly LeaseState[]) {
  const reads = states.flatMap(({ store }) => (store && store.agoSeconds <= FRESH_SECONDS ? [store] : []));
  return reads.sort((a, b) => b.revision - a.revision || a.agoSeconds - b.agoSeconds)[0];
}

const holderOf = (states: readonly LeaseState[]): string | null => freshest(states)?.holder?.site ?? null;

const guard = ({
  site,
  workload,
  state,
  code,
  message,
  engine,
  epoch,
  leftSeconds,
  closing,
}: LeaseState): GuardStatus => ({
  site,
  workload,
  state,
  code,
  message,
  engine,
  epoch,
  leftSeconds,
  closing,
});

/** One line for a person. */
export function leaseLine({ witness, epoch, site, holder, open, leftSeconds }: LeaseStatus): Text {
  if (epoch === 0)
    return { id: "epoch: belum ada (wilayah belum didirikan)", en: "epoch: none yet (the region is not founded)" };
  const head = { id: `epoch ${epoch} milik ${site}`, en: `epoch ${epoch} of ${site}` };
  if (!witness)
    return {
      id: `${head.id} · TANPA saksi: hubungan antarsitus yang putus tidak menutup apa pun, dan sesudah peralihan paksa dua situs dapat sama-sama terbuka`,
      en: `${head.en} · WITHOUT a witness: a cut between the sites closes nothing, and after a forced failover both sites may be open`,
    };
  const held =
    holder === null
      ? { id: "tidak ada yang memegang hak tulis (lease)", en: "nobody is seen to hold the lease" }
      : { id: `hak tulis (lease) dipegang ${holder}`, en: `${holder} holds the lease` };
  const left = open.length === 0 ? { id: "", en: "" } : leftText(open, leftSeconds);
  return { id: `${head.id} · ${held.id}${left.id}`, en: `${head.en} · ${held.en}${left.en}` };
}

const leftText = (open: readonly string[], seconds: number): Text => ({
  id: `, ${open.join(" DAN ")} terbuka, tanpa perpanjangan ${seconds} dtk lagi`,
  en: `, ${open.join(" AND ")} open, for ${seconds} s without renewal`,
});

/** Words for what a guard's code means to a person; a code without words is shown as it is. */
const MEANINGS: Readonly<Record<string, Text>> = {
  alone: {
    id: "terbuka TANPA penyimpan epoch, atas pernyataan dua orang",
    en: "open WITHOUT the epoch store, as two people attested",
  },
  closing: { id: "sedang ditutup dengan tertib", en: "being closed in good order" },
  "closed-by-order": {
    id: "sudah ditutup dengan tertib untuk epoch ini",
    en: "was closed in good order for this epoch",
  },
  "leased-silent": {
    id: "penyimpan epoch tidak menjawab: tertutup begitu sisa waktunya habis",
    en: "the epoch store does not answer: closed once its time is over",
  },
  silent: {
    id: "penyimpan epoch tidak menjawab, atau tanpa mayoritas",
    en: "the epoch store does not answer, or has no majority",
  },
  expired: { id: "hak tulisnya tidak dapat diperpanjang pada waktunya", en: "its lease could not be renewed in time" },
};

const DOUBTED: Text = {
  id: "epoch diragukan: tertutup sampai situs lain atau dua orang memastikannya",
  en: "the epoch is in doubt: closed until the other site or two people confirm it",
};

/** Whether every guard of the site keeps it closed because another one holds the lease: it waits for its way back, and nothing of it is broken. */
export function isClosedFor(site: string, { holder, guards }: LeaseStatus): boolean {
  const own = guards.filter((one) => one.site === site);
  return holder !== null && holder !== site && own.length > 0 && own.every(({ state }) => state === "closed");
}

/** What a person should look at. */
export function leaseWarnings({ open, guards }: LeaseStatus): Text[] {
  const both =
    open.length > 1
      ? [
          {
            id: `${open.join(" DAN ")} SAMA-SAMA terbuka untuk tulisan`,
            en: `${open.join(" AND ")} are BOTH open for writes`,
          },
        ]
      : [];
  return [
    ...both,
    ...guards.flatMap(({ site, workload, code, message }) => {
      const meaning = code.startsWith("doubt-") ? DOUBTED : MEANINGS[code];
      if (!meaning) return [];
      const where = `${site}/${workload}`;
      return [{ id: `${where}: ${meaning.id} (${message})`, en: `${where}: ${meaning.en} (${message})` }];
    }),
  ];
}
