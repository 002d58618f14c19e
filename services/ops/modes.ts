/** What `node ops.mjs <words>` does besides serving: it asks the running server and prints what that says. */
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { OpsFiles } from "./files.ts";
import { type Answer, query } from "./query.ts";

export interface Mode {
  /** @returns the exit code. @throws where the server does not answer. */
  readonly run: (files: OpsFiles) => Promise<number>;
  /** The exit code where it does not. */
  readonly silent: number;
}

/** The mode that these words name, or the words that are known. */
export function modeOf([name = "", ...rest]: readonly string[]): Mode | string {
  const [id, limit] = rest;
  switch (name) {
    case "health":
      return { silent: 1, run: (files) => told(files, "/health", { code: (status) => (status === 200 ? 0 : 1) }) };
    case "status":
    case "jobs":
    case "coverage":
    case "drills":
      return { silent: 3, run: (files) => told(files, `/${name}`) };
    case "drill":
      if (id === undefined) break;
      return { silent: 3, run: (files) => told(files, `/drills/${encodeURIComponent(id)}`) };
    case "run":
      return { silent: 3, run: async (files) => told(files, "/runs", { body: await textOf(process.stdin) }) };
    case "runbooks": {
      const path = id === undefined ? "/runbooks" : `/runbooks/${encodeURIComponent(id)}`;
      return { silent: 3, run: (files) => told(files, path, { patienceSeconds: RUNBOOK_SECONDS }) };
    }
    case "runbook":
      return {
        silent: 3,
        run: async (files) =>
          told(files, "/runbooks", { body: await textOf(process.stdin), patienceSeconds: RUNBOOK_SECONDS }),
      };
    case "check":
    case "bundle":
    case "drift":
    case "access": {
      const path = SIGNED_AT[name];
      return { silent: 3, run: async (files) => told(files, path, { body: await textOf(process.stdin) }) };
    }
    case "watch":
      if (id === undefined || Number.isNaN(Number(limit ?? 0))) break;
      return {
        silent: 3,
        run: (files) => watch(files, id, limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)),
      };
  }
  return "health, status, jobs, coverage, drills, drill <id>, run, restore, finding, probe, check, bundle, drift, access, runbook, runbooks [run], watch <id> [seconds] or nothing";
}

/** Where what is to be signed at once is told. */
const SIGNED_AT = { check: "/checks", bundle: "/bundles", drift: "/drifts", access: "/accesses" } as const;

/** Whoever plans a runbook looks at both sites first, and waits for each part of one that is gone. */
const RUNBOOK_SECONDS = 60;

interface Question {
  /** Posted. */
  readonly body?: string;
  readonly patienceSeconds?: number;
  /** The exit code by HTTP status. Default: `codeOf`. */
  readonly code?: (status: number) => number;
}

async function told(
  files: OpsFiles,
  path: string,
  { body, patienceSeconds, code = codeOf }: Question = {},
): Promise<number> {
  const { status, text } = await query(files, path, body, patienceSeconds);
  console.log(text);
  return code(status);
}

/** 1: not now, or there is none; 2: the question is wrong; 3: it cannot say. */
function codeOf(status: number): number {
  if (status < 300) return 0;
  if (status === 404 || status === 409) return 1;
  return status === 400 || status === 413 ? 2 : 3;
}

async function watch(files: OpsFiles, id: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const answer: Answer = await query(files, `/runs/${encodeURIComponent(id)}`);
    console.log(answer.text);
    if (answer.status !== 200) return codeOf(answer.status);
    const { state } = JSON.parse(answer.text) as { readonly state: string };
    if (state !== "running" || performance.now() >= until) return 0;
    await pause(1000);
  }
}
