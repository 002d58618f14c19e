/** What the application answers to a request. No socket, no clock, no database of its own: all are handed in. */

import { FAVICON, MOTIF } from "../../web/art.ts";
import { STYLE } from "../../web/style.ts";
import type { Lang } from "../../web/text.ts";
import { apiRespond } from "./api.ts";
import {
  type Draft,
  EMPTY_DRAFT,
  type Faults,
  faultsOf,
  readReference,
  referenceFrom,
  requestKey,
} from "./complaint.ts";
import type { AppConfig } from "./config.ts";
import { issueToken, sessionCookie, sessionOf, verifyToken } from "./csrf.ts";
import { type AppDeps, type AppRequest, type AppResponse, draftFrom, isForeign, respond } from "./http.ts";
import { complaintPage, formPage, listPage, messagePage, type Notice, type View } from "./pages.ts";
import { StoreUnavailable } from "./store.ts";

const RETRY_SECONDS = 5;
const LATEST = 50;

const ASSETS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/style.css": ["text/css; charset=utf-8", STYLE],
  "/favicon.svg": ["image/svg+xml", FAVICON],
  "/motif.svg": ["image/svg+xml", MOTIF],
  "/robots.txt": [
    "text/plain; charset=utf-8",
    "User-agent: *\nDisallow: /laporan/\nDisallow: /en/laporan/\nDisallow: /api/\n",
  ],
};

function htmlResponse(
  status: number,
  route: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): AppResponse {
  return respond(status, route, "text/html; charset=utf-8", body, more);
}

interface Context {
  readonly request: AppRequest;
  readonly deps: AppDeps;
  readonly view: View;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The form with a new CSRF token; keeps the session, the form's own token and everything typed. */
function showForm(
  status: number,
  { request, deps, view }: Context,
  draft: Draft,
  faults: Faults,
  kept?: string,
  notice?: Notice,
  retrySeconds?: number,
): AppResponse {
  const session = sessionOf(request.headers.cookie) ?? Buffer.from(deps.random(16)).toString("base64url");
  const token = kept ?? Buffer.from(deps.random(16)).toString("base64url");
  const csrf = issueToken(deps.csrfKeys[0], session, deps.nowMs());
  const body = formPage({ draft, faults, csrf, token, ...(notice === undefined ? {} : { notice }) }, view);
  return htmlResponse(status, "form", body, {
    "set-cookie": sessionCookie(session),
    ...(retrySeconds === undefined ? {} : { "retry-after": String(retrySeconds) }),
  });
}

async function postForm(context: Context): Promise<AppResponse> {
  const { request, deps, view } = context;
  const { config, store, limiter } = deps;
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? ""))
    return htmlResponse(415, "form", messagePage({ title: "badRequest" }, "/", view));
  const fields = new URLSearchParams(request.body);
  const draft = draftFrom((name) => fields.get(name) ?? "");
  const token = /^[A-Za-z0-9_-]{16,64}$/.exec(fields.get("token") ?? "")?.[0];
  const session = sessionOf(request.headers.cookie);
  const genuine = deps.csrfKeys.some((key) => verifyToken(key, session, fields.get("csrf") ?? "", deps.nowMs()));
  if (isForeign(request) || !genuine || token === undefined)
    return showForm(403, context, draft, {}, token, { title: "expired", note: "expiredNote" });
  const faults = faultsOf(draft, config.opds);
  if (Object.keys(faults).length > 0) return showForm(422, context, draft, faults, token);
  const wait = limiter.take(request.client, config.limit, deps.nowMs());
  if (wait > 0) return showForm(429, context, draft, {}, token, { title: "tooMany", note: "tooManyNote" }, wait);
  try {
    const written = await store.add({ ...draft, requestKey: requestKey(token, draft) }, () =>
      referenceFrom(deps.random(8)),
    );
    const prefix = view.lang === "en" ? "/en" : "";
    return htmlResponse(303, "form", "", { location: `${prefix}/laporan/${written.reference}?baru=1` });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return showForm(503, context, draft, {}, token, { title: "notSaved", note: "notSavedNote" }, RETRY_SECONDS);
  }
}

async function list({ deps, view, query }: Context): Promise<AppResponse> {
  const typed = query.get("nomor");
  if (typed !== null) {
    const reference = readReference(typed);
    if (reference === undefined)
      return htmlResponse(404, "find", messagePage({ title: "noComplaint" }, "/laporan/", view));
    return htmlResponse(303, "find", "", { location: `${view.lang === "en" ? "/en" : ""}/laporan/${reference}` });
  }
  return htmlResponse(200, "list", listPage(await deps.store.latest(LATEST), view));
}

async function one({ deps, view, path, query }: Context): Promise<AppResponse> {
  const reference = readReference(path.slice("/laporan/".length));
  const complaint = reference === undefined ? undefined : await deps.store.find(reference);
  if (complaint === undefined)
    return htmlResponse(404, "complaint", messagePage({ title: "noComplaint" }, "/laporan/", view));
  return htmlResponse(200, "complaint", complaintPage(complaint, query.get("baru") === "1", view));
}

function notAllowed(allow: string, { view }: Context): AppResponse {
  return htmlResponse(405, "method", messagePage({ title: "badRequest" }, "/", view), { allow });
}

async function route(context: Context): Promise<AppResponse> {
  const { request, deps, view, path, query } = context;
  const reading = request.method === "GET" || request.method === "HEAD";
  if (path.startsWith("/api/")) return apiRespond(request, deps, path);
  const asset = ASSETS[path];
  if (asset !== undefined && view.lang === "id")
    return reading
      ? respond(200, "asset", asset[0], asset[1], { "cache-control": "max-age=3600" })
      : notAllowed("GET, HEAD", context);
  if (path === "/") {
    if (reading) return showForm(200, context, { ...EMPTY_DRAFT, opd: query.get("opd") ?? "" }, {});
    return request.method === "POST" ? postForm(context) : notAllowed("GET, HEAD, POST", context);
  }
  if (path.startsWith("/laporan/")) {
    if (!reading) return notAllowed("GET, HEAD", context);
    return path === "/laporan/" ? list(context) : one(context);
  }
  return htmlResponse(404, "unknown", messagePage({ title: "notFound" }, "/", view));
}

/** The answer to a request. Never throws: a bug of ours is reported to `onBug` and answered with 500. */
export async function handle(request: AppRequest, deps: AppDeps): Promise<AppResponse> {
  const absolute = request.url.startsWith("/") ? `https://x${request.url}` : "";
  const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
  const english = url !== undefined && (url.pathname === "/en" || url.pathname.startsWith("/en/"));
  const lang: Lang = english ? "en" : "id";
  const view: View = { config: deps.config, lang };
  if (url === undefined) return htmlResponse(400, "unknown", messagePage({ title: "badRequest" }, "/", view));
  const path = english ? url.pathname.slice("/en".length) || "/" : url.pathname;
  try {
    return await route({ request, deps, view, path, query: url.searchParams });
  } catch (error) {
    if (error instanceof StoreUnavailable)
      return htmlResponse(
        503,
        "unavailable",
        messagePage({ title: "unavailable", note: "unavailableNote" }, "/", view),
        {
          "retry-after": String(RETRY_SECONDS),
        },
      );
    deps.onBug(error, path.startsWith("/laporan/") ? "complaint" : "form");
    return htmlResponse(500, "bug", messagePage({ title: "failed", note: "failedNote" }, "/", view));
  }
}

/** The answer to a body over the limit, of which nothing was read further. */
export function tooLarge(config: AppConfig, url: string): AppResponse {
  if (url.startsWith("/api/"))
    return respond(413, "too-large", "application/json", `${JSON.stringify({ error: { code: "too-large" } })}\n`);
  const lang: Lang = url.startsWith("/en/") ? "en" : "id";
  return htmlResponse(413, "too-large", messagePage({ title: "tooLarge" }, "/", { config, lang }));
}
