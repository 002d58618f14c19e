/** Deploys one stack of a region, showing what happens and stopping cleanly on Ctrl-C. */
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { outOfReach } from "../io/errors.ts";
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

export async function previewStack(
  stack: Stack,
  refresh: boolean,
  signal: AbortSignal,
): Promise<{ summary: ChangeSummary; output: string }> {
  const errors: string[] = [];
  const lines: string[] = [];
  try {
    const result = await stack.preview({
      refresh,
      signal,
      color: "never",
      diff: true,
      onOutput: (text) => lines.push(text),
      onEvent: (event) => hear(event, { note: () => {} }, errors),
    });
    return { summary: changeSummary(result.changeSummary), output: lines.join("") };
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
  const lines = [...new Set(errors)].filter((line) => line !== "" && !line.startsWith("update failed"));
  const text = lines.length > 0 ? lines.join("\n") : cause instanceof Error ? cause.message : String(cause);
  return outOfReach({ id: `${stack}: ${text}`, en: `${stack}: ${text}` }, undefined, { cause });
}
