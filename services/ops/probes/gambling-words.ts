/**
 * What those who break into government sites write there for search engines. In plain letters and lower case, with single spaces; written
 * together counts as well. Data: a new one is one more line.
 */

/** Nobody writes these but whoever sells gambling: they count wherever they stand. */
export const SELLING: readonly string[] = [
  "slot gacor",
  "gacor hari ini",
  "gampang maxwin",
  "mudah maxwin",
  "slot maxwin",
  "slot online terpercaya",
  "situs slot",
  "agen slot",
  "bandar slot",
  "slot deposit",
  "slot pulsa",
  "slot demo",
  "slot thailand",
  "slot qris",
  "slot88",
  "slot777",
  "rtp slot",
  "rtp live",
  "bocoran rtp",
  "scatter hitam",
  "mahjong ways",
  "gates of olympus",
  "pragmatic play",
  "sbobet",
  "agen judi",
  "situs judi",
  "bandar judi",
  "daftar judi",
  "judi bola online",
  "bandar bola",
  "bandarqq",
  "dominoqq",
  "pkv games",
  "situs togel",
  "bandar togel",
  "agen togel",
  "toto macau",
  "togel hongkong",
  "togel singapore",
  "live casino",
  "bonus new member",
];

/** An agency may warn of these: they count in links that lead away, and in what readers do not see. */
export const SPOKEN_OF: readonly string[] = [
  "judi online",
  "judi",
  "togel",
  "slot online",
  "gacor",
  "maxwin",
  "casino",
  "kasino",
  "poker",
  "taruhan",
  "jackpot",
];
