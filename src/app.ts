import type { Context as HonoContext, MiddlewareHandler, Next } from "hono";
import { auditRoutes } from "./audit/index.ts";
import { catalogChangeRoutes, catalogRoutes, imageRoutes } from "./catalog/index.ts";
import { checkoutRoutes, orderActionRoutes, stripeWebhookRoute } from "./checkout/index.ts";
import { csvRoutes } from "./csv/index.ts";
import { discountRoutes } from "./discounts/index.ts";
import {
  apiKeyRoutes,
  authenticate,
  authRoutes,
  customerRoutes,
  keySetRoutes,
  userRoutes,
} from "./identity/index.ts";
import { inventoryRoutes } from "./inventory/index.ts";
import { orderRoutes } from "./orders/index.ts";
import { bookmarkOf, errorPage, keepApart, recognizeVisitor, storefront } from "./pages/index.ts";
import { BOOKMARK_HEADER } from "./platform/connection.ts";
import { unauthenticated } from "./platform/errors.ts";
import { guest } from "./platform/http/access.ts";
import { answer } from "./platform/http/answer.ts";
import {
  readJsonText,
  requireJsonAccepted,
  requireSmallBody,
} from "./platform/http/conventions.ts";
import { describeApi } from "./platform/http/document.ts";
import type { ContextEnv } from "./platform/http/env.ts";
import { errorResponse, logError, toAppError } from "./platform/http/errors.ts";
import { healthRoutes } from "./platform/http/health.ts";
import { type MethodsAt, methodsOf, unknownAddress } from "./platform/http/methods.ts";
import { tellOrigins, tellPreflight } from "./platform/http/origins.ts";
import { countCall, countThen } from "./platform/http/rate-limit.ts";
import { clientAddress, requestIdOf } from "./platform/http/request.ts";
import { newRouter } from "./platform/http/router.ts";
import { policiesOf, requireSameSite, secure, UNCACHED } from "./platform/http/security.ts";
import { ReplayedError } from "./platform/idempotency/answer.ts";
import { privacyRoutes } from "./privacy/index.ts";
import { reportRoutes } from "./reports/index.ts";
import { type AppContext, costOf, createContext, type Services } from "./services.ts";
import { settingsRoutes } from "./settings/index.ts";
import { documentedEvents, subscriberRoutes } from "./subscribers/index.ts";
import { webhookRoutes } from "./webhooks/index.ts";

type AppEnv = ContextEnv<AppContext>;
type Call = HonoContext<AppEnv>;

const api = newRouter<AppContext>()
  .route("/", authRoutes)
  .route("/", userRoutes)
  .route("/", customerRoutes)
  .route("/", privacyRoutes)
  .route("/", apiKeyRoutes)
  .route("/", catalogRoutes)
  .route("/", catalogChangeRoutes)
  .route("/", imageRoutes)
  .route("/", settingsRoutes)
  .route("/", inventoryRoutes)
  .route("/", discountRoutes)
  .route("/", checkoutRoutes)
  .route("/", orderRoutes)
  .route("/", orderActionRoutes)
  .route("/", auditRoutes)
  .route("/", reportRoutes)
  .route("/", csvRoutes)
  .route("/", webhookRoutes)
  .route("/", subscriberRoutes);

/** The Worker's HTTP face over these services. */
export function createApp(services: Services) {
  const app = newRouter<AppContext>();
  const methodsAt = methodsOf(app);
  app.use(serve(services, methodsAt));
  app.onError(async (error, c) => keepingCookies(c, await answerError(c, error)));
  app.notFound((c) => answerError(c, unknownAddress(c.req.method, methodsAt(c.req.path))));
  const { shopName: title, publicUrl: url } = services.config;
  const document = () => describeApi(app, { title, url, webhooks: documentedEvents() });
  app.get("/openapi.json", (c) => answer(c, document(), 200));
  app.route("/", storefront(document));
  return app
    .route("/", healthRoutes)
    .route("/", keySetRoutes)
    .route("/", stripeWebhookRoute)
    .route("/api/v1", api);
}

/** What `hc<AppType>` infers its calls from. */
export type AppType = ReturnType<typeof createApp>;

/**
 * What every request passes: it gets its context, is let in, is answered, and its answer gets its headers, all at once
 * and on its own object, and the one log line.
 */
function serve(services: Services, methodsAt: MethodsAt): MiddlewareHandler<AppEnv> {
  const policies = policiesOf(services.config);
  return async (c, next) => {
    const started = performance.now();
    const ctx = openContext(services, c);
    const { method } = c.req;
    try {
      if (method === "OPTIONS") c.res = describeOptions(methodsAt(c.req.path));
      else await letIn(c, next);
    } catch (error) {
      answerAnew(c, await answerError(c, error));
    }
    const { headers } = c.res;
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", UNCACHED);
    if (!isForPrograms(c)) keepApart(c, headers);
    tellOrigins(headers, c.req.header("Origin") ?? null, services.config.corsOrigins);
    if (method === "OPTIONS") tellPreflight(headers);
    secure(headers, policies);
    const ms = Math.round(performance.now() - started);
    const { trips, milliseconds } = costOf(ctx);
    headers.set("X-Request-Id", ctx.requestId);
    if (method !== "GET" && ctx.db.bookmark !== undefined)
      headers.set(BOOKMARK_HEADER, ctx.db.bookmark);
    for (const [name, value] of Object.entries(ctx.limits.headers())) headers.set(name, value);
    headers.set(
      "Server-Timing",
      `db;dur=${milliseconds.toFixed(1)};desc="${trips}", total;dur=${ms}`,
    );
    ctx.log.emit({ status: c.res.status, ms, trips });
  };
}

function openContext(services: Services, c: Call): AppContext {
  const { headers } = c.req.raw;
  const ctx = createContext(services, {
    requestId: requestIdOf(headers),
    actor: guest(clientAddress(headers)),
    later: (work) => c.executionCtx.waitUntil(work),
    log: { event: "request", method: c.req.method, path: c.req.path },
    atLeast: bookmarkOf(c),
  });
  c.set("ctx", ctx);
  return ctx;
}

/** What `OPTIONS` asks (RFC 9110, 9.3.7): which methods an address has. */
function describeOptions(allowed: readonly string[]): Response {
  if (allowed.length === 0) throw unknownAddress("OPTIONS", allowed);
  return new Response(null, { status: 204, headers: { Allow: allowed.join(", ") } });
}

/** Finds out who asks, and counts and answers the request. Throws what keeps it out. */
async function letIn(c: Call, next: Next): Promise<void> {
  const { method, path } = c.req;
  await requireSmallBody(c);
  if (!API.test(path)) {
    if (!isForPrograms(c)) {
      requireSameSite(c);
      c.set("ctx", { ...c.var.ctx, ...(await recognizeVisitor(c, c.var.ctx)) });
    }
    return countThen(c.var.ctx, { method, path }, next);
  }
  if (!isOfFile(c)) requireJsonAccepted(c);
  await identify(c);
  await countThen(c.var.ctx, { method, path }, async () => {
    c.set("sent", await readJsonText(c));
    await next();
  });
}

/** Finds out who is calling. A token or key that is not good is refused, also where none is needed. */
async function identify(c: Call): Promise<void> {
  const header = c.req.header("Authorization");
  if (header === undefined) return;
  const { ctx } = c.var;
  const actor = await authenticate(ctx, header);
  if (actor === undefined) {
    await countCall(ctx, c.req);
    throw unauthenticated();
  }
  c.set("ctx", { ...ctx, actor });
}

/** What is asked for with `Accept: image/*` or `text/csv`. */
const FILES = /^\/api\/v1\/(images\/|jobs\/[^/]+\/file$)/;

function isOfFile({ req: { method, path } }: Call): boolean {
  return (method === "GET" || method === "HEAD") && FILES.test(path);
}

const API = /^\/api(\/|$)/;

/** Where programs ask; everywhere else it is people, and an error is a page. */
const FOR_PROGRAMS = /^\/(api|webhooks|health|openapi\.json|\.well-known)(\/|$)/;

/** The cookie says nothing where programs ask, as `Authorization` says nothing where people do. */
function isForPrograms({ req }: Call): boolean {
  return FOR_PROGRAMS.test(req.path);
}

/** In place of whatever the answer was: the framework would mix the headers of both. */
function answerAnew(c: Call, answer: Response): void {
  c.res = undefined;
  c.res = answer;
}

/** A page that fails on the way keeps what it has told the browser to remember or to forget. */
function keepingCookies(c: HonoContext, answer: Response): Response {
  for (const cookie of c.res.headers.getSetCookie()) answer.headers.append("Set-Cookie", cookie);
  c.res = undefined;
  return answer;
}

async function answerError(c: Call, thrown: unknown): Promise<Response> {
  const { ctx } = c.var;
  const { method, path } = c.req;
  // A page's form has its key in it, or does the same when it is sent twice; an event is known by its own id.
  const keyed = !path.startsWith("/api/") || c.req.header("Idempotency-Key") !== undefined;
  const error = toAppError(thrown, ctx, { method, keyed });
  logError(error, ctx);
  if (!FOR_PROGRAMS.test(path)) return errorPage(ctx, error);
  if (error instanceof ReplayedError) {
    const answer = errorResponse(error, error.requestId);
    answer.headers.set("Idempotency-Replayed", "true");
    return answer;
  }
  return errorResponse(error, ctx.requestId);
}
