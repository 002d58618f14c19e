/**
 * The official plugin 5.2.0 as answer key: every pure call of the transcript (fifteen steps) against our handlers.
 * What we deliberately answer otherwise is named in `EXCEPTIONS`, with the reason, and nowhere else.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXCEPTIONS } from "./exceptions.ts";
import { type Answer, replay } from "./replay.ts";
import type { ValueMap } from "./values.ts";

interface Call {
  readonly method: string;
  readonly request: ValueMap;
  readonly response?: ValueMap;
}

const transcript = JSON.parse(readFileSync(new URL("./testdata/docker-5.2.0.json", import.meta.url), "utf8")) as {
  readonly steps: readonly { readonly step: string; readonly calls: readonly Call[] }[];
};

describe.each(transcript.steps)("official 5.2.0: $step", ({ calls }) => {
  const pure = calls.filter((call) => call.response && isPure(call));
  it.each(pure.map((call) => [`${call.method.split("/").at(-1)} ${call.request.name}`, call] as const))(
    "%s",
    async (_title, call) => {
      const ours = normalised(await replay(call.method, call.request), call, false);
      const theirs = normalised(call.response ?? {}, call, true);
      expect(ours).toEqual(theirs);
    },
  );
});

function isPure({ method, request }: Call): boolean {
  const name = method.split("/").at(-1) ?? "";
  return (
    ["CheckConfig", "DiffConfig", "Configure", "Check", "Diff"].includes(name) ||
    (["Create", "Update"].includes(name) && request.preview === true)
  );
}

/** Without what can't be the same, and the official answer with our exceptions applied. */
function normalised(answer: Answer, call: Call, official: boolean): Answer {
  const method = call.method.split("/").at(-1) ?? "";
  const blanked = JSON.parse(
    JSON.stringify(answer, dropped).replace(/"auto-[0-9a-f]{7}"/g, '"auto-<7 hex>"'),
  ) as Answer;
  return official
    ? EXCEPTIONS.reduce((value, exception) => exception.apply(method, value, call.request), blanked)
    : blanked;
}

/** The bridge's own bookkeeping, which no program sees. */
function dropped(key: string, value: unknown): unknown {
  return key === "__meta" || key === "__pulumi_raw_state_delta" ? undefined : value;
}
