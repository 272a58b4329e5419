export { explainCatalog } from "./changes/explain.ts";
export { catalogChangeRoutes } from "./changes/routes.ts";
export { getProductOnSale } from "./get-product.ts";
export { getVariants, type ShownVariant } from "./get-variants.ts";
export { imageRoutes } from "./images/routes.ts";
export { listProducts } from "./list-products.ts";
export {
  lineName,
  MAX_LINE_CHARS,
  millisecondsOf,
  newProductSchema,
  type Product,
  productFilterSchema,
} from "./product.ts";
export { catalogRoutes } from "./routes.ts";
export { indexProduct, indexProducts, indexVariant, productIndex } from "./search/index-product.ts";
export { MAX_OPENING_STOCK, MAX_VARIANTS, skuSchema, thresholdSchema } from "./variant.ts";
