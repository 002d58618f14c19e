/** How exposed the region is, on every screen: as the `ops` that were asked anyway see it. */
import type { Model, SiteModel, Text } from "../model/types.ts";
import type { Exposed } from "../services/ops/status.ts";
import type { AskOps } from "./backup/ask-ops.ts";
import { say } from "./output/language.ts";

/** What a site's `ops` said; undefined: it said nothing of it, as one of before does. */
export type Told = Partial<Exposed> & { readonly site: string };

/** One line for each thing that is said, however many say it. None: every site that answered sees the region whole. */
export function exposureLines({ sites }: Pick<Model, "sites">, told: readonly Told[]): Text[] {
  if (sites.length < 2) return [];
  if (told.length === 0) return [NOBODY];
  const said = told.map(({ site, exposure }) => (exposure === undefined ? unsaid(site) : exposure));
  return [...new Map(said.flatMap((one) => (one === null ? [] : [[one.en, one] as const]))).values()];
}

/** On standard error, as figures on standard output are for programs, too. */
export function warnExposed(model: Pick<Model, "sites">, told: readonly Told[]): void {
  for (const line of exposureLines(model, told)) process.stderr.write(`! ${say(line)}\n`);
}

/** For whoever asks nothing of `ops` otherwise: all sites at once, and who has not answered by then is not waited for. */
export async function askExposure(
  sites: readonly SiteModel[],
  ask: AskOps,
  withinSeconds: number = WITHIN_SECONDS,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  const asked = sites.map(async (site) => {
    const { code, text } = await ask(site, ["status"]);
    if (code === 0) told.push({ ...(JSON.parse(text) as Exposed), site: site.id });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinSeconds * 1000);
  });
  // Whoever fails is unknown, and said to be where nobody answers.
  await Promise.race([Promise.allSettled(asked), late]);
  clearTimeout(timer);
  return [...told];
}

const WITHIN_SECONDS = 5;

const NOBODY: Text = {
  id: "TIDAK DIKETAHUI apakah wilayah berjalan dengan siaga: tidak ada ops yang menjawab (`lumbung status`)",
  en: "UNKNOWN whether the region runs with a standby: no ops answers (`lumbung status`)",
};

const unsaid = (site: string): Text => ({
  id: `TIDAK DIKETAHUI apakah wilayah berjalan dengan siaga: ops ${site} tidak mengatakannya (\`lumbung up\`)`,
  en: `UNKNOWN whether the region runs with a standby: the ops of ${site} does not say (\`lumbung up\`)`,
});
