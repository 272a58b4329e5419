import Stripe from "stripe";
import { PAYMENT_EVENT_TYPES } from "../../src/payments/stripe/event-types.ts";

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
  Events       ${PAYMENT_EVENT_TYPES.join("\n               ")}
  Its signing secret is STRIPE_WEBHOOK_SECRET: ${put("STRIPE_WEBHOOK_SECRET")}

At Resend → Domains, verify the domain of ${input.sender}.
${
  input.sendsMail
    ? "  RESEND_API_KEY is set: mail is sent."
    : `  No mail is sent until there is a key: ${put("RESEND_API_KEY")}`
}`;
}
