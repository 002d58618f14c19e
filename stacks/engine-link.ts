/**
 * Holes in Pulumi's SDK for Node (3.250.0: runtime/settings.js, runtime/resource.js, errors.js) between a program and its engine,
 * closed here since a hole means that what was not declared is *deleted*:
 *
 * 1. When a call to the engine ends with UNAVAILABLE or CANCELLED, the SDK takes the engine to be on its way out, drops the call and
 *    lets the program end well. An engine that was not on its way out then removes everything whose declaration was dropped.
 * 2. gRPC's connections are shared by address within a process, with the wait after a failure. Each run of a program listens on ports of
 *    its own chance; where such a port was used by an earlier run of this process, the new run is told UNAVAILABLE at once.
 */
import { setTimeout as pause } from "node:timers/promises";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { outOfReach } from "../io/errors.ts";
import type { Text } from "../model/types.ts";

/** What the SDK exports and does not declare; the version is pinned, and engine-link.test.ts fails where it is no longer so. */
interface Internals {
  readonly grpcClientOptions: Record<string, unknown>;
  readonly waitForRPCs: () => Promise<void>;
  readonly getStore: () => { readonly terminated: boolean };
}
const { grpcClientOptions, waitForRPCs, getStore } = { ...settings, ...state } as unknown as Internals;

const LOOK_MILLISECONDS = 100;

/** From now on each of this process's connections to an engine is its own (gRPC: `grpc.use_local_subchannel_pool`). */
export function ownConnections(): void {
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}

/** Said where not everything was declared, with what to do; beside another failure it is only that failure's consequence. */
export const NOT_ALL_DECLARED: { readonly text: Text; readonly hint: Text } = {
  text: {
    id: "mesin Pulumi berhenti menjawab sebelum semua sumber daya dinyatakan",
    en: "Pulumi's engine stopped answering before every resource was declared",
  },
  hint: {
    id: "yang belum dinyatakan dibiarkan apa adanya; jalankan perintah yang sama sekali lagi",
    en: "what was not declared is left as it is; run the same command again",
  },
};

/**
 * Runs the program and waits until the engine has answered for all that it declared.
 * @throws LumbungError (3) when it did not: Pulumi then deletes nothing for want of a declaration.
 */
export async function declaringAll<T>(program: () => Promise<T>): Promise<T> {
  const outputs = await program();
  await answersOrEnd();
  if (getStore().terminated) throw outOfReach(NOT_ALL_DECLARED.text, NOT_ALL_DECLARED.hint);
  return outputs;
}

/** All answers, or the SDK's word that there will be no more: what waits for a dropped declaration would wait for ever. */
async function answersOrEnd(): Promise<void> {
  let answered = false;
  const answers = waitForRPCs().then(() => {
    answered = true;
  });
  while (!answered && !getStore().terminated) await Promise.race([answers, pause(LOOK_MILLISECONDS)]);
}
