export { discountCodeSchema } from "./discount.ts";
export { discountRoutes } from "./routes.ts";
export { explainRefusedDiscount, useDiscount } from "./use-discount.ts";
