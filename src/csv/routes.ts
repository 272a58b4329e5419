import type { Context as HonoContext } from "hono";
import * as z from "zod";
import { productFilterSchema } from "../catalog/index.ts";
import { levelFilterSchema } from "../inventory/index.ts";
import { orderFilterSchema } from "../orders/index.ts";
import { answer } from "../platform/http/answer.ts";
import { answerOnce, keyed } from "../platform/http/created.ts";
import type { ContextEnv } from "../platform/http/env.ts";
import { accepted, byId, ok } from "../platform/http/envelope.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { CSV_TYPE, requireCsv, uploadLimitOf } from "../platform/http/uploads.ts";
import type { CsvContext } from "./context.ts";
import { getJob, openFile } from "./get-job.ts";
import { csvJobSchema, type ExportKind, type ImportKind } from "./job.ts";
import { receiveFile } from "./receive-file.ts";
import { newJobId, startExport, startImport } from "./start-job.ts";

const tags = ["Exports and imports"];
const FILE_TYPE = "text/csv; charset=utf-8";
const ACCEPTED = 202;

type Call = HonoContext<ContextEnv<CsvContext>>;

const importQuery = z.strictObject({
  dryRun: z.enum(["true", "false"]).default("false").meta({
    description: "With `true` nothing is changed: the job says what would become of each line.",
  }),
});

const csvBody = (description: string) => ({
  required: true as const,
  description,
  content: { [CSV_TYPE]: { schema: z.string().meta({ format: "binary" }) } },
});

const ALL_OR_NOTHING =
  "UTF-8, with or without a mark; commas, semicolons or tabs; up to 64 MiB and about 100,000 lines. All lines are imported at once, or none: `errors` of the job says which are wrong, by line and column. A cell that begins with an apostrophe and then `=`, `+`, `-` or `@` is read without the apostrophe, as exports write it.";

async function answerExport(c: Call, kind: ExportKind, filter: object) {
  const body = await answerOnce(c, { input: filter, status: ACCEPTED }, () =>
    startExport(c.var.ctx, { kind, filter: c.req.query() }),
  );
  c.header("Location", `/api/v1/jobs/${body.data.id}`);
  return answer(c, body, ACCEPTED);
}

/** What was sent is in the bucket before it is promised to do anything with it; where nothing was promised, it goes again. */
async function answerImport(c: Call, kind: ImportKind, dryRun: boolean) {
  const { ctx } = c.var;
  requireCsv(c);
  const id = newJobId(ctx);
  const upload = `${id}/upload`;
  const maxBytes = uploadLimitOf(`POST /imports/${kind}`);
  const { bytes, hash } = await receiveFile(ctx, { key: upload, stream: c.req.raw.body, maxBytes });
  let made: string | undefined;
  try {
    const input = { dryRun, hash };
    const body = await answerOnce(c, { input, status: ACCEPTED }, () =>
      startImport(ctx, { id, kind, dryRun, upload, bytes }),
    );
    made = body.data.id;
    c.header("Location", `/api/v1/jobs/${made}`);
    return answer(c, body, ACCEPTED);
  } finally {
    if (made !== id && made !== undefined) await ctx.files.delete(upload);
  }
}

export const csvRoutes = newRouter<CsvContext>()
  .openapi(
    route({
      method: "post",
      path: "/exports/products",
      tags,
      summary: "Write the products of this filter into a file, a line a variant",
      description:
        "All of them, also with `q`: those that it finds are in the order of their creation, whatever `sort` says.",
      request: { headers: keyed, query: productFilterSchema },
      responses: accepted("The job", csvJobSchema),
    }),
    (c) => answerExport(c, "products", c.req.valid("query")),
  )
  .openapi(
    route({
      method: "post",
      path: "/exports/stock",
      tags,
      summary: "Write the stock levels of this filter into a file",
      request: { headers: keyed, query: levelFilterSchema },
      responses: accepted("The job", csvJobSchema),
    }),
    (c) => answerExport(c, "stock", c.req.valid("query")),
  )
  .openapi(
    route({
      method: "post",
      path: "/exports/orders",
      tags,
      summary: "Write the orders of this filter into a file, a line an order",
      request: { headers: keyed, query: orderFilterSchema },
      responses: accepted("The job", csvJobSchema),
    }),
    (c) => answerExport(c, "orders", c.req.valid("query")),
  )
  .openapi(
    route({
      method: "post",
      path: "/imports/products",
      tags,
      summary: "Add and change products by a file, a line a variant",
      description: `By the rules of \`POST /products\`. \`slug\` says which product, \`sku\` which variant; what the file does not name stays, and so does what an empty cell cannot mean: the status, whether it is shipped, the limit of an order. An empty description, time or limit of a customer is none. ${ALL_OR_NOTHING}`,
      request: {
        headers: keyed,
        query: importQuery,
        body: csvBody(
          "Columns: slug, title, sku, variantTitle, price (25.00), currency; and, where you want, description, status, opensAt with closesAt, requiresShipping, maxPerOrder, maxPerCustomer, initialStock (of new SKUs).",
        ),
      },
      responses: accepted("The job", csvJobSchema),
    }),
    (c) => answerImport(c, "products", c.req.valid("query").dryRun === "true"),
  )
  .openapi(
    route({
      method: "post",
      path: "/imports/stock",
      tags,
      summary: "Say by a file how much is on hand, and from where on it runs low",
      description: `Each line that says another number than is there becomes a movement of the ledger; one below what customers have reserved is refused. With \`onHandWas\`, as exports have it, what was sold since the export is not written over: the line is refused. \`lowStockThreshold\`, where it is in the file, is changed as \`PATCH /inventory/{sku}\` does, before anything moves; an empty cell leaves it. ${ALL_OR_NOTHING}`,
      request: {
        headers: keyed,
        query: importQuery,
        body: csvBody(
          "Columns: sku, onHand; and, where you want, onHandWas, lowStockThreshold. The others of an export are not looked at.",
        ),
      },
      responses: accepted("The job", csvJobSchema),
    }),
    (c) => answerImport(c, "stock", c.req.valid("query").dryRun === "true"),
  )
  .openapi(
    route({
      method: "get",
      path: "/jobs/{id}",
      tags,
      summary: "How far an export or import is, and what came of it",
      description:
        "For admins, the agent who has made it, and programs that may make such a job. Kept for 7 days.",
      request: { params: byId },
      responses: ok("The job", csvJobSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => answer(c, { data: await getJob(c.var.ctx, c.req.valid("param")) }, 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/jobs/{id}/file",
      tags,
      summary: "The file of an export that is done",
      description:
        "UTF-8 with a mark, as Excel wants it; commas; lines end with CRLF. A cell that a spreadsheet would calculate has an apostrophe before it.",
      request: { params: byId },
      responses: {
        200: {
          description: "The file",
          content: { [FILE_TYPE]: { schema: { type: "string", format: "binary" } } },
        },
      },
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { name, size, body } = await openFile(c.var.ctx, c.req.valid("param"));
      return c.body(body, 200, {
        "Content-Type": FILE_TYPE,
        "Content-Length": String(size),
        "Content-Disposition": `attachment; filename="${name}"`,
      });
    },
  );
