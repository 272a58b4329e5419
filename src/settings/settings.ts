import * as z from "zod";
import { countrySchema } from "../platform/countries.ts";
import { emailAddress } from "../platform/email.ts";
import { lineSchema, noteSchema } from "../platform/text.ts";

const MAX_NAME_CHARS = 100;
const MAX_LINE_CHARS = 200;
const MAX_NUMBER_CHARS = 50;
const MAX_ADDRESS_LINES = 6;
const MAX_FOOTER_CHARS = 1000;

const nameSchema = lineSchema(MAX_NAME_CHARS).nullable().meta({
  description: "What the shop is called in its pages and mails; null for `SHOP_NAME`.",
});
const taglineSchema = lineSchema(MAX_LINE_CHARS).nullable().meta({
  description: "What the shop is in one line: the first heading of its front page.",
});
const registrationNumberSchema = lineSchema(MAX_NUMBER_CHARS).nullable().meta({
  description: "The seller's number in a register of companies, as it is quoted.",
});
const phoneSchema = lineSchema(MAX_NUMBER_CHARS).nullable();

const sellerShape = z.strictObject({
  name: lineSchema(MAX_LINE_CHARS),
  address: z.array(lineSchema(MAX_LINE_CHARS)).min(1).max(MAX_ADDRESS_LINES).meta({
    description: "As it is written on an envelope, without the country.",
  }),
  country: countrySchema,
  taxNumber: lineSchema(MAX_NUMBER_CHARS).nullable().meta({
    description: "The number under which the seller pays tax; null for who has none.",
  }),
  registrationNumber: registrationNumberSchema,
  email: emailAddress().meta({ description: "Where customers write to." }),
  phone: phoneSchema,
});
const sellerSchema = sellerShape.meta({
  id: "Seller",
  description: "Who sells: on receipts, in print and in mails.",
});
export type Seller = z.infer<typeof sellerSchema>;

const newSellerSchema = sellerShape
  .extend({
    registrationNumber: registrationNumberSchema.optional(),
    phone: phoneSchema.optional(),
  })
  .meta({ id: "NewSeller" });

const rest = {
  receipt: z.strictObject({
    footer: noteSchema(MAX_FOOTER_CHARS).nullable().meta({
      description: "What stands under each receipt: how to return something, or thanks.",
    }),
  }),
  operatorMails: z
    .strictObject({
      paidOrders: z.boolean().meta({ description: "One for each order that is paid." }),
      lowStock: z.boolean().meta({ description: "One for each SKU that runs low." }),
      attention: z.boolean().meta({ description: "One for each order that calls a person." }),
    })
    .meta({
      description:
        "Of what `OPERATOR_EMAIL` is told, judged at the moment when it happens. What is wrong with the shop itself is told always.",
    }),
};

/** What the shop says of itself, as it is kept and shown. */
export const shopSettingsSchema = z
  .strictObject({
    name: nameSchema,
    tagline: taglineSchema,
    seller: sellerSchema.nullable(),
    ...rest,
  })
  .meta({ id: "ShopSettings" });
export type ShopSettings = z.infer<typeof shopSettingsSchema>;

/** The same as somebody sends it: all of it, because it takes the place of what was there. */
export const newShopSettingsSchema = z
  .strictObject({
    name: nameSchema,
    tagline: taglineSchema,
    seller: newSellerSchema.nullable(),
    ...rest,
  })
  .meta({ id: "NewShopSettings" });
export type NewShopSettings = z.infer<typeof newShopSettingsSchema>;

/** As long as nobody has said anything. */
export const DEFAULT_SETTINGS: ShopSettings = {
  name: null,
  tagline: null,
  seller: null,
  receipt: { footer: null },
  operatorMails: { paidOrders: true, lowStock: true, attention: true },
};

export type OperatorMail = keyof ShopSettings["operatorMails"];
