export { errorPage } from "./design/error-page.tsx";
export { storefront } from "./routes.tsx";
export { recognizeVisitor } from "./session.ts";
