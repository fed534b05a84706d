/** Who can sign in to the demo: printed at the start, and shown on the sign-in page. */
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
