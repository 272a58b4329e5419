export { errorPage } from "./design/error-page.tsx";
export { storefront } from "./routes.tsx";
export { keepApart, recognizeVisitor } from "./session.ts";
