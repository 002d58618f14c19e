/** What Prometheus hears of rounds of probes. */
import { Gauge, type Registry } from "../../../io/metrics.ts";
import type { RoundsSeen } from "./service.ts";

export interface RoundsExposition {
  /** Takes the figures of now; undefined: nothing is known, and nothing lingers. */
  show(seen: RoundsSeen | undefined): void;
}

export function createRoundsExposition(registry: Registry): RoundsExposition {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const ended = gauge("lumbung_probe_round_timestamp_seconds", "When the last round of probes ended", ["site"]);
  const seconds = gauge("lumbung_probe_round_seconds", "How long the last round of probes took", ["site"]);
  const items = gauge("lumbung_probe_items", "Things that the last round looked at", ["site"]);
  const waiting = gauge("lumbung_probe_rounds_waiting", "Statements of rounds that wait for the signer", ["site"]);
  const name = gauge("lumbung_name_answers", "1 where a name leads to a declared gateway that answers over https", [
    "host",
    "site",
  ]);
  const clean = gauge("lumbung_page_clean", "1 where a page holds nothing that others put there", ["page", "site"]);
  const grants = gauge("lumbung_grants_without_leave", "Grants in a database server for which no leave is on record", [
    "server",
    "site",
  ]);
  return {
    show: (seen) => {
      for (const each of [ended, seconds, items, waiting, name, clean, grants]) each.reset();
      if (seen === undefined) return;
      const { site, last } = seen;
      waiting.set({ site }, seen.waiting);
      if (last === undefined) return;
      const { startedAt, endedAt } = last.view;
      ended.set({ site }, Date.parse(endedAt) / 1000);
      seconds.set({ site }, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
      items.set({ site }, last.view.items);
      for (const [key, item] of last.items) {
        if ("https" in item) name.set({ host: key.slice("name:".length), site }, item.gateway && item.https ? 1 : 0);
        if ("more" in item) grants.set({ server: key.slice("grants:".length), site }, item.more.length + item.untold);
        if ("clean" in item) clean.set({ page: key, site }, item.clean ? 1 : 0);
      }
    },
  };
}
