import * as z from "zod";
import { lineSchema, optionalLineSchema } from "../platform/text.ts";

export const addressSchema = z
  .strictObject({
    name: lineSchema(200),
    line1: lineSchema(200),
    line2: optionalLineSchema(200).optional(),
    city: lineSchema(100),
    region: optionalLineSchema(100).optional(),
    postalCode: lineSchema(20),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "Must be an ISO 3166 country code such as DE.")
      .meta({ description: "ISO 3166-1 alpha-2", example: "DE" }),
  })
  .meta({ id: "Address" });
