/** The region's duties as they are assessed from the evidence that its sites have signed. */
import { askOpsOf } from "../../../cli/backup/ask-ops.ts";
import { gather } from "../../../cli/check/gather.ts";
import { type Assessment, assess, type DutyResult } from "../../../compliance/index.ts";
import type { SiteModel } from "../../../model/types.ts";
import type { RoundsView } from "../../../services/ops/probes/views.ts";
import { eventually } from "./eventually.ts";
import { lumbung } from "./lumbung.ts";
import { engine, REGION } from "./region.ts";

const ROUND_MS = 600_000;

const ask = askOpsOf(
  REGION,
  () => ({
    exec: (container, words, options) =>
      engine.exec(container, words, { ...options, signal: AbortSignal.timeout(ROUND_MS) }),
  }),
  { id: "pemeriksaan", en: "probes" },
);

/** A round at each of these sites that began after now, signed. @throws what each said last. */
export async function roundsAt(sites: readonly SiteModel[], seconds: number): Promise<void> {
  const since = Date.now();
  await Promise.all(
    sites.map((site) =>
      eventually(`a round of probes at ${site.id}`, seconds, async () => {
        const { code, text } = await ask(site, ["probe"]);
        if (code !== 0) throw new Error(`${site.id}: ops.mjs probe: exit code ${code}: ${text}`);
        const { last } = JSON.parse(text) as RoundsView;
        // One that was under way is joined, and may have looked before.
        return last !== null && Date.parse(last.startedAt) >= since ? true : undefined;
      }),
    ),
  );
}

/** By `lumbung check`. @throws where not all evidence could be read, with why. */
export async function dutiesNow(): Promise<readonly DutyResult[]> {
  const { code, stdout, stderr } = await lumbung(["check", "--region", REGION, "--json"]);
  if (stdout === "") throw new Error(`lumbung check: exit code ${code}: ${stderr}`);
  return readable((JSON.parse(stdout) as { readonly assessment: Assessment }).assessment);
}

/** As they would be assessed so many seconds from now, if no more evidence came. @throws as `dutiesNow`. */
export async function dutiesAfter(seconds: number): Promise<readonly DutyResult[]> {
  const input = await gather({ region: REGION, words: [] });
  return readable(assess({ ...input, now: new Date(input.now.getTime() + seconds * 1000) }));
}

function readable({ evidence, duties }: Assessment): readonly DutyResult[] {
  if (!evidence.reachable) throw new Error(`evidence could not all be read: ${evidence.reason?.en}`);
  return duties;
}
