/** The demo day: a contact centre with two clients and their past. Only into an empty database; all of it or nothing. */
import { addClient, addPerson, openSignIn } from '../src/access/index.ts';
import type { Hashing } from '../src/access/index.ts';
import { addAgent, addPauseReasons, addSkill } from '../src/agents/index.ts';
import { changeSupervisingPolicy } from '../src/channels/voice/index.ts';
import { addContactPoint, addOpeningHours, addQueue, importHistory } from '../src/conversations/index.ts';
import type { NewOpeningHours } from '../src/conversations/index.ts';
import { addNote, importCustomers } from '../src/customers/index.ts';
import type { ImportedCustomer } from '../src/customers/index.ts';
import { addArticles } from '../src/guidance/index.ts';
import type { Context } from '../src/platform/context.ts';
import type { Tx } from '../src/platform/db.ts';
import { proposedHolidays } from '../src/routing/index.ts';
import { addProducts } from '../src/sales/index.ts';
import type { DemoClient, SkillCode } from './clients/client.ts';
import { lindeboom } from './clients/lindeboom.ts';
import { noorderlicht } from './clients/noorderlicht.ts';
import { noteTexts } from './notes.ts';
import { addMenu } from './menu.ts';
import { addRecordings } from './recordings.ts';
import { pastContacts } from './past.ts';
import type { Agent, Past } from './past.ts';
import { dice } from './people/dice.ts';
import { dutchCustomer } from './people/dutch-people.ts';
import { demoPassword } from './sign-ins.ts';
import { emailOf, pauseReasons, skills, staff } from './staff.ts';
import type { ClientSlug } from './staff.ts';

const customersEach = 1_000;
const noted = 80;

export async function seedDemo(
  { config, db, files, log }: Pick<Context, 'config' | 'db' | 'files' | 'log'>,
  databaseUrl: string,
): Promise<void> {
  const signIn = openSignIn(config, databaseUrl);
  const started = performance.now();
  try {
    const made = await db.asSystem((tx) => seedEmpty(tx, files, hashingOnce(signIn), new Date()));
    if (made) log.info({ seconds: Math.round((performance.now() - started) / 100) / 10 }, 'the demo day is made');
  } finally {
    await signIn.close();
  }
}

/** One password for all, so hashed once: a good hash is slow on purpose. */
function hashingOnce({ auth }: Hashing): Hashing {
  const hashes = new Map<string, Promise<string>>();
  const $context = auth.$context.then(({ password }) => ({
    password: {
      hash: (plain: string) => {
        const hash = hashes.get(plain) ?? password.hash(plain);
        hashes.set(plain, hash);
        return hash;
      },
    },
  }));
  return { auth: { $context } };
}

async function seedEmpty(tx: Tx, files: Context['files'], hashing: Hashing, now: Date): Promise<boolean> {
  if ((await tx.selectFrom('client').select('id').limit(1).execute()).length > 0) return false;
  await addPauseReasons(tx, pauseReasons);
  const skillIds = await addSkills(tx);
  const clientIds: Record<ClientSlug, string> = {
    lindeboom: await added(tx, lindeboom),
    noorderlicht: await added(tx, noorderlicht),
  };
  for (const clientId of Object.values(clientIds))
    await changeSupervisingPolicy(tx, null, clientId, 'OR-besluit 2026-03 van 12 maart 2026', now);
  const agents = await addStaff(tx, hashing, clientIds, skillIds);
  await fill(tx, clientIds.lindeboom, lindeboom, skillIds, agents('lindeboom'), 1, now);
  await fill(tx, clientIds.noorderlicht, noorderlicht, skillIds, agents('noorderlicht'), 2, now);
  await addRecordings(tx, files, clientIds, now);
  return true;
}

const added = (tx: Tx, { slug, name, colour }: DemoClient): Promise<string> => addClient(tx, { slug, name, colour });

type SkillIds = Record<SkillCode, string>;

async function addSkills(tx: Tx): Promise<SkillIds> {
  const skill = (code: SkillCode) => addSkill(tx, { code, ...skills[code] });
  return {
    nl: await skill('nl'),
    en: await skill('en'),
    de: await skill('de'),
    fy: await skill('fy'),
    fr: await skill('fr'),
    tr: await skill('tr'),
    delivery: await skill('delivery'),
    advice: await skill('advice'),
    complaints: await skill('complaints'),
    billing: await skill('billing'),
    outage: await skill('outage'),
    switching: await skill('switching'),
  };
}

async function addStaff(
  tx: Tx,
  hashing: Hashing,
  clientIds: Record<ClientSlug, string>,
  skillIds: SkillIds,
): Promise<(client: ClientSlug) => Agent[]> {
  const agents: (Agent & { clients: readonly ClientSlug[] })[] = [];
  for (const person of staff) {
    const id = await addPerson(tx, hashing, {
      name: person.name,
      email: emailOf(person),
      password: demoPassword,
      role: person.role,
      locale: 'nl',
      clientIds: person.clients.map((slug) => clientIds[slug]),
    });
    if (person.skills === null) continue;
    const levels = Object.entries(skillIds).flatMap(([code, skillId]) =>
      Object.entries(person.skills ?? {}).flatMap(([own, level]) => (own === code ? [{ skillId, level }] : [])),
    );
    await addAgent(tx, { personId: id, skills: levels });
    agents.push({ id, name: person.name, clients: person.clients });
  }
  return (client) => agents.filter(({ clients }) => clients.includes(client));
}

async function fill(
  tx: Tx,
  clientId: string,
  client: DemoClient,
  skillIds: SkillIds,
  agents: Agent[],
  seed: number,
  now: Date,
): Promise<void> {
  const chance = dice(seed);
  const queues = await addQueues(tx, clientId, client, skillIds);
  if (client.slug === 'noorderlicht') await addMenu(tx, queues);
  await addProducts(tx, clientId, client.products);
  await addArticles(
    tx,
    clientId,
    client.articles.map((article, n) => ({
      ...article,
      updatedAt: new Date(now.getTime() - (3 + n * 11) * 86_400_000),
    })),
  );
  const given = withHouseholds(
    Array.from({ length: customersEach }, (_, n) =>
      dutchCustomer(
        chance,
        { n: 1_000 + n, reference: `${client.reference}${10_000 + n * 7}`, phonePrefix: client.phonePrefix },
        now,
      ),
    ),
  );
  const ids = await importCustomers(tx, clientId, given, now);
  const customers = given.map((customer, n) => ({ ...customer, id: ids[n] ?? '' }));
  await importHistory(tx, clientId, pastContacts(chance, { client, queues, agents, customers, now }), now);
  for (let n = 0; n < noted; n++) {
    const author = chance.pick(agents);
    const at = new Date(
      now.getTime() - Math.floor(chance.number() ** 2 * 500) * 86_400_000 - chance.between(1, 600) * 60_000,
    );
    await addNote(tx, { personId: author.id, name: author.name }, chance.pick(ids), chance.pick(noteTexts), at);
  }
}

/** Now and then two people share a telephone and a house: who calls is then for the agent to ask. */
function withHouseholds(customers: readonly ImportedCustomer[]): ImportedCustomer[] {
  return customers.map((customer, n) => {
    const partner = n % 40 === 39 ? customers[n - 1] : undefined;
    if (partner === undefined) return customer;
    const phone = partner.identifiers.filter(({ kind }) => kind === 'phone');
    return {
      ...customer,
      address: partner.address,
      identifiers: [...phone, ...customer.identifiers.filter(({ kind }) => kind !== 'phone')],
    };
  });
}

async function addQueues(tx: Tx, clientId: string, client: DemoClient, skillIds: SkillIds): Promise<Past['queues']> {
  const office = await addOpeningHours(tx, clientId, officeHours);
  const queues: Past['queues'][number][] = [];
  for (const queue of client.queues) {
    const made = await addQueue(tx, clientId, {
      ...queue,
      // The main queues never close, so that a call or chat can be tried at any hour.
      openingHoursId: queue.hours === 'office' ? office : null,
      demands: queue.demands.map((demand) => ({ ...demand, skill: skillIds[demand.skill] })),
    });
    const contactPoints = new Map<string, string>();
    for (const { channel, address, name } of queue.entrances)
      contactPoints.set(
        address,
        await addContactPoint(tx, clientId, { channel, address, name, queueId: made.id, language: queue.language }),
      );
    queues.push({ of: queue, added: made, contactPoints });
  }
  return queues;
}

const officeHours: NewOpeningHours = {
  name: 'Kantoortijden',
  periods: [
    ...[1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '21:00' })),
    { weekday: 6, from: '09:00', to: '17:00' },
  ],
  exceptions: [2026, 2027]
    .flatMap((year) => proposedHolidays('NL', year, 'nl'))
    .filter(({ usuallyClosed }) => usuallyClosed)
    .map(({ date, name }) => ({ date, name, from: null, to: null })),
};
