/** Asking a site's `ops`: in its container, so that nothing but the engine has to be reachable. */
import { containerName } from "../../components/runtime/docker/names.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { type LumbungError, outOfReach } from "../../io/errors.ts";
import type { SiteModel, Text } from "../../model/types.ts";

export interface OpsAnswer {
  /** 0: what was asked for; 1: there is none, or not now; 2: the question is wrong. */
  readonly code: number;
  readonly text: string;
}

/** @throws LumbungError (3) where it does not answer. */
export type AskOps = (site: SiteModel, words: readonly string[], stdin?: string) => Promise<OpsAnswer>;

const OPS = ["node", "--max-old-space-size=32", "/usr/local/lib/lumbung/ops.mjs"];

/** @param about what it is asked of, for whoever reads that it does not answer. Default: backups. */
export function askOpsOf(
  region: string,
  engine: (site: SiteModel) => Pick<DockerEngine, "exec">,
  about: Text = { id: "cadangan", en: "backups" },
): AskOps {
  const unreachable = (site: string, why: string, cause?: unknown) => silent(site, why, about, cause);
  return async (site, words, stdin) => {
    const container = containerName({ region, site: site.id }, "ops");
    const { code, stdout, stderr } = await engine(site)
      .exec(container, [...OPS, ...words], stdin === undefined ? {} : { stdin })
      .catch((cause: unknown) => {
        throw unreachable(site.id, cause instanceof Error ? cause.message : String(cause), cause);
      });
    const text = stdout.trim();
    // Nothing on standard output: an `ops` of before it had jobs, which says on standard error what it knows.
    if (code > 2 || text === "") throw unreachable(site.id, (text || stderr.trim()).split("\n")[0] ?? "");
    return { code, text };
  };
}

/** What it says in JSON. @throws LumbungError (3) where it says no. */
export async function askJson<T>(ask: AskOps, site: SiteModel, ...words: readonly string[]): Promise<T> {
  const { code, text } = await ask(site, words);
  if (code !== 0) throw silent(site.id, text.split("\n")[0] ?? "", { id: "cadangan", en: "backups" });
  return JSON.parse(text) as T;
}

function silent(site: string, why: string, about: Text, cause?: unknown): LumbungError {
  return outOfReach(
    {
      id: `situs ${site}: tidak ada jawaban dari ops: ${why}`,
      en: `site ${site}: nothing is heard from ops: ${why}`,
    },
    {
      id: `lihat \`lumbung status\`; bila ${about.id} baru dinyatakan: \`lumbung up\``,
      en: `see \`lumbung status\`; where ${about.en} were declared just now: \`lumbung up\``,
    },
    cause === undefined ? {} : { cause },
  );
}
