import lab from "./vitest.lab.config.ts";

/** What the gate has no time for: the files that `vitest.lab.config.ts` leaves out, named by who runs it. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default { test: { ...lab.test, exclude: [] } };
