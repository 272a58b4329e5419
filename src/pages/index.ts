export { errorPage } from "./design/error-page.tsx";
export { storefront } from "./routes.tsx";
export { bookmarkOf, keepApart, recognizeVisitor } from "./session.ts";
