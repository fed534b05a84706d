/** What the main number of the energy supplier asks; that of the shop goes straight into its queue. */
import { setFlow, setWaiting } from '../src/conversations/index.ts';
import type { Tx } from '../src/platform/db.ts';
import type { Past } from './past.ts';

const mainNumber = '+3197010200200';
const outageNumber = '+3197010200201';

export async function addMenu(tx: Tx, queues: Past['queues']): Promise<void> {
  const queueOf = (address: string) => queues.find(({ contactPoints }) => contactPoints.has(address));
  const main = queueOf(mainNumber);
  const outages = queueOf(outageNumber);
  const number = main?.contactPoints.get(mainNumber);
  if (main === undefined || outages === undefined || number === undefined)
    throw new Error('the numbers of the energy supplier are not there');
  const to = (queueId: string) => ({ to: 'queue' as const, queueId, priority: null, skillId: null });
  const both = ['language-nl', 'language-en'];
  await setFlow(tx, number, {
    steps: [
      {
        id: 'language',
        name: 'Taal',
        kind: 'menu',
        say: { nl: both, en: both },
        choices: [
          { key: '1', label: 'Nederlands', language: 'nl', way: { to: 'step', step: 'subject' } },
          { key: '2', label: 'Engels', language: 'en', way: { to: 'step', step: 'subject' } },
        ],
        waitSeconds: 5,
        tries: 2,
        otherwise: { to: 'step', step: 'subject' },
      },
      {
        id: 'subject',
        name: 'Waarover gaat het',
        kind: 'menu',
        say: { nl: ['choose-energy-nl'], en: ['choose-energy-en'] },
        choices: [
          { key: '1', label: 'storing', language: null, way: to(outages.added.id) },
          { key: '2', label: 'andere vraag', language: null, way: to(main.added.id) },
        ],
        waitSeconds: 5,
        tries: 2,
        otherwise: to(main.added.id),
      },
    ],
  });
  await setWaiting(tx, main.added.id, {
    ...{ firstAfterSeconds: 30, everySeconds: 60, position: true, expectedWait: true },
    ...{ callback: { attempts: 3, retryMinutes: 15 }, voicemail: true, overflow: null },
  });
}
