/** The last thing `npm start` prints: where everything is, and on the demo day what to try at once. */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../platform/config.ts';

type Addresses = Pick<
  Config,
  'publicUrl' | 'host' | 'smtpPort' | 'sipPort' | 'dataDir' | 'databaseUrl' | 'smtpRelay' | 'demo'
>;

const demoFile = new URL('../../demo/sign-ins.ts', import.meta.url);

/** What demo/sign-ins.ts exports; a product without the demo does not have it. */
const Demo = z.object({
  demoPassword: z.string(),
  demoPeople: z.array(z.object({ email: z.string() })),
  startWith: z.array(z.object({ name: z.string(), email: z.string(), does: z.string() })),
  reachableAt: z.array(z.object({ client: z.string(), page: z.string(), email: z.string(), number: z.string() })),
});
type DemoDay = z.infer<typeof Demo>;

export async function welcome(config: Addresses): Promise<string> {
  const demo = config.demo && existsSync(demoFile) ? Demo.parse(await import(demoFile.href)) : undefined;
  return welcomeText(config, demo);
}

export function welcomeText(config: Addresses, demo: DemoDay | undefined): string {
  const paragraphs = [
    `Kernlijn is ready: ${config.publicUrl}`,
    ...(demo === undefined ? [table(listening(config))] : tour(config, demo)),
    `Data: ${config.databaseUrl === undefined ? config.dataDir : `${config.dataDir} and the database in DATABASE_URL`}\nCtrl+C stops everything; the next start keeps it.`,
  ];
  return `\n${paragraphs.join('\n\n')}\n`;
}

function listening(config: Addresses): [string, string][] {
  return [
    ['Mail in', `${config.host}:${config.smtpPort} (SMTP)`],
    ['Telephone', `${config.host}:${config.sipPort} (SIP over UDP and TCP)`],
  ];
}

function tour(config: Addresses, demo: DemoDay): string[] {
  const { publicUrl, smtpPort, sipPort } = config;
  // Who listens everywhere is called here by the name of this machine itself.
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  const others = demo.demoPeople.length - demo.startWith.length;
  const outbox: [string, string][] =
    config.smtpRelay === undefined ? [['Your replies by mail', `${publicUrl}/demo/outbox`]] : [];
  return [
    `Sign in with the password ${demo.demoPassword} as\n${table(demo.startWith.map(({ name, email, does }) => [email, `${name}, ${does}`]))}\n  (the sign-in page has ${others} more), press "Word gereed", and be the customer:`,
    ...demo.reachableAt.map(({ client, page, email, number }) =>
      [
        client,
        table([
          ['Chat', `${publicUrl}${page}`],
          ['Mail', `${email}, by SMTP to ${host}:${smtpPort}`],
          ['Call', `sip:${number}@${host}:${sipPort} (UDP or TCP)`],
        ]),
      ].join('\n'),
    ),
    ...(outbox.length > 0 ? [table(outbox)] : []),
  ];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`).join('\n');
}
