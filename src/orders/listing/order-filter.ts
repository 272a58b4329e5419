import * as z from "zod";
import { skuSchema } from "../../catalog/index.ts";
import { asEmail, MAX_EMAIL_CHARS } from "../../platform/email.ts";
import { pageQuery } from "../../platform/http/pagination.ts";
import { fulfillmentStatusSchema, orderStatusSchema, paymentStatusSchema } from "../order.ts";
import { ATTENTION_REASONS, type AttentionReason } from "../steps/attention.ts";

const MAX_SEARCH_CHARS = 200;
/** In `attention`: whatever it is that calls a person. */
export const ANY = "any";

const NUMBER = "^[1-9]\\d{0,14}$";
const DAY = "^\\d{4}-\\d{2}-\\d{2}";
const MOMENT = `${DAY}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$`;

/** A day in UTC, or a moment, in milliseconds. */
const timeSchema = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "Must be a day (2026-11-20) or a moment (2026-11-20T12:00:00Z).",
  })
  .transform((text) => Date.parse(text));

const described = (description: string) => ({
  anyOf: [
    { type: "string" as const, format: "date", pattern: `${DAY}$` },
    { type: "string" as const, format: "date-time", pattern: MOMENT },
  ],
  description,
});

const FILTER = {
  q: z.string().max(MAX_SEARCH_CHARS).optional().meta({
    description:
      "For staff: words of what an order says, in any case, with or without accents; the last one may be a beginning. Its number (`1042` or `#1042`, whole), the name it goes to, its e-mail address, SKUs, tracking numbers and titles of what was bought. Orders are found once their money has come, and within seconds; any other one by its number.",
  }),
  status: orderStatusSchema.optional(),
  paymentStatus: paymentStatusSchema.optional(),
  fulfillmentStatus: fulfillmentStatusSchema.optional(),
  attention: z
    .enum([ANY, ...ATTENTION_REASONS])
    .optional()
    .meta({
      description: "What calls a person; `any` for whatever it is.",
    }),
  email: z.string().max(MAX_EMAIL_CHARS).overwrite(asEmail).optional(),
  number: z
    .string()
    .regex(new RegExp(NUMBER), "Must be the number of an order, such as 1042.")
    .transform(Number)
    .optional()
    .meta({ type: "string", pattern: NUMBER, description: "The number that customers know." }),
  sku: skuSchema.optional().meta({ description: "Something that was ordered." }),
  from: timeSchema
    .optional()
    .meta(described("Made then or later; a day begins at midnight in UTC.")),
  to: timeSchema.optional().meta(described("Made before that.")),
};

const inTurn = <S extends z.ZodType<{ from?: number | undefined; to?: number | undefined }>>(
  schema: S,
): S =>
  schema.superRefine(({ from, to }, issues) => {
    if (from === undefined || to === undefined || from < to) return;
    issues.addIssue({ code: "custom", path: ["to"], message: "Must be later than from." });
  });

/** Which orders a list of them has; an export takes the same. */
export const orderFilterSchema = inTurn(z.strictObject(FILTER));

/** What `GET /orders` is asked. */
export const orderQuery = inTurn(pageQuery.extend(FILTER));

/** Which orders are wanted; all of it has to fit. Times are in milliseconds, `to` is not wanted any more. */
export interface OrderFilter {
  readonly status?: z.infer<typeof orderStatusSchema> | undefined;
  readonly paymentStatus?: z.infer<typeof paymentStatusSchema> | undefined;
  readonly fulfillmentStatus?: z.infer<typeof fulfillmentStatusSchema> | undefined;
  readonly attention?: AttentionReason | typeof ANY | undefined;
  readonly email?: string | undefined;
  readonly number?: number | undefined;
  readonly sku?: string | undefined;
  readonly accountId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}
