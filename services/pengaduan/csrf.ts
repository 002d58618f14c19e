/** Forms that only we can have made: a token bound to a session cookie by HMAC (OWASP: signed double submit). Pure. */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** `__Host-`: only over TLS, only for this very host (RFC 6265bis 4.1.3.2). */
export const SESSION_COOKIE = "__Host-pengaduan";
const MAX_AGE_SECONDS = 12 * 3600;
const SESSION = /^[A-Za-z0-9_-]{22}$/;

/**
 * Key of the tokens, from the database password: equal at every site and after every restart, so a form that was opened at one
 * site can be sent at the other after a failover.
 */
export function csrfKey(databasePassword: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", databasePassword, "lumbung", "pengaduan csrf 1", 32));
}

function signature(key: Uint8Array, session: string, issued: string): Buffer {
  return createHmac("sha256", key).update(`${session}.${issued}`).digest();
}

/** Token for a form. @param nowMs Time of issue, milliseconds since 1970. */
export function issueToken(key: Uint8Array, session: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000).toString(36);
  return `${issued}.${signature(key, session, issued).toString("base64url")}`;
}

/** Was this token issued for this session, and not longer ago than twelve hours? */
export function verifyToken(key: Uint8Array, session: string | undefined, token: string, nowMs: number): boolean {
  const match = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/.exec(token);
  if (!match || session === undefined) return false;
  const [, issued = "", given = ""] = match;
  const age = Math.floor(nowMs / 1000) - Number.parseInt(issued, 36);
  return (
    timingSafeEqual(Buffer.from(given, "base64url"), signature(key, session, issued)) &&
    age >= -60 &&
    age <= MAX_AGE_SECONDS
  );
}

/** The session of a `Cookie` header, if it has one of ours. */
export function sessionOf(cookies: string | undefined): string | undefined {
  for (const part of (cookies ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === SESSION_COOKIE && value !== undefined && SESSION.test(value)) return value;
  }
  return undefined;
}

export function sessionCookie(session: string): string {
  return `${SESSION_COOKIE}=${session}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}
