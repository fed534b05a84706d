export { provideDatabases as setup } from './database-server.ts';
