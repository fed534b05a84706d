/** People and organisations that are served: who they are, and how they are found. */
export { asDutchPostcode, asE164, displayName } from './customer.ts';
export {
  addNote,
  changeCustomer,
  createCustomer,
  identify,
  identifyOne,
  importCustomers,
  soleOwners,
} from './customers.ts';
export type { ImportedCustomer } from './customers.ts';
export { projectCustomer } from './live.ts';
export { customerRoutes } from './routes.ts';
export { searchCustomers } from './search.ts';
export { readCustomer, readCustomerLines, readNotes } from './store.ts';
