/** Two years of contacts that customers of the demo had before today. */
import { usualAnswerWithin } from '@kernlijn/contract/routing';
import type { AddedQueue, PastContact, PastMessage } from '../src/conversations/index.ts';
import type { ImportedCustomer } from '../src/customers/index.ts';
import { displayName } from '../src/customers/index.ts';
import type { DemoClient, DemoQueue, PastTopic } from './clients/client.ts';
import type { Dice } from './people/dice.ts';

export interface Agent {
  id: string;
  name: string;
}

export interface Past {
  client: DemoClient;
  queues: readonly { of: DemoQueue; added: AddedQueue; contactPoints: ReadonlyMap<string, string> }[];
  agents: readonly Agent[];
  customers: readonly (ImportedCustomer & { id: string })[];
  now: Date;
}

type Customer = Past['customers'][number];
type Queue = Past['queues'][number];

const minute = 60_000;
const day = 24 * 60 * minute;
const most = 6;
/** Of all contacts, so many were today, for as much of the day as is over. */
const todayShare = 0.04;

export function pastContacts(dice: Dice, past: Past): PastContact[] {
  const contacts = past.customers.flatMap((customer) => {
    // A few customers call often; more than a quarter never did.
    const count = dice.chance(0.28) ? 0 : Math.ceil(dice.number() ** 2 * most);
    return Array.from({ length: count }, () => contact(dice, past, customer));
  });
  return contacts.toSorted((a, b) => a.queuedAt.getTime() - b.queuedAt.getTime());
}

function contact(dice: Dice, past: Past, customer: Customer): PastContact {
  const queue = queueFor(dice, past.queues, customer);
  const topic = dice.pick(queue.of.past);
  const agent = dice.pick(past.agents);
  const entrance = dice.pick(entrancesFor(dice, queue, customer));
  const fill = filler(dice, past.client);
  const name = displayName(customer);
  const when = moment(dice, past.now);
  const times = timesOf(
    dice,
    entrance.channel,
    queue.of.answerWithin[entrance.channel] ?? usualAnswerWithin[entrance.channel],
    when,
    past.now,
  );
  const givesUp = entrance.channel !== 'email' && dice.chance(0.06);
  const byDefault = queue.of.wrapUp.mode !== 'required' && dice.chance(0.1);
  return {
    channel: entrance.channel,
    direction: 'in',
    queueId: queue.added.id,
    contactPointId: queue.contactPoints.get(entrance.address) ?? null,
    customerId: customer.id,
    customerAddress: (entrance.channel === 'call' ? phoneOf(customer) : emailOf(customer)) ?? '',
    customerName: name,
    subject: entrance.channel === 'call' ? '' : fill(topic.subject),
    language: queue.of.language,
    queuedAt: when,
    endedAt: givesUp ? times.answeredAt : times.endedAt,
    handled: givesUp
      ? null
      : {
          agentId: agent.id,
          answeredAt: times.answeredAt,
          registeredAt: times.registeredAt,
          byDefault,
          registration: registrationOf(dice, queue, topic, byDefault, fill),
        },
    messages: messages({
      channel: entrance.channel,
      topic,
      fill,
      name,
      agent,
      client: past.client,
      when,
      times,
      givesUp,
      isEnglish: queue.of.language === 'en',
    }),
  };
}

/** Those who speak no Dutch mostly find the English line. */
function queueFor(dice: Dice, queues: readonly Queue[], customer: Customer): Queue {
  const english = customer.language !== 'nl' && customer.language !== 'fy' && dice.chance(0.7);
  const reachable = queues.filter(
    ({ of }) => emailOf(customer) !== null || of.entrances.some(({ channel }) => channel === 'call'),
  );
  const fitting = reachable.filter(({ of }) => (of.language === 'en') === english);
  return dice.pick(fitting.flatMap((queue) => Array.from({ length: queue.of.share }, () => queue)));
}

/** Those without an address call; and where there are other ways in, few write. */
function entrancesFor(dice: Dice, { of }: Queue, customer: Customer): DemoQueue['entrances'] {
  const calls = of.entrances.filter(({ channel }) => channel === 'call');
  const quick = of.entrances.filter(({ channel }) => channel !== 'email');
  if (emailOf(customer) === null && calls.length > 0) return calls;
  return quick.length > 0 && dice.chance(0.92) ? quick : of.entrances;
}

const identifierOf = (customer: Customer, kind: 'phone' | 'email') =>
  customer.identifiers.find((each) => each.kind === kind)?.value ?? null;
const phoneOf = (customer: Customer) => identifierOf(customer, 'phone');
const emailOf = (customer: Customer) => identifierOf(customer, 'email');

/** Texts with the product and the order filled in, the same ones all through a contact. */
function filler(dice: Dice, client: DemoClient): (text: string) => string {
  const product = dice.pick(client.products).name;
  const order = `${client.reference}${dice.between(204_000, 298_999)}`;
  return (text) => text.replaceAll('{product}', product).replaceAll('{order}', order);
}

/** More of late than long ago, and by day. */
function moment(dice: Dice, now: Date): Date {
  const midnight = Math.floor(now.getTime() / day) * day;
  const opens = midnight + 7 * 60 * minute;
  const latest = now.getTime() - 45 * minute;
  if (latest > opens && dice.chance(todayShare)) return new Date(opens + Math.floor(dice.number() * (latest - opens)));
  const daysAgo = 1 + Math.floor(dice.number() ** 1.6 * 729);
  const minutes = 7 * 60 + Math.floor(((dice.number() + dice.number()) / 2) * 13 * 60);
  return new Date(midnight - daysAgo * day + minutes * minute + dice.between(0, 59) * 1_000);
}

interface Times {
  answeredAt: Date;
  endedAt: Date;
  registeredAt: Date;
}

/** @param norm - within so many seconds the queue wants to answer; it mostly does */
function timesOf(dice: Dice, channel: string, norm: number, from: Date, now: Date): Times {
  const seconds = (least: number, most: number) => Math.round(least + dice.number() ** 3 * (most - least));
  const wait = dice.chance(0.92) ? seconds(3, norm) : seconds(norm, norm * 5);
  const spans =
    channel === 'call'
      ? [wait, seconds(100, 900), seconds(10, 120)]
      : channel === 'chat'
        ? [wait, seconds(240, 1_500), seconds(10, 90)]
        : [Math.max(wait, seconds(300, 9_000)), seconds(120, 900), 5];
  const at = (n: number) =>
    Math.min(from.getTime() + spans.slice(0, n).reduce((sum, span) => sum + span, 0) * 1_000, now.getTime());
  return { answeredAt: new Date(at(1)), endedAt: new Date(at(2)), registeredAt: new Date(at(3)) };
}

function registrationOf(
  dice: Dice,
  { of, added }: Queue,
  topic: PastTopic,
  byDefault: boolean,
  fill: (text: string) => string,
) {
  const wanted =
    byDefault && of.wrapUp.mode !== 'required'
      ? of.wrapUp
      : { reason: topic.reason, outcome: dice.pick(topic.outcomes) };
  const reasonId = added.reasons[wanted.reason];
  const outcomeId = added.outcomes[wanted.outcome];
  if (reasonId === undefined || outcomeId === undefined)
    throw new Error(`${of.name.nl} has no ${wanted.reason} or ${wanted.outcome}`);
  return { reasonId, outcomeId, summary: byDefault ? '' : fill(topic.summary), followUp: '', followUpAt: null };
}

interface Said {
  channel: string;
  topic: PastTopic;
  fill: (text: string) => string;
  name: string;
  agent: Agent;
  client: DemoClient;
  when: Date;
  times: Times;
  givesUp: boolean;
  isEnglish: boolean;
}

function messages({ channel, topic, fill, name, agent, client, when, times, givesUp, isEnglish }: Said): PastMessage[] {
  if (channel === 'call') return [];
  const asked = fill(topic.customer);
  const answered = fill(topic.agent);
  if (channel === 'chat') {
    const question: PastMessage = { author: 'customer', text: asked, at: when };
    if (givesUp) return [question];
    const halfway = new Date((times.answeredAt.getTime() + times.endedAt.getTime()) / 2);
    return [
      question,
      {
        author: 'agent',
        text: isEnglish
          ? `Good day, you are chatting with ${agent.name}. I will look it up.`
          : `Goedendag, u chat met ${agent.name}. Ik zoek het voor u op.`,
        at: times.answeredAt,
      },
      { author: 'agent', text: answered, at: halfway },
      { author: 'customer', text: isEnglish ? 'Great, thank you!' : 'Fijn, dank u wel!', at: times.endedAt },
    ];
  }
  const letter = isEnglish
    ? [`Dear ${name},`, answered, `Kind regards,\n${agent.name}\n${client.name}`]
    : [`Beste ${name},`, answered, `Met vriendelijke groet,\n${agent.name}\n${client.name}`];
  return [
    {
      author: 'customer',
      text: [isEnglish ? 'Hello,' : 'Goedendag,', asked, `${isEnglish ? 'Regards' : 'Groet'},\n${name}`].join('\n\n'),
      at: when,
    },
    { author: 'agent', text: letter.join('\n\n'), at: times.endedAt },
  ];
}
