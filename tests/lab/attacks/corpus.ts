/**
 * Attacks that are not ours: the OWASP core rules' own regression tests (Debian's source package, pinned in images/attacks by digest).
 * Pure: files in, cases out, each either to be sent or left out with the reason.
 */
import { parse } from "yaml";
import { z } from "zod";

export interface AttackCase {
  /** As the corpus names it, for example `942100-1`. */
  readonly id: string;
  /** The rule that must find it. */
  readonly rule: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Sorted {
  readonly sent: readonly AttackCase[];
  /** Reason to the ids that are left out for it. */
  readonly left: Readonly<Record<string, readonly string[]>>;
  readonly total: number;
}

const scalar = z.union([z.string(), z.number()]).transform(String);
const testSchema = z.object({
  test_title: scalar,
  stages: z.array(
    z.object({
      stage: z.object({
        input: z.object({
          method: scalar.default("GET"),
          uri: scalar.default("/"),
          version: scalar.default("HTTP/1.1"),
          headers: z.record(z.string(), scalar.nullable()).nullish(),
          data: z.union([scalar, z.array(scalar)]).nullish(),
          stop_magic: z.union([z.boolean(), z.string()]).optional(),
          encoded_request: z.string().optional(),
          raw_request: z.string().optional(),
        }),
        output: z.looseObject({ log_contains: scalar.optional() }),
      }),
    }),
  ),
});
const fileSchema = z.object({ tests: z.array(testSchema) });
type Test = z.infer<typeof testSchema>;

export interface RuleFacts {
  readonly paranoia: number;
  readonly critical: boolean;
}

/** Paranoia level and severity of every rule, from the text of the rules' files. */
export function ruleFacts(conf: string): Map<string, RuleFacts> {
  const rules = conf.replaceAll("\\\n", " ").split(/^(?=Sec(?:Rule|Action)\b)/m);
  const facts = new Map<string, RuleFacts>();
  for (const rule of rules) {
    const id = /["',\s]id:'?(\d+)/.exec(rule)?.[1];
    if (id === undefined) continue;
    facts.set(id, {
      paranoia: Number(/paranoia-level\/(\d)/.exec(rule)?.[1] ?? 1),
      critical: /severity:'?CRITICAL/.test(rule),
    });
  }
  return facts;
}

/** What of the corpus is to be refused here, and what cannot be asked of this installation. `unfit`: id to the reason that was found by hand. */
export function sortCorpus(
  files: readonly string[],
  rules: ReadonlyMap<string, RuleFacts>,
  unfit: ReadonlyMap<string, string>,
): Sorted {
  const sent: AttackCase[] = [];
  const left: Record<string, string[]> = {};
  const seen = new Map<string, number>();
  for (const test of files.flatMap((file) => fileSchema.parse(parse(file)).tests)) {
    const again = seen.get(test.test_title) ?? 0;
    seen.set(test.test_title, again + 1);
    // Some titles stand twice in the corpus.
    const id = again === 0 ? test.test_title : `${test.test_title}#${again + 1}`;
    const reason = unfitness(test, rules) ?? unfit.get(id);
    if (reason === undefined) sent.push(attackCase(id, test));
    else left[reason] = [...(left[reason] ?? []), id];
  }
  const total = sent.length + Object.values(left).flat().length;
  return { sent, left, total };
}

function unfitness({ stages }: Test, rules: ReadonlyMap<string, RuleFacts>): string | undefined {
  const [first] = stages;
  if (stages.length !== 1 || first === undefined) return "several requests that belong together";
  const { input, output } = first.stage;
  if (output.log_contains === undefined)
    return "shows what a rule lets pass, or asks for a status: no attack that must be stopped";
  const id = ruleOf(output.log_contains);
  if (id === undefined) return "names no rule";
  const rule = rules.get(id);
  if (rule === undefined) return "names a rule that the core rules do not hold (any more)";
  if (rule.paranoia > 1) return "of a rule of paranoia level 2 to 4, which is not switched on";
  if (!rule.critical) return "of a rule that alone does not reach the score of 5";
  if (input.encoded_request !== undefined || input.raw_request !== undefined) return "bytes that no HTTP client sends";
  if (!/^HTTP\/1\.[01]$/.test(input.version)) return "bytes that no HTTP client sends";
  return undefined;
}

/** Hop-by-hop headers are the client's own; Accept-Charset, which half of the corpus carries, is refused for itself and would hide what is meant. */
const OWN_HEADERS = /^(host|connection|proxy-connection|keep-alive|content-length|accept-charset)$/i;

function attackCase(id: string, { stages }: Test): AttackCase {
  const { input, output } = stages[0]?.stage ?? {};
  const rule = ruleOf(output?.log_contains ?? "");
  if (!input || rule === undefined) throw new Error(`${id}: no request, or no rule`);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(input.headers ?? {}))
    if (value !== null && (!OWN_HEADERS.test(name) || (/^9204[56]/.test(rule) && !/^host$/i.test(name))))
      headers[name.trim()] = value;
  const body = bodyOf(input);
  if (body !== undefined && input.stop_magic === undefined && !has(headers, "content-type"))
    headers["Content-Type"] = "application/x-www-form-urlencoded";
  const type = headers[nameOf(headers, "content-type") ?? ""] ?? "";
  return {
    id,
    rule,
    method: input.method,
    path: input.uri,
    headers,
    ...(body === undefined ? {} : { body: asSent(body, type) }),
  };
}

function bodyOf({ data }: Test["stages"][number]["stage"]["input"]): string | undefined {
  if (data === undefined || data === null) return undefined;
  return typeof data === "string" ? data : data.join("\r\n");
}

const ruleOf = (log: string): string | undefined => /id \\?"(\d+)\\?"/.exec(log)?.[1];
const nameOf = (headers: Record<string, string>, wanted: string) =>
  Object.keys(headers).find((name) => name.toLowerCase() === wanted);
const has = (headers: Record<string, string>, wanted: string) => nameOf(headers, wanted) !== undefined;

/** YAML ends lines with LF; the parts of a form are told apart by CR LF (RFC 2046). */
function asSent(body: string, type: string): string {
  if (/urlencoded/i.test(type)) return formEncoded(body);
  return /multipart/i.test(type) ? body.replaceAll(/\r?\n/g, "\r\n") : body;
}

/** As the corpus' own runner does it: a form that is not encoded yet is encoded. */
function formEncoded(body: string): string {
  if (/%[0-9a-f]{2}/i.test(body)) return body;
  return body
    .split("&")
    .map((pair) => {
      const at = pair.indexOf("=");
      const parts = at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
      return parts.map((part) => encodeURIComponent(part.replaceAll("+", " ")).replaceAll("%20", "+")).join("=");
    })
    .join("&");
}
