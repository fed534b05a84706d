/**
 * A small world for tests, made through the same use cases as everything else: two clients, three agents, a queue and
 * the entrances of each client, a few customers. Sanne works for both clients, Daan for the shop, Femke for the energy
 * supplier; Joris leads the team.
 */
import { permissionsOf } from '@kernlijn/contract/access';
import type { Role } from '@kernlijn/contract/access';
import { addClient, addPerson } from '../server/src/access/index.ts';
import type { Hashing } from '../server/src/access/index.ts';
import { addAgent, addPauseReasons, addSkill } from '../server/src/agents/index.ts';
import { addContactPoint, addQueue } from '../server/src/conversations/index.ts';
import { importCustomers } from '../server/src/customers/index.ts';
import type { ImportedCustomer } from '../server/src/customers/index.ts';
import type { Db, Tx } from '../server/src/platform/db.ts';
import type { Viewer } from '../server/src/platform/viewer.ts';

export const castPassword = 'kernlijn-cast';

export type Cast = Awaited<ReturnType<typeof cast>>;

/** @param signIn gives the people a password that works; without it they have one that nobody knows */
export async function cast(db: Db, signIn: Hashing | null = null) {
  return await db.asSystem(async (tx) => {
    await addPauseReasons(tx, [
      { code: 'lunch', nl: 'Lunch', en: 'Lunch' },
      { code: 'missed', nl: 'Niet opgenomen', en: 'Missed' },
    ]);
    const dutch = await addSkill(tx, { code: 'nl', kind: 'language', nl: 'Nederlands', en: 'Dutch' });
    const english = await addSkill(tx, { code: 'en', kind: 'language', nl: 'Engels', en: 'English' });
    const shop = await client(
      tx,
      { slug: 'shop', name: 'De Winkel', colour: '#0f766e', phone: '+3197010000010' },
      shopCustomers,
    );
    const energy = await client(
      tx,
      { slug: 'energy', name: 'De Stroom', colour: '#b45309', phone: '+3197010000020' },
      energyCustomers,
    );

    const person = async (
      name: string,
      role: Role,
      clientIds: string[],
      skills: { skillId: string; level: number }[],
    ): Promise<Viewer> => {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`;
      const personId = await addPerson(tx, signIn ?? withoutPassword, {
        name,
        email,
        password: castPassword,
        role,
        locale: 'nl',
        clientIds,
      });
      await addAgent(tx, { personId, skills });
      return {
        personId,
        name,
        role,
        locale: 'nl',
        permissions: new Set(permissionsOf[role]),
        clientIds,
        isAgent: true,
      };
    };
    return {
      skills: { dutch, english },
      shop,
      energy,
      sanne: await person(
        'Sanne Visser',
        'agent',
        [shop.id, energy.id],
        [
          { skillId: dutch, level: 5 },
          { skillId: english, level: 4 },
        ],
      ),
      daan: await person('Daan Mulder', 'agent', [shop.id], [{ skillId: dutch, level: 5 }]),
      femke: await person(
        'Femke Hoekstra',
        'agent',
        [energy.id],
        [
          { skillId: dutch, level: 5 },
          { skillId: english, level: 2 },
        ],
      ),
      joris: await person('Joris Bakker', 'team-leader', [shop.id, energy.id], [{ skillId: dutch, level: 5 }]),
    };
  });
}

const withoutPassword: Hashing = { auth: { $context: Promise.resolve({ password: { hash: async () => 'none' } }) } };

async function client(
  tx: Tx,
  { phone, ...given }: { slug: string; name: string; colour: string; phone: string },
  customers: readonly ImportedCustomer[],
) {
  const id = await addClient(tx, given);
  const queue = await addQueue(tx, id, {
    name: { nl: 'Service', en: 'Service' },
    priority: 5,
    reasons: [
      { code: 'question', nl: 'Vraag', en: 'Question' },
      { code: 'complaint', nl: 'Klacht', en: 'Complaint' },
    ],
    outcomes: [
      { code: 'solved', nl: 'Opgelost', en: 'Solved' },
      { code: 'passed-on', nl: 'Doorgezet', en: 'Passed on' },
    ],
    wrapUp: { mode: 'required' },
  });
  const email = `service@${given.slug}.example.org`;
  return {
    id,
    ...given,
    queue,
    phone: {
      id: await addContactPoint(tx, id, { channel: 'call', address: phone, name: 'Telefoon', queueId: queue.id }),
      address: phone,
    },
    mailbox: {
      id: await addContactPoint(tx, id, { channel: 'email', address: email, name: 'Mail', queueId: queue.id }),
      address: email,
    },
    entrance: {
      id: await addContactPoint(tx, id, {
        channel: 'chat',
        address: `${given.slug}-site`,
        name: 'Chat',
        queueId: queue.id,
      }),
      address: `${given.slug}-site`,
    },
    customerIds: await importCustomers(tx, id, customers, new Date()),
  };
}

type Sketch = Partial<ImportedCustomer> & { phone?: string; email?: string };

function sketched({ phone, email, ...fields }: Sketch): ImportedCustomer {
  const identifiers = [
    ...(phone === undefined ? [] : [{ kind: 'phone' as const, value: phone }]),
    ...(email === undefined ? [] : [{ kind: 'email' as const, value: email }]),
  ];
  return {
    kind: 'person',
    title: null,
    givenName: '',
    prefix: '',
    familyName: '',
    company: '',
    language: 'nl',
    reference: '',
    address: null,
    identifiers,
    ...fields,
  };
}

const utrecht = {
  street: 'Lindelaan',
  houseNumber: 12,
  suffix: 'a',
  postcode: '3581AB',
  city: 'Utrecht',
  country: 'NL',
};

/** Johanna, Jan and a bakery; the number ending in 0103 belongs to two people. */
const shopCustomers = [
  {
    title: 'mrs' as const,
    givenName: 'Johanna',
    prefix: 'van der',
    familyName: 'Berg',
    phone: '+3197010000101',
    email: 'johanna@example.org',
    reference: 'W-1001',
    address: utrecht,
  },
  {
    title: 'mr' as const,
    givenName: 'Jan',
    prefix: 'de',
    familyName: 'Jong',
    phone: '+3197010000102',
    email: 'jan.dejong@example.net',
    reference: 'W-1002',
  },
  {
    givenName: 'Fatma',
    familyName: 'Yıldız',
    phone: '+3197010000103',
    email: 'fatma@example.com',
    reference: 'W-1003',
  },
  { givenName: 'Emre', familyName: 'Yıldız', phone: '+3197010000103', email: 'emre@example.com', reference: 'W-1004' },
  {
    kind: 'business' as const,
    givenName: 'Piet',
    familyName: 'Smit',
    company: 'Bakkerij Smit',
    phone: '+3197010000105',
    email: 'info@bakkerijsmit.example.org',
    reference: 'W-1005',
  },
].map(sketched);

const energyCustomers = [
  {
    givenName: 'Johanna',
    prefix: 'van der',
    familyName: 'Berg',
    phone: '+3197010000101',
    email: 'johanna@example.org',
    reference: 'E-1',
  },
  {
    givenName: 'Willem',
    familyName: 'Janssen',
    phone: '+3197010000202',
    email: 'willem@example.org',
    reference: 'E-2',
  },
].map(sketched);
