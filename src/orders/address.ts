import * as z from "zod";
import { textSchema } from "../platform/text.ts";

export const addressSchema = z
  .strictObject({
    name: textSchema().trim().min(1).max(200),
    line1: textSchema().trim().min(1).max(200),
    line2: textSchema().trim().max(200).optional(),
    city: textSchema().trim().min(1).max(100),
    region: textSchema().trim().max(100).optional(),
    postalCode: textSchema().trim().min(1).max(20),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "Must be an ISO 3166 country code such as DE.")
      .meta({ description: "ISO 3166-1 alpha-2", example: "DE" }),
  })
  .meta({ id: "Address" });
