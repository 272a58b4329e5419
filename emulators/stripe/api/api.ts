import { canonicalForm, type FormTree, parseForm, pathSegment } from "../protocol/form.ts";
import { invalid, Problem, problemBody } from "../protocol/problem.ts";
import { API_VERSION } from "../protocol/version.ts";
import { couponEndpoints } from "../resources/coupons.ts";
import { customerEndpoints } from "../resources/customers.ts";
import { disputeEndpoints } from "../resources/disputes.ts";
import type { Endpoint } from "../resources/endpoint.ts";
import { eventEndpoints } from "../resources/events.ts";
import { paymentEndpoints } from "../resources/payments.ts";
import { refundEndpoints } from "../resources/refunds.ts";
import { sessionEndpoints } from "../resources/sessions.ts";
import { shippingRateEndpoints } from "../resources/shipping-rates.ts";
import type { MisbehaviourRule, RequestEntry } from "../world/state.ts";
import type { Scope, World } from "../world/world.ts";
import { secretKey } from "./credentials.ts";
import { answerOnce } from "./execution.ts";
import { ConnectionDropped, hang, holdBack, rateLimited, takeRule } from "./misbehaviour.ts";

const ENDPOINTS: Endpoint[] = [
  ...sessionEndpoints,
  ...paymentEndpoints,
  ...refundEndpoints,
  ...couponEndpoints,
  ...customerEndpoints,
  ...eventEndpoints,
  ...disputeEndpoints,
  ...shippingRateEndpoints,
];

const LOGGED_REQUESTS = 20_000;

/** One call of the API, read but not yet judged. */
export interface Call {
  world: World;
  method: string;
  path: string;
  encoded: string;
  form: FormTree;
  key: string | null;
  requestId: string;
  version: string;
  rule: MisbehaviourRule | undefined;
  signal: AbortSignal;
}

/** Answers a request to `/v1/…`; rejects with ConnectionDropped when told to misbehave so. */
export async function handleApi(world: World, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const path = pathname.replace(/\/+$/, "");
  const method = request.method;
  const sent = method === "POST" ? await request.text() : search.slice(1);
  const entry = logRequest(world, request, path, sent);
  const call: Call = {
    world,
    method,
    path,
    encoded: sent,
    form: {},
    key: method === "POST" ? request.headers.get("idempotency-key") : null,
    requestId: world.newId("req_"),
    version: request.headers.get("stripe-version") ?? API_VERSION,
    rule: takeRule(world, method, path),
    signal: request.signal,
  };
  const response = await answer(call, request).catch((error: unknown) => {
    if (error instanceof Problem) return respond(call, error);
    throw error;
  });
  entry.status = response.status;
  if (call.rule?.kind === "timeout_after_success") await hang(call.rule, call.signal);
  if (call.rule?.kind === "answer_late") await holdBack(world, call.rule, call.signal);
  return response;
}

async function answer(call: Call, request: Request): Promise<Response> {
  const { world, rule } = call;
  if (rule?.kind === "timeout_before") await hang(rule, call.signal);
  if (rule?.kind === "connection_reset" && !rule.effect) throw new ConnectionDropped();
  const account = await world.account(secretKey(request));
  if (rule?.kind === "rate_limit_429") throw rateLimited();
  if (rule?.kind === "refuse") throw invalid(rule.message, rule.param ?? undefined);
  refuseVersion(call.version);
  refuseJson(request);
  call.form = parseForm(call.encoded);
  const { endpoint, id } = route(call);
  const scope: Scope = {
    world,
    account,
    request: { id: call.requestId, idempotencyKey: call.key },
  };
  const prepare = () => endpoint.prepare(scope, call.form, id);
  const keyed =
    call.key === null
      ? null
      : {
          key: call.key,
          fingerprint: `${call.method} ${call.path} ${canonicalForm(call.encoded)}`,
        };
  const given = await answerOnce(scope, call, keyed, prepare);
  if (rule?.kind === "connection_reset") throw new ConnectionDropped();
  return new Response(given.body, {
    status: given.status,
    headers: { ...usualHeaders(call), ...given.headers },
  });
}

function logRequest(world: World, request: Request, path: string, sent: string): RequestEntry {
  const { requests } = world.state;
  const entry: RequestEntry = {
    method: request.method,
    path,
    params: readable(sent),
    idempotencyKey: request.headers.get("idempotency-key"),
    status: 0,
  };
  requests.push(entry);
  if (requests.length > LOGGED_REQUESTS) requests.shift();
  return entry;
}

function readable(encoded: string): object {
  try {
    return parseForm(encoded);
  } catch {
    return { unreadable: encoded };
  }
}

function route({ method, path }: Call): { endpoint: Endpoint; id: string } {
  const given = path.split("/");
  for (const endpoint of ENDPOINTS) {
    const wanted = endpoint.path.split("/");
    const matches =
      endpoint.method === method &&
      wanted.length === given.length &&
      wanted.every((segment, index) => segment === ":id" || segment === given[index]);
    if (matches) {
      return { endpoint, id: pathSegment(given[wanted.indexOf(":id")] ?? "") };
    }
  }
  throw new Problem(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });
}

function refuseVersion(version: string): void {
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) {
    throw invalid(`Invalid Stripe API version: ${version}`);
  }
}

function refuseJson(request: Request): void {
  if (request.method !== "POST") return;
  const type = request.headers.get("content-type") ?? "";
  if (type !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw invalid(
      "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.",
    );
  }
}

function respond(call: Call, problem: Problem): Response {
  return new Response(problemBody(problem, call.requestId), {
    status: problem.status,
    headers: { ...usualHeaders(call), ...problem.headers },
  });
}

function usualHeaders(call: Call): Record<string, string> {
  return {
    Date: new Date(call.world.now()).toUTCString(),
    "Content-Type": "application/json",
    "Cache-Control": "no-cache, no-store",
    "Request-Id": call.requestId,
    "Stripe-Version": call.version,
    ...(call.key === null ? {} : { "Idempotency-Key": call.key }),
  };
}
