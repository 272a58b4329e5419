export { getProduct } from "./get-product.ts";
export { listProducts } from "./list-products.ts";
export { type Product, skuSchema } from "./product.ts";
export { catalogRoutes } from "./routes.ts";
