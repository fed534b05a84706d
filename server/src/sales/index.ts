/** What is sold on a client's behalf. */
export { addProducts, searchProducts } from './products.ts';
export type { NewProduct } from './products.ts';
export { salesRoutes } from './routes.ts';
