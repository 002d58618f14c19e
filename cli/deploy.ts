/** Deploys one stack of a region, showing what happens and stopping cleanly on Ctrl-C. */
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { CARRIER } from "../components/runtime/docker/carrier.ts";
import { outOfReach } from "../io/errors.ts";
import { NOT_ALL_DECLARED } from "../stacks/engine-link.ts";
import type { Step } from "./output/progress.ts";

/** Count of operations by kind, as Pulumi names them. */
export type ChangeSummary = Readonly<Record<"same" | "create" | "update" | "replace" | "delete", number>>;

const NONE: ChangeSummary = { same: 0, create: 0, update: 0, replace: 0, delete: 0 };

/** Fills in the kinds of operation that Pulumi did not mention. */
export function changeSummary(counts: Readonly<Record<string, number | undefined>> | undefined): ChangeSummary {
  const summary: Record<string, number> = { ...NONE };
  for (const kind of Object.keys(NONE)) summary[kind] = counts?.[kind] ?? 0;
  return summary as ChangeSummary;
}

/** Steps of a replacement, as Pulumi names them. */
const REPLACING: ReadonlySet<string> = new Set(["replace", "create-replacement", "delete-replaced"]);

/** What a preview says: how much changes, Pulumi's own words, and the names of the containers that are replaced. */
export interface Previewed {
  readonly summary: ChangeSummary;
  readonly output: string;
  readonly replaced: readonly string[];
}

/** The container that this step of a deployment replaces, by its workload's name; the carrier of files stops nothing. */
export function replacedContainer({ op, type, urn }: { op: string; type: string; urn: string }): string | undefined {
  const name = urn.split("::").at(-1);
  return REPLACING.has(op) && type === "docker:index/container:Container" && name !== CARRIER ? name : undefined;
}

/** True where a preview or an update changed nothing. */
export function unchanged(summary: ChangeSummary): boolean {
  return summary.create + summary.update + summary.replace + summary.delete === 0;
}

export async function deployStack(stack: Stack, step: Step, signal: AbortSignal): Promise<ChangeSummary> {
  const errors: string[] = [];
  try {
    const result = await stack.up({
      refresh: true,
      signal,
      onEvent: (event) => hear(event, step, errors),
      color: "never",
    });
    return changeSummary(result.summary.resourceChanges);
  } catch (cause) {
    throw deploymentError(stack.name, errors, signal, cause);
  }
}

export async function previewStack(stack: Stack, refresh: boolean, signal: AbortSignal): Promise<Previewed> {
  const errors: string[] = [];
  const replaced = new Set<string>();
  const lines: string[] = [];
  try {
    const result = await stack.preview({
      refresh,
      signal,
      color: "never",
      diff: true,
      onOutput: (text) => lines.push(text),
      onEvent: (event) => {
        hear(event, { note: () => {} }, errors);
        const name = event.resourcePreEvent && replacedContainer(event.resourcePreEvent.metadata);
        if (name) replaced.add(name);
      },
    });
    return { summary: changeSummary(result.changeSummary), output: lines.join(""), replaced: [...replaced].sort() };
  } catch (cause) {
    throw deploymentError(stack.name, errors, signal, cause);
  }
}

function hear(event: EngineEvent, step: Step, errors: string[]): void {
  if (event.resourcePreEvent) {
    const { op, urn } = event.resourcePreEvent.metadata;
    if (op !== "same") step.note(`${op} ${urn.split("::").at(-1)}`);
  }
  if (event.diagnosticEvent?.severity === "error") errors.push(event.diagnosticEvent.message.trim());
}

function deploymentError(stack: string, errors: readonly string[], signal: AbortSignal, cause: unknown): Error {
  if (signal.aborted) {
    return outOfReach(
      { id: `${stack}: dihentikan di tengah jalan`, en: `${stack}: stopped half-way` },
      {
        id: "tidak ada yang rusak; jalankan perintah yang sama sekali lagi",
        en: "nothing is broken; run the same command again",
      },
      { cause },
    );
  }
  const said = [...new Set(errors)].filter((line) => line !== "" && !line.startsWith("update failed"));
  const lines = said.filter((line) => !line.includes(NOT_ALL_DECLARED.text.en));
  if (lines.length === 0 && said.length > 0) {
    const { text, hint } = NOT_ALL_DECLARED;
    return outOfReach({ id: `${stack}: ${text.id}`, en: `${stack}: ${text.en}` }, hint, { cause });
  }
  const text = lines.length > 0 ? lines.join("\n") : cause instanceof Error ? cause.message : String(cause);
  return outOfReach({ id: `${stack}: ${text}`, en: `${stack}: ${text}` }, undefined, { cause });
}
