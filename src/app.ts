import type { Env, Context as HonoContext, MiddlewareHandler } from "hono";
import { auditRoutes } from "./audit/index.ts";
import { catalogRoutes } from "./catalog/index.ts";
import { checkoutRoutes, orderActionRoutes, stripeWebhookRoute } from "./checkout/index.ts";
import { discountRoutes } from "./discounts/index.ts";
import {
  apiKeyRoutes,
  authenticate,
  authRoutes,
  keySetRoutes,
  userRoutes,
} from "./identity/index.ts";
import { inventoryRoutes } from "./inventory/index.ts";
import { orderRoutes } from "./orders/index.ts";
import { errorPage, recognizeVisitor, storefront } from "./pages/index.ts";
import type { Bindings } from "./platform/config.ts";
import { unauthenticated } from "./platform/errors.ts";
import { guest } from "./platform/http/access.ts";
import {
  allowedOrigins,
  conditional,
  limitedBody,
  onlyJsonAccepted,
  onlyJsonSent,
  privateByDefault,
} from "./platform/http/conventions.ts";
import type { ContextEnv } from "./platform/http/env.ts";
import { errorResponse, logError, toAppError } from "./platform/http/errors.ts";
import { healthRoutes } from "./platform/http/health.ts";
import { describeOptions, methodsOf, unknownAddress } from "./platform/http/methods.ts";
import { countCall, LIMIT_HEADERS, limited } from "./platform/http/rate-limit.ts";
import { clientAddress, requestIdOf } from "./platform/http/request.ts";
import { newRouter } from "./platform/http/router.ts";
import { sameSiteForms, securityHeaders } from "./platform/http/security.ts";
import { ReplayedError } from "./platform/idempotency/answer.ts";
import { type AppContext, costOf, createContext, type Services } from "./services.ts";
import { webhookRoutes } from "./webhooks/index.ts";

type AppEnv = ContextEnv<AppContext> & { Bindings: Bindings };

const api = newRouter<AppContext>()
  .route("/", authRoutes)
  .route("/", userRoutes)
  .route("/", apiKeyRoutes)
  .route("/", catalogRoutes)
  .route("/", inventoryRoutes)
  .route("/", discountRoutes)
  .route("/", checkoutRoutes)
  .route("/", orderRoutes)
  .route("/", orderActionRoutes)
  .route("/", auditRoutes)
  .route("/", webhookRoutes);

/** The Worker's HTTP face over these services. */
export function createApp(services: Services) {
  const app = newRouter<AppContext>();
  const methodsAt = methodsOf(app);
  app.use(openContext(services), securityHeaders, privateByDefault);
  app.use(describeOptions(methodsAt), allowedOrigins, limitedBody);
  app.use("/api/*", onlyJsonAccepted, identify);
  app.use(forPeople(sameSiteForms), forPeople(recognizeVisitor));
  app.use(limited);
  app.use("/api/*", onlyJsonSent, conditional);
  app.onError((error, c) => answerError(c, error));
  app.notFound((c) => answerError(c, unknownAddress(c.req.method, methodsAt(c.req.path))));
  app.openAPIRegistry.registerComponent("securitySchemes", "accessToken", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "hf_…",
  });
  for (const [name, header] of Object.entries(LIMIT_HEADERS)) {
    app.openAPIRegistry.registerComponent("headers", name, header);
  }
  const description = {
    openapi: "3.1.0",
    info: { title: services.config.shopName, version: "1", description: "The Holdfast API." },
    servers: [{ url: services.config.publicUrl }],
  };
  app.doc31("/openapi.json", description);
  app.route(
    "/",
    storefront(() => app.getOpenAPI31Document(description)),
  );
  return app
    .route("/", healthRoutes)
    .route("/", keySetRoutes)
    .route("/", stripeWebhookRoute)
    .route("/api/v1", api);
}

/** Finds out who is calling. A token or key that is not good is refused, also where none is needed. */
const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  const header = c.req.header("Authorization");
  if (header === undefined) return next();
  const { ctx } = c.var;
  const actor = await authenticate(ctx, header);
  if (actor === undefined) {
    await countCall(ctx, c.req);
    throw unauthenticated();
  }
  c.set("ctx", { ...ctx, actor });
  return next();
};

/** What `hc<AppType>` infers its calls from. */
export type AppType = ReturnType<typeof createApp>;

/** Opens the context of a request, and closes it with the headers and the one log line that every request has. */
function openContext(services: Services): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const started = performance.now();
    const requestId = requestIdOf(c.req.raw.headers);
    const ctx = createContext(services, {
      requestId,
      actor: guest(clientAddress(c.req.raw.headers)),
      later: (work) => c.executionCtx.waitUntil(work),
      log: { event: "request", method: c.req.method, path: c.req.path },
    });
    c.set("ctx", ctx);
    await next();
    const ms = Math.round(performance.now() - started);
    const { trips, milliseconds } = costOf(ctx);
    c.header("X-Request-Id", requestId);
    for (const [name, value] of Object.entries(ctx.limits.headers())) c.header(name, value);
    c.header("Server-Timing", `db;dur=${milliseconds.toFixed(1)};desc="${trips}", total;dur=${ms}`);
    ctx.log.emit({ status: c.res.status, ms, trips });
  };
}

/** Where programs ask; everywhere else it is people, and an error is a page. */
const FOR_PROGRAMS = /^\/(api|webhooks|health|openapi\.json|\.well-known)(\/|$)/;

/** The cookie says nothing where programs ask, as `Authorization` says nothing where people do. */
function forPeople<E extends Env>(middleware: MiddlewareHandler<E>): MiddlewareHandler<E> {
  return (c, next) => (FOR_PROGRAMS.test(c.req.path) ? next() : middleware(c, next));
}

function answerError(c: HonoContext<ContextEnv<AppContext>>, thrown: unknown): Response {
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
