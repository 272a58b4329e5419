export { discountCodeSchema } from "./discount.ts";
export { discountRoutes } from "./routes.ts";
export { insertRestoredUse } from "./store.ts";
export { explainRefusedDiscount, useDiscount } from "./use-discount.ts";
