/** `node tests/desk-mock/dev.ts`, then `npm run dev -w web/desk` with PORT at this port: the desk without a server. */
import { morning } from './scenes.ts';
import { startMock } from './server.ts';

const mock = await startMock(Number(process.env['PORT'] ?? 3000));
for (const one of Object.values(morning())) mock.put(one);
console.log(`http://127.0.0.1:${mock.port}`);
