import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

export { Counter, Gauge, Registry };

/** A registry of its own (never prom-client's global one) with the process's default metrics. */
export function createRegistry(labels: Readonly<Record<string, string>>): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry });
  return registry;
}
