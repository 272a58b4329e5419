import * as z from "zod";
import { sha256OfBytes } from "../../platform/hash.ts";
import { answer, answerKept } from "../../platform/http/answer.ts";
import { answerCreated, keyed } from "../../platform/http/created.ts";
import { byId, created, formBody, jsonBody, ok } from "../../platform/http/envelope.ts";
import { withTag } from "../../platform/http/if-match.ts";
import { oneText } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import { altSchema, IMAGE_TYPES, type Image, imageChangesSchema, imageSchema } from "../image.ts";
import { tagOfPart } from "../present-product.ts";
import { addImage } from "./add-image.ts";
import type { ImagesContext } from "./context.ts";
import { readImage, tagOfKey } from "./read-image.ts";
import { deleteImage, updateImage } from "./update-image.ts";

const tags = ["Catalog"];
const IMMUTABLE = "public, max-age=31536000, immutable";

const newImageSchema = z.strictObject({
  file: z
    .custom<File>((value) => value instanceof File, "Is required: a file.")
    .meta({
      type: "string",
      format: "binary",
      description: "A JPEG, PNG, WebP or AVIF picture of at most 10 MiB, judged by its bytes.",
    }),
  alt: altSchema(),
});

export const imageRoutes = newRouter<ImagesContext>()
  .openapi(
    route({
      method: "post",
      path: "/products/{id}/images",
      tags,
      summary: "Add a picture to a product, behind the others",
      request: { params: byId, headers: keyed, body: formBody(newImageSchema) },
      responses: created("The picture", imageSchema),
      errors: ["NOT_FOUND", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { file, alt } = c.req.valid("form");
      const bytes = new Uint8Array(await file.arrayBuffer());
      const input = { id, alt, file: await sha256OfBytes(bytes) };
      const body = await answerCreated(c, input, () => addImage(c.var.ctx, { id, alt, bytes }));
      c.header("Location", new URL(body.data.url).pathname);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/images/{id}",
      tags,
      summary: "Change what is said of a picture, or its place among the others",
      description: "`If-Match` takes the `ETag` of the product.",
      request: { params: byId, headers: withTag, body: jsonBody(imageChangesSchema) },
      responses: ok("The picture", imageSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const changed = updateImage(ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      const versioned = await perform(ctx, changed);
      const kept = { text: oneText<Image>(versioned.text), etag: tagOfPart(versioned) };
      return answerKept<{ data: Image }, 200, typeof ctx>(c, kept, 200);
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/images/{id}",
      tags,
      summary: "Take a picture from its product",
      request: { params: byId, headers: withTag },
      responses: { 204: { description: "The product has it no more" } },
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const ifMatch = c.req.valid("header")["if-match"];
      await perform(c.var.ctx, deleteImage(c.var.ctx, { ...c.req.valid("param"), ifMatch }));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/images/{key}",
      tags,
      summary: "A picture: under its address it is for ever the same",
      request: { params: z.strictObject({ key: z.string() }) },
      responses: {
        200: {
          description: "The picture",
          content: Object.fromEntries(
            Object.values(IMAGE_TYPES).map((type) => [
              type,
              { schema: { type: "string", format: "binary" } as const },
            ]),
          ),
        },
      },
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { key } = c.req.valid("param");
      const tag = tagOfKey(key) ?? "";
      const headers = { ETag: tag, "Cache-Control": IMMUTABLE };
      const known = c.req.header("If-None-Match") ?? "";
      if (tag !== "" && known.includes(tag)) return c.body(null, 304, headers);
      const { bytes, size, type } = await readImage(c.var.ctx, { key });
      return c.body(bytes, 200, {
        ...headers,
        "Content-Type": type,
        "Content-Length": String(size),
      });
    },
  );
