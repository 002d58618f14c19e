/** `/metrics`: the status in Prometheus' words. */
import { createRegistry, Gauge, type Registry } from "../../io/metrics.ts";
import type { Health, OpsStatus, SiteState, SiteView } from "./status.ts";

const STATES: readonly SiteState[] = ["active", "standby", "closed", "rebuilding", "unknown"];
const HEALTH: Readonly<Record<Health, number>> = { ok: 1, failing: 0, unknown: -1 };

export interface Exposition {
  /** The metrics of this status, in the text format. */
  render(status: OpsStatus): Promise<string>;
  readonly contentType: string;
}

export function createExposition(region: string, registry: Registry = createRegistry({ region })): Exposition {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const health = gauge("lumbung_workload_health", "1 ok, 0 failing, -1 unknown (never read it as ok)", [
    "workload",
    "site",
  ]);
  const state = gauge("lumbung_site_state", "1 for the state that the site is in", ["site", "state"]);
  const lag = gauge("lumbung_replication_lag_bytes", "WAL that a standby has not replayed yet", ["workload", "site"]);
  const lagSeconds = gauge("lumbung_replication_lag_seconds", "For how long a standby may not have been complete", [
    "workload",
    "site",
  ]);
  const expiry = gauge("lumbung_certificate_expiry_seconds", "Until the certificate that was shown ends", [
    "workload",
    "site",
  ]);

  const show = (view: SiteView, now: number): void => {
    const { site } = view;
    for (const each of STATES) state.set({ site, state: each }, each === view.state ? 1 : 0);
    for (const workload of view.workloads) {
      const labels = { workload: workload.name, site };
      health.set(labels, HEALTH[workload.health]);
      if (workload.lagBytes !== undefined) lag.set(labels, workload.lagBytes);
      if (workload.lagSeconds !== undefined) lagSeconds.set(labels, workload.lagSeconds);
      if (workload.certificateExpires) expiry.set(labels, (Date.parse(workload.certificateExpires) - now) / 1000);
    }
  };
  return {
    contentType: registry.contentType,
    render: (status) => {
      // What is no longer known must not linger with its last value.
      for (const each of [health, state, lag, lagSeconds, expiry]) each.reset();
      const now = Date.parse(status.at);
      show(status, now);
      if (status.peer) show(status.peer, now);
      return registry.metrics();
    },
  };
}
