import Stripe from "stripe";

/** The events that the Worker acts on; the endpoint at Stripe is set to send exactly these. */
export const STRIPE_EVENTS = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "charge.refunded",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
] as const;

/** What is left to do by hand: the first admin, and settings at the two providers. */
export function explainNextSteps(input: {
  publicUrl: string;
  sender: string;
  environment: string;
  sendsMail: boolean;
}): string {
  const put = (name: string) => `npx wrangler secret put ${name} --env ${input.environment}`;
  return `The first admin, unless there is one:
  npm run admin -- create you@example.com --env ${input.environment} --remote

At Stripe → Developers → Webhooks, one endpoint:
  URL          ${input.publicUrl}/webhooks/stripe
  API version  ${Stripe.API_VERSION}
  Events       ${STRIPE_EVENTS.join("\n               ")}
  Its signing secret is STRIPE_WEBHOOK_SECRET: ${put("STRIPE_WEBHOOK_SECRET")}

At Resend → Domains, verify the domain of ${input.sender}.
${
  input.sendsMail
    ? "  RESEND_API_KEY is set: mail is sent."
    : `  No mail is sent until there is a key: ${put("RESEND_API_KEY")}`
}`;
}
