import type { FastifyInstance } from 'fastify';
import { readDemoSignIns } from '@kernlijn/contract/access';
import type { Config } from './platform/config.ts';
import { openRoute } from './platform/http.ts';

/** The sign-in page of the demo day names its people; of anything else it names nobody. */
export function demoRoutes(app: FastifyInstance, { demo }: Pick<Config, 'demo'>): void {
  openRoute(app, readDemoSignIns, { limit: { max: 120, timeWindow: 60_000 } }, async () => {
    if (!demo) return { password: null, people: [] };
    const { demoPeople, demoPassword } = await import('../demo/sign-ins.ts');
    return { password: demoPassword, people: demoPeople };
  });
}
