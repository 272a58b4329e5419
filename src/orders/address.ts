import * as z from "zod";
import { countrySchema } from "../platform/countries.ts";
import { lineSchema, optionalLineSchema } from "../platform/text.ts";

/** What a payment page has collected is kept as it came, up to this many characters a field. */
const MAX_COLLECTED_CHARS = 500;

/** As it is kept and shown. One that a payment page has collected may have an empty field. */
export const addressSchema = z
  .strictObject({
    name: z.string(),
    line1: z.string(),
    line2: z.string().optional(),
    city: z.string(),
    region: z.string().optional(),
    postalCode: z.string(),
    country: z.string().meta({ description: "ISO 3166-1 alpha-2", example: "DE" }),
  })
  .meta({ id: "Address" });
export type Address = z.infer<typeof addressSchema>;

/** An empty one is none. */
const orEmpty = (max: number) =>
  optionalLineSchema(max)
    .transform((text) => text || undefined)
    .optional();

/** As somebody sends it. */
export const newAddressSchema = z
  .strictObject({
    name: lineSchema(200),
    line1: lineSchema(200),
    line2: orEmpty(200),
    city: lineSchema(100),
    region: orEmpty(100),
    postalCode: lineSchema(20),
    country: countrySchema,
  })
  .meta({ id: "NewAddress" });

/** An address that a payment page has collected: whatever it is, the parcel's way is not lost. */
export function collectedAddress(address: Address): Address {
  const bounded = (text: string) => text.slice(0, MAX_COLLECTED_CHARS).toWellFormed();
  const { line2, region, ...needed } = address;
  return {
    name: bounded(needed.name),
    line1: bounded(needed.line1),
    ...(line2 === undefined ? {} : { line2: bounded(line2) }),
    city: bounded(needed.city),
    ...(region === undefined ? {} : { region: bounded(region) }),
    postalCode: bounded(needed.postalCode),
    country: bounded(needed.country),
  };
}
