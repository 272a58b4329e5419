import { actions } from "../control/actions.ts";
import { ControlError } from "../control/body.ts";
import { anyPayment, anySession } from "../control/lookups.ts";
import { decimals } from "../protocol/money.ts";
import { Problem } from "../protocol/problem.ts";
import { DISPUTE_STEPS } from "../world/disputes.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { dashboard } from "./dashboard.ts";
import { messagePage, PAGE_HEADERS, redirect } from "./layout.ts";
import { enteredIn, problemWith } from "./pay-form.ts";
import { payPage, successUrl } from "./pay-page.ts";
import { STYLE } from "./style.ts";

/** Answers the payment page, the dashboard and their forms. */
export async function handlePages(world: World, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  try {
    return request.method === "POST"
      ? await handleForm(world, request, pathname)
      : handleView(world, request, pathname);
  } catch (error) {
    if (error instanceof Refusal || error instanceof Problem)
      return dashboard(world, error.message);
    if (error instanceof ControlError) return messagePage(error.status, "Sorry", error.message);
    throw error;
  }
}

function handleView(world: World, request: Request, pathname: string): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return messagePage(405, "Not allowed", `${request.method} is not possible here.`);
  }
  if (pathname === "/") return dashboard(world);
  if (pathname === "/style.css") {
    return new Response(STYLE, { headers: { ...PAGE_HEADERS, "Content-Type": "text/css" } });
  }
  const [, area, id] = pathname.split("/");
  if (area === "pay" && id !== undefined) return payPage(world, anySession(world, id).object);
  return messagePage(404, "Not found", "There is no such page.");
}

async function handleForm(world: World, request: Request, pathname: string): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const [, area, ...rest] = pathname.split("/");
  if (area === "pay") return submitPayment(world, rest[0] ?? "", form);
  if (area === "dashboard") {
    pressButton(world, rest, form);
    world.changed();
    return redirect("/");
  }
  return messagePage(404, "Not found", "There is no such form.");
}

function submitPayment(world: World, id: string, form: URLSearchParams): Response {
  const record = anySession(world, id).object;
  const action = form.get("action");
  if (record.session.status !== "open") return payPage(world, record);
  if (action === "cancel") return redirect(record.session.cancel_url ?? successUrl(record.session));
  if (action === "decline") {
    actions.decline(world, id, {});
    return payPage(world, record, { entered: form, error: "Your card was declined." });
  }
  if (action === "shipping") {
    actions.preferShipping(world, id, Number(form.get("option")));
    world.changed();
    return redirect(`/pay/${id}`);
  }
  if (action !== "pay" && action !== "bank_transfer") {
    return messagePage(400, "Sorry", "The form said nothing that this page understands.");
  }
  const problem = problemWith(record, form);
  if (problem !== undefined) return payPage(world, record, { entered: form, error: problem });
  actions.pay(world, id, action === "pay" ? "card" : "bank_transfer", enteredIn(record, form));
  return redirect(successUrl(record.session));
}

/** Dashboard forms post to `/dashboard/<collection>/<id>/<verb>/<argument>`. */
function pressButton(
  world: World,
  [collection, id = "", verb, argument]: string[],
  form: URLSearchParams,
): object {
  if (collection === "sessions" && verb === "expire") return actions.expire(world, id);
  if (collection === "events" && verb === "resend") return actions.resend(world, id);
  if (collection === "refunds" && (verb === "fail" || verb === "succeed")) {
    return actions.refundOutcome(world, id, verb);
  }
  if (collection === "payments" && verb === "refund") {
    return actions.refund(world, id, refundAmount(world, id, form));
  }
  if (collection === "payments" && verb === "settle") {
    return actions.settle(world, id, argument === "succeeded" ? "succeeded" : "failed");
  }
  const step = DISPUTE_STEPS.find((candidate) => candidate === argument);
  if (collection === "payments" && verb === "dispute" && step !== undefined) {
    return actions.dispute(world, id, { step });
  }
  throw new ControlError(404, "There is no such button.");
}

/** The amount typed in major units, as minor units. */
function refundAmount(world: World, id: string, form: URLSearchParams): number {
  const typed = form.get("amount")?.trim() ?? "";
  const amount = Math.round(Number(typed) * 10 ** decimals(anyPayment(world, id).object.currency));
  if (!/^\d+(\.\d+)?$/.test(typed) || amount < 1) {
    throw new ControlError(400, "The amount to refund must be a number above 0.");
  }
  return amount;
}
