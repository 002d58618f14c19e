/** `node ops.mjs probe`: has the server in this container make a round of probes now, and prints what came of it. */
import { setTimeout as pause } from "node:timers/promises";
import type { OpsFiles } from "../files.ts";
import type { Mode } from "../modes.ts";
import { query } from "../query.ts";
import type { RoundsView } from "./views.ts";

const POLL_MS = 1000;

export const probeMode: Mode = { silent: 3, run: (files) => probe(files) };

/** 0: signed; 1: no round here; 3: it did not come to its end, or was not signed. */
async function probe(files: OpsFiles): Promise<number> {
  const begun = await query(files, "/probes", "");
  if (begun.status !== 202) {
    console.log(begun.text);
    return begun.status === 404 ? 1 : 3;
  }
  const { id } = JSON.parse(begun.text) as { readonly id: string };
  for (;;) {
    await pause(POLL_MS);
    const { status, text } = await query(files, "/probes");
    if (status !== 200) throw new Error(`answers ${status}: ${text}`);
    const view = JSON.parse(text) as RoundsView;
    if (view.underWay === id) continue;
    console.log(text);
    return view.last?.id === id && view.last.waiting === 0 && view.last.refused.length === 0 ? 0 : 3;
  }
}
