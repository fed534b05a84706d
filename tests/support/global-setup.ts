import { provideDatabases } from './database-server.ts';

/** Once for a run of vitest, before its first test file. */
export const setup = () => provideDatabases();
