import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { ok } from "../platform/http/envelope.ts";
import { pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { getProductReport, getSalesReport, getStockReport } from "./get-reports.ts";
import {
  INTERVALS,
  productReportSchema,
  salesReportSchema,
  spanOf,
  spanQuery,
  stockReportSchema,
} from "./report.ts";

const tags = ["Reports"];
const DAYS =
  "Days are the shop's (`SHOP_TIME_ZONE`). An order counts on the day on which it was paid, a refund on the one on which it succeeded; money that came too late for its order is neither. A refund that fails later is taken out of its day again, and so is a lost dispute that is won after all.";

export const reportRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/reports/sales",
      tags,
      summary: "Revenue, orders, units and refunds, by day, week or month",
      description: DAYS,
      request: { query: spanQuery.extend({ interval: z.enum(INTERVALS).default("day") }) },
      responses: ok("The report", salesReportSchema),
    }),
    async (c) => {
      const { interval, ...asked } = c.req.valid("query");
      const span = spanOf(c.var.ctx, asked, interval);
      return answer(c, { data: await getSalesReport(c.var.ctx, { ...span, interval }) }, 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/reports/products",
      tags,
      summary: "What sold best",
      description: DAYS,
      request: {
        query: spanQuery.extend({
          sort: z.enum(["revenue", "units"]).default("revenue"),
          pageSize: pageQuery.shape.pageSize,
        }),
      },
      responses: ok("The report", productReportSchema),
    }),
    async (c) => {
      const { sort, pageSize, ...asked } = c.req.valid("query");
      const span = spanOf(c.var.ctx, asked, "day");
      const report = await getProductReport(c.var.ctx, { ...span, sort, limit: pageSize });
      return answer(c, { data: report }, 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/reports/stock",
      tags,
      summary: "What is on hand, and what it is worth, as counted every hour",
      request: { query: spanQuery },
      responses: ok("The report", stockReportSchema),
    }),
    async (c) => {
      const span = spanOf(c.var.ctx, c.req.valid("query"), "day");
      return answer(c, { data: await getStockReport(c.var.ctx, span) }, 200);
    },
  );
