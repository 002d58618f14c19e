/** Takes secrets out of whatever is about to be logged, printed or sent. By name of the field, and by the look of the value. */

export const REDACTED = "[redacted]";

/** Last word of a field's name, singular or plural: `key`, `tsigSecret`, `database_passwords`, `scramVerifier`. */
const SECRET_NAME = new Set("key secret password passphrase verifier token credential pin".split(" "));
const SECRET_VALUE = /-----BEGIN [A-Z ]*PRIVATE KEY-----|^SCRAM-SHA-256\$|AGE-SECRET-KEY-|^lumbung-[A-Za-z0-9_-]{43}$/;
const PEM_IN_TEXT = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const INLINE = /SCRAM-SHA-256\$\S+|AGE-SECRET-KEY-\S+|\blumbung-[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;

/** Whether a field of this name holds a secret, by our own naming. */
export function isSecretName(name: string): boolean {
  const last = name.split(/[-_.]|(?<=[a-z0-9])(?=[A-Z])/).at(-1) ?? "";
  return SECRET_NAME.has(last.toLowerCase().replace(/s$/, ""));
}

/** A copy in which every secret text or number is replaced. Below a field with a secret's name, everything is. */
export function redact(value: unknown): unknown {
  return walk(value, false, new Set());
}

/** A text without the secrets that can be told by their look; for messages of errors that we did not write. */
export function redactText(text: string): string {
  return text.replace(PEM_IN_TEXT, REDACTED).replace(INLINE, REDACTED);
}

function walk(value: unknown, secret: boolean, above: ReadonlySet<unknown>): unknown {
  if (typeof value === "string") return secret || SECRET_VALUE.test(value) ? REDACTED : redactText(value);
  if (typeof value === "number" || typeof value === "bigint") return secret ? REDACTED : value;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (above.has(value)) return "[circular]";
  const path = new Set(above).add(value);
  if (ArrayBuffer.isView(value)) return secret ? REDACTED : `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => walk(item, secret, path));
  if (value instanceof Error) return walkError(value, path);
  // A file of a workload says of itself that its content is secret.
  const marked = (value as { secret?: unknown }).secret === true;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      walk(item, secret || isSecretName(name) || (marked && name === "content"), path),
    ]),
  );
}

function walkError(error: Error, path: ReadonlySet<unknown>): unknown {
  return {
    ...(walk({ ...error }, false, path) as object),
    type: error.name,
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: walk(error.cause, false, path) }),
  };
}
