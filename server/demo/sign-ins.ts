/** Who can sign in to the demo, shown on the sign-in page; and what is printed at the start to try at once. */
import type { DemoClient } from './clients/client.ts';
import { lindeboom } from './clients/lindeboom.ts';
import { noorderlicht } from './clients/noorderlicht.ts';
import { emailOf, skills, staff } from './staff.ts';
import type { StaffMember } from './staff.ts';

export const demoPassword = 'kernlijn-demo';

const clientNames = { lindeboom: lindeboom.name, noorderlicht: noorderlicht.name };

export const demoPeople = staff.map((person) => ({
  name: person.name,
  email: emailOf(person),
  role: person.role,
  clients: person.clients.map((slug) => clientNames[slug]),
  skills: skillNames(person),
}));

/** One of each kind of work: enough to see the whole product. */
export const startWith = [
  beginWith('Sanne Visser', 'agent for both clients'),
  beginWith('Joris Bakker', 'team leader: the live board'),
  beginWith('Stefan Willems', 'administrator: settings and audit'),
];

/** How to be a customer of each client. */
export const reachableAt = [door(lindeboom, '/demo/shop/'), door(noorderlicht, '/demo/energy/')];

function beginWith(name: string, does: string): { name: string; email: string; does: string } {
  return { name, email: emailOf({ name }), does };
}

/** The first of each kind: of the queues for everything. */
function door({ name, queues }: DemoClient, page: string): Record<'client' | 'page' | 'email' | 'number', string> {
  const address = (wanted: 'email' | 'call') =>
    queues.flatMap(({ entrances }) => entrances).find(({ channel }) => channel === wanted)?.address ?? '';
  return { client: name, page, email: address('email'), number: address('call') };
}

function skillNames({ skills: levels }: StaffMember): string[] {
  const known = Object.entries(skills).filter(([code]) => Object.hasOwn(levels ?? {}, code));
  return known.map(([, { nl }]) => nl);
}
