import type { Mutant } from "../mutant.ts";
import { quota } from "./quota.ts";

const SIGN_IN = "test/rate-limit/sign-in.test.ts";

const ANSWERS = "test/rate-limit/answers.test.ts";

const TABLE = "test/rate-limit/table.test.ts";

/** How often something may be asked. */
export const LIMITS: readonly Mutant[] = [
  quota(
    "default",
    [100, 101],
    [ANSWERS, "answers the 101st call of a minute with 429, in the words of the contract"],
  ),
  quota("reservations", [30, 31], [ANSWERS, "are thirty a minute, and count as calls too"]),
  quota("sign-in", [10, 11], [SIGN_IN, "counts together, whatever it is"]),
  {
    name: "the webhooks of providers are limited",
    change: ["/^\\/(webhooks|health|", "/^\\/(health|"],
    dies: TABLE,
    by: "leaves out the routes that others call by themselves, and nothing else",
  },
  {
    name: "reservations count as calls alone",
    change: [`? ["default", "reservations"] : ["default"]`, `? ["default"] : ["default"]`],
    dies: ANSWERS,
    by: "are thirty a minute, and count as calls too",
  },
  {
    name: "reservations from the pages are not limited",
    change: [
      "/^\\/(api\\/v1\\/reservations|products\\/[^/]+)$/",
      "/^\\/(api\\/v1\\/reservations)$/",
    ],
    dies: TABLE,
    by: "counts reservations twice, of the API and of the pages",
  },
  {
    name: "a limit of nothing",
    change: [
      "Math.max(1, Math.round(LIMITS[name].quota * scale))",
      "Math.round(LIMITS[name].quota * scale)",
    ],
    dies: TABLE,
    by: "is multiplied by the scale, down to one",
  },
  {
    name: "a new password is tried without a limit",
    change: ["    await countAttemptAt(ctx, row.email);\n", ""],
    dies: SIGN_IN,
    by: "is limited for somebody with a stolen access token, too",
  },
  ...(["registration", "a link to a new password", "a new password by a link"] as const).map(
    (what): Mutant => {
      const counting = {
        registration: "  await countAttemptAt(ctx, input.email);\n",
        "a link to a new password": "  await countMailTo(ctx, input.email);\n",
        "a new password by a link": "  await countAttempt(ctx);\n",
      };
      const route = {
        registration: "register",
        "a link to a new password": "password/forgot",
        "a new password by a link": "password/reset",
      };
      return {
        name: `${what} is asked for without a limit`,
        change: [counting[what], ""],
        dies: SIGN_IN,
        by: `is limited to ten by an address: POST /auth/${route[what]}`,
      };
    },
  ),
];
