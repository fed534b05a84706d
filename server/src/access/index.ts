/** Who may come in, and what they may see. */
export { addClient, addPerson, firstPassword, savePassword, savePerson } from './people.ts';
export type { Hashing } from './people.ts';
export { accessRoutes } from './routes.ts';
export { openSignIn, signInRoutes } from './sign-in.ts';
export type { SignIn } from './sign-in.ts';
export { insertAudit as audit } from './store.ts';
export { openViewers } from './viewers.ts';
export type { Viewers } from './viewers.ts';
