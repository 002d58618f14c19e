import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import type { LumbungError } from "../io/errors.ts";
import { NOT_ALL_DECLARED } from "../stacks/engine-link.ts";
import { deployStack } from "./deploy.ts";

/** A stack whose update ends badly after these messages. */
function failing(...messages: string[]): Stack {
  const up = async ({ onEvent }: { onEvent: (event: unknown) => void }) => {
    for (const message of messages) onEvent({ diagnosticEvent: { severity: "error", message } });
    throw new Error("exit code 255");
  };
  return { name: "lab-dc", up } as unknown as Stack;
}

const failure = (stack: Stack): Promise<LumbungError> =>
  deployStack(stack, { note: () => {} }, new AbortController().signal).then(
    () => expect.unreachable(),
    (error: LumbungError) => error,
  );
/** As Pulumi hands on what a program throws. */
const undeclared = `Program failed: ${NOT_ALL_DECLARED.text.en} (${NOT_ALL_DECLARED.hint.en})\n`;

describe("a deployment that failed because not everything could be declared", () => {
  it("says so in the reader's language, with what to do", async () => {
    const { exitCode, text, hint } = await failure(failing(undeclared));
    expect([exitCode, hint]).toEqual([3, NOT_ALL_DECLARED.hint]);
    expect(text.id).toBe("lab-dc: mesin Pulumi berhenti menjawab sebelum semua sumber daya dinyatakan");
    expect(text.en).toBe("lab-dc: Pulumi's engine stopped answering before every resource was declared");
  });
  it("names the cause alone where there is one", async () => {
    const { text, hint } = await failure(failing("127.0.60.1:80/tcp is taken", undeclared));
    expect(text.en).toBe("lab-dc: 127.0.60.1:80/tcp is taken");
    expect(hint).toBeUndefined();
  });
});
