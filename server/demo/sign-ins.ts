/** Who can sign in to the demo: for the text at the start, and for the sign-in page. */
import type { Role } from '@kernlijn/contract/access';
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

function skillNames({ skills: levels }: StaffMember): string[] {
  const known = Object.entries(skills).filter(([code]) => Object.hasOwn(levels ?? {}, code));
  return known.map(([, { nl }]) => nl);
}

/** One of each role is enough for a start. */
const shown: readonly [Role, string][] = [
  ['agent', 'agent'],
  ['senior-agent', 'senior agent'],
  ['team-leader', 'team leader'],
  ['coach', 'coach'],
  ['planner', 'planner'],
  ['administrator', 'administrator'],
  ['client-representative', 'client'],
];

export const signIns = [
  `  Sign in to the demo with the password ${demoPassword}:`,
  ...shown.map(
    ([role, name]) => `    ${name.padEnd(14)}${demoPeople.find((person) => person.role === role)?.email ?? ''}`,
  ),
  `  The sign-in page lists all ${demoPeople.length} people. Web shop: /demo/shop/, energy supplier: /demo/energy/.`,
].join('\n');
