import * as z from "zod";
import { lineSchema } from "../platform/text.ts";

/** A trigger counts them. */
export const MAX_IMAGES = 10;
const MAX_ALT_CHARS = 500;

/** What a picture may be, by the end of its key. */
export const IMAGE_TYPES = {
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
} as const;
export type ImageKind = keyof typeof IMAGE_TYPES;

export const imageSchema = z
  .strictObject({
    id: z.string(),
    url: z.string().meta({
      description: "Absolute, and for ever the same picture: another one has another address.",
    }),
    alt: z.string(),
    width: z.int().meta({ description: "In pixels, as it is shown." }),
    height: z.int(),
  })
  .meta({ id: "Image" });
export type Image = z.infer<typeof imageSchema>;

export const altSchema = () =>
  lineSchema(MAX_ALT_CHARS).meta({
    description: "What the picture shows, for people who do not see it.",
  });

export const imageChangesSchema = z.strictObject({
  alt: altSchema().optional(),
  position: z
    .int()
    .min(0)
    .max(MAX_IMAGES - 1)
    .optional()
    .meta({ description: "Its place among the product's pictures, from 0; the others move on." }),
});
export type ImageChanges = z.infer<typeof imageChangesSchema>;

/** Before the key of a picture: where anybody gets it. */
export function imageBase({ publicUrl }: { readonly publicUrl: string }): string {
  return `${publicUrl}/api/v1/images/`;
}
