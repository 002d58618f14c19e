/** The same application for programs: JSON in, JSON out. */

import { PROOF_PATH, PROOF_TOKEN } from "../../model/proof.ts";
import { type Complaint, faultsOf, readReference, referenceFrom, requestKey } from "./complaint.ts";
import { type AppDeps, type AppRequest, type AppResponse, draftFrom, isForeign, respond } from "./http.ts";
import { StoreUnavailable } from "./store.ts";

const BASE = "/api/complaints";

function json(status: number, value: unknown, more: Readonly<Record<string, string>> = {}): AppResponse {
  return respond(status, "api", "application/json; charset=utf-8", `${JSON.stringify(value)}\n`, more);
}

function failure(
  status: number,
  code: string,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
): AppResponse {
  return json(status, { error: { code, ...more } }, headers);
}

function complaintJson(complaint: Complaint): object {
  return {
    reference: complaint.reference,
    opd: complaint.opd,
    text: complaint.text,
    status: complaint.status,
    createdAt: complaint.createdAt.toISOString(),
    history: complaint.history.map((step) => ({ status: step.status, at: step.at.toISOString() })),
  };
}

/** The object that was sent, or `undefined`. */
function bodyOf(request: AppRequest): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON: the client's mistake, answered with 400 and nothing else to tell.
    return undefined;
  }
}

/** Why what was sent is not even read. */
function notOurs(request: AppRequest): AppResponse | undefined {
  // A form of another site can't send this type without asking first (CORS), and nobody is allowed to.
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) return failure(415, "expected-json");
  return isForeign(request) ? failure(403, "foreign-origin") : undefined;
}

async function create(request: AppRequest, deps: AppDeps): Promise<AppResponse> {
  const refused = notOurs(request);
  if (refused) return refused;
  const body = bodyOf(request);
  if (body === undefined) return failure(400, "invalid-json");
  const wrong = ["opd", "text", "name", "contact", "token"].filter(
    (name) => body[name] !== undefined && typeof body[name] !== "string",
  );
  if (wrong.length > 0)
    return failure(422, "invalid", { fields: Object.fromEntries(wrong.map((name) => [name, "expected-text"])) });
  const draft = draftFrom((name) => String(body[name] ?? ""));
  const faults = faultsOf(draft, deps.config.opds);
  if (Object.keys(faults).length > 0) return failure(422, "invalid", { fields: faults });
  const late = tooMany(request, deps);
  if (late) return late;
  const token = typeof body.token === "string" ? body.token : Buffer.from(deps.random(16)).toString("base64url");
  const written = await deps.store.add({ ...draft, requestKey: requestKey(token, draft) }, () =>
    referenceFrom(deps.random(8)),
  );
  return json(written.created ? 201 : 200, written, { location: `${BASE}/${written.reference}` });
}

function tooMany({ client }: AppRequest, { limiter, config, nowMs }: AppDeps): AppResponse | undefined {
  const wait = limiter.take(client, config.limit, nowMs());
  return wait > 0 ? failure(429, "too-many", {}, { "retry-after": String(wait) }) : undefined;
}

/** Anybody may: it writes less than a complaint, as seldom, and over what was there before. */
async function prove(request: AppRequest, deps: AppDeps): Promise<AppResponse> {
  const refused = notOurs(request);
  if (refused) return refused;
  const { token } = bodyOf(request) ?? {};
  if (typeof token !== "string" || !PROOF_TOKEN.test(token))
    return failure(422, "invalid", { fields: { token: "expected-32-hex-digits" } });
  return tooMany(request, deps) ?? json(201, await deps.store.prove(token));
}

async function read(request: AppRequest, deps: AppDeps, path: string): Promise<AppResponse> {
  if (request.method !== "GET" && request.method !== "HEAD") return failure(405, "method", {}, { allow: "GET, HEAD" });
  const reference = readReference(path.slice(BASE.length + 1));
  const complaint = reference === undefined ? undefined : await deps.store.find(reference);
  return complaint === undefined ? failure(404, "not-found") : json(200, complaintJson(complaint));
}

/** `POST /api/complaints`, `GET /api/complaints/<reference>`, `POST /api/proofs` (model/proof.ts). A passing fault is 503 with `Retry-After`. */
export async function apiRespond(request: AppRequest, deps: AppDeps, path: string): Promise<AppResponse> {
  try {
    if (path === BASE)
      return request.method === "POST" ? await create(request, deps) : failure(405, "method", {}, { allow: "POST" });
    if (path === PROOF_PATH)
      return request.method === "POST" ? await prove(request, deps) : failure(405, "method", {}, { allow: "POST" });
    if (path.startsWith(`${BASE}/`)) return await read(request, deps, path);
    return failure(404, "not-found");
  } catch (error) {
    if (error instanceof StoreUnavailable) return failure(503, "unavailable", {}, { "retry-after": "5" });
    deps.onBug(error, "api");
    return failure(500, "bug");
  }
}
