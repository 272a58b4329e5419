export { catalogChangeRoutes } from "./changes/routes.ts";
export { getProductOnSale } from "./get-product.ts";
export { getVariants, type ShownVariant } from "./get-variants.ts";
export { imageRoutes } from "./images/routes.ts";
export { listProducts } from "./list-products.ts";
export { lineName, type Product } from "./product.ts";
export { catalogRoutes } from "./routes.ts";
export { indexProduct, productIndex } from "./search/index-product.ts";
export { skuSchema } from "./variant.ts";
