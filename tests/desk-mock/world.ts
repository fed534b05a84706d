/** A made-up morning for developing the desk without a server. */
import { randomUUID } from 'node:crypto';
import { permissionsOf, type ClientSummary, type Me } from '@kernlijn/contract/access';
import type { AgentStatus, PauseReason } from '@kernlijn/contract/agents';
import type {
  CallRecording,
  Code,
  ConversationCard,
  ConversationDetail,
  Message,
} from '@kernlijn/contract/conversations';
import type { Customer, CustomerLine, Dossier, ScreenPop, TimelineItem } from '@kernlijn/contract/customers';
import type { Article, Product } from '@kernlijn/contract/guidance';
import type { Directory } from '@kernlijn/contract/telephone';
import type { QueuePicture } from '@kernlijn/contract/routing';

export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();
export const ahead = (seconds: number): string => ago(-seconds);

export const energy: ClientSummary = {
  id: randomUUID(),
  slug: 'energie-noord',
  name: 'Energie Noord',
  colour: '#2f8f3a',
};
export const garden: ClientSummary = { id: randomUUID(), slug: 'tuinwereld', name: 'Tuinwereld', colour: '#c2571a' };

export const me: Me = {
  id: randomUUID(),
  name: 'Sanne de Groot',
  email: 'sanne@example.org',
  role: 'team-leader',
  locale: 'nl',
  permissions: [...permissionsOf['team-leader']],
  clients: [energy, garden],
  isAgent: true,
};

const code = (nl: string, en: string): Code => ({
  id: randomUUID(),
  code: en.toLowerCase().replace(/\W+/g, '-'),
  name: { nl, en },
});
export const reasons: Code[] = [
  code('Vraag over de rekening', 'Question about the bill'),
  code('Verhuizing doorgeven', 'Moving house'),
  code('Meterstand doorgeven', 'Meter reading'),
  code('Termijnbedrag wijzigen', 'Change the instalment'),
  code('Storing melden', 'Report a failure'),
  code('Klacht over behandeling', 'Complaint about service'),
  code('Nieuw contract', 'New contract'),
  code('Opzeggen', 'Cancellation'),
  code('Betalingsregeling', 'Payment plan'),
  code('Zonnepanelen en teruglevering', 'Solar panels and feed-in'),
  code('Aansprakelijkheidsverzekeringsvraagstuk', 'Question of liability insurance'),
  code('Overig', 'Other'),
];
export const outcomes: Code[] = [
  code('Opgelost', 'Solved'),
  code('Terugbelafspraak', 'Callback promised'),
  code('Doorgezet naar tweede lijn', 'Passed to second line'),
  code('Offerte gestuurd', 'Quote sent'),
  code('Geen gehoor', 'No answer'),
];
export const pauseReasons: PauseReason[] = [
  { code: 'lunch', name: { nl: 'Lunch', en: 'Lunch' } },
  { code: 'break', name: { nl: 'Korte pauze', en: 'Short break' } },
  { code: 'coaching', name: { nl: 'Coaching', en: 'Coaching' } },
  { code: 'meeting', name: { nl: 'Overleg', en: 'Meeting' } },
];

const queue = (
  client: ClientSummary,
  nl: string,
  en: string,
  waiting: number,
  oldest: number | null,
  open = true,
): QueuePicture => ({
  queueId: randomUUID(),
  clientId: client.id,
  name: { nl, en },
  priority: 5,
  waiting,
  oldestQueuedAt: oldest === null ? null : ago(oldest),
  open,
});
export const queues: QueuePicture[] = [
  queue(energy, 'Klantenservice', 'Customer service', 7, 185),
  queue(energy, 'Verhuizingen en nieuwe aansluitingen', 'Moving and new connections', 2, 64),
  queue(energy, 'E-mail', 'E-mail', 12, 4_210),
  queue(garden, 'Bestellingen', 'Orders', 0, null),
  queue(garden, 'Chat', 'Chat', 1, 22),
  queue(garden, 'Webcare', 'Webcare', 0, null, false),
];
/** Whom an agent can ask into a call: one is free, one talks, one has a break. */
export const directoryOf = (clientId: string): Directory => ({
  colleagues: (
    [
      ['Fenna de Wit', 'busy', false],
      ['Karim El Amrani', 'ready', true],
      ['Mark Jansen', 'paused', false],
    ] as const
  ).map(([name, state, free]) => ({
    agentId: randomUUID(),
    name,
    state,
    pauseReason: state === 'paused' ? { nl: 'Lunch', en: 'Lunch' } : null,
    since: ago(4),
    free,
    onPhone: state === 'busy',
    queueIds: [],
    skills: [{ nl: 'Nederlands', en: 'Dutch' }],
  })),
  queues: queues
    .filter((queue) => queue.clientId === clientId)
    .map(({ queueId, name, open, waiting }, at) => ({
      ...{ queueId, name, open, waiting },
      free: at,
      expectedWaitSeconds: at === 0 ? 90 : null,
    })),
  numbers: [{ id: randomUUID(), clientId, name: 'Storingsdienst', number: '+31201234567', note: 'Dag en nacht' }],
});

export const queueOf = (at: number): QueuePicture => queues[at] ?? fail();
const fail = (): never => {
  throw new Error('the mock has no such thing');
};

export const status: AgentStatus = {
  agentId: me.id,
  name: me.name,
  state: 'busy',
  pauseReason: null,
  since: ago(151),
  nextState: null,
  nextPauseReason: null,
  missedInRow: 0,
  capacity: { call: 1, chat: 3, written: 5 },
};

export function customer(
  client: ClientSummary,
  givenName: string,
  prefix: string,
  familyName: string,
  phone: string,
  email: string,
  more: Partial<Customer> = {},
): Customer {
  return {
    id: randomUUID(),
    clientId: client.id,
    kind: 'person',
    title: 'mrs',
    givenName,
    prefix,
    familyName,
    company: '',
    language: 'nl',
    reference: `K${String(Math.floor(Math.random() * 900_000) + 100_000)}`,
    identifiers: [
      { kind: 'phone', value: phone },
      { kind: 'email', value: email },
    ],
    address: {
      street: 'Prinsengracht',
      houseNumber: 263,
      suffix: 'A',
      postcode: '1016GV',
      city: 'Amsterdam',
      country: 'NL',
    },
    customerSince: '2019-04-11',
    version: 1,
    ...more,
  };
}
export const bakker = customer(energy, 'Joke', '', 'Bakker', '+3197010281234', 'joke.bakker@example.org');
export const visser = customer(garden, 'Pieter', '', 'Visser', '+3197010285678', 'p.visser@example.org', {
  title: 'mr',
});
export const haddad = customer(garden, 'Layla', '', 'Haddad', '+3197010289012', 'layla@example.org', {
  title: null,
  language: 'en',
});
export const firm = customer(
  energy,
  'Hendrik-Jan',
  'van der',
  'Wolterinck-Schimmelpenninck',
  '+3197010283456',
  'administratie@installatiebedrijf.example.org',
  { kind: 'business', company: 'Installatiebedrijf Van der Wolterinck-Schimmelpenninck & Zonen B.V.', title: 'mr' },
);
export const customers = [bakker, visser, haddad, firm];

const item = (
  at: number,
  channel: TimelineItem['channel'],
  subject: string,
  summary: string,
  reason: number,
  outcome: number,
  agentName: string,
): TimelineItem => ({
  conversationId: randomUUID(),
  channel,
  direction: 'in',
  state: 'closed',
  subject,
  summary,
  reason: reasons[reason]?.name ?? null,
  outcome: outcomes[outcome]?.name ?? null,
  agentName,
  at: ago(at),
  handOvers: [],
  unanswered: null,
});
export function dossierOf(who: Customer): Dossier {
  return {
    customer: who,
    notes: [
      {
        id: randomUUID(),
        text: 'Is slechthorend: graag rustig en duidelijk spreken.',
        authorName: 'Mark Jansen',
        at: ago(86_400 * 40),
      },
      {
        id: randomUUID(),
        text: 'Wil alle bevestigingen per post.',
        authorName: 'Sanne de Groot',
        at: ago(86_400 * 210),
      },
    ],
    timeline: [
      item(
        86_400 * 2,
        'email',
        'Klopt mijn jaarafrekening wel?',
        'Afrekening uitgelegd; meterstand bleek verkeerd overgenomen.',
        0,
        1,
        'Fatima el Amrani',
      ),
      item(86_400 * 31, 'call', '', 'Termijnbedrag verlaagd van € 214 naar € 187.', 3, 0, 'Sanne de Groot'),
      item(86_400 * 120, 'chat', '', 'Vraag over teruglevering.', 9, 0, 'Mark Jansen'),
      item(86_400 * 400, 'call', '', '', 1, 0, 'Mark Jansen'),
    ],
    openConversations: 2,
  };
}
export const lineOf = (who: Customer): CustomerLine => ({
  id: who.id,
  clientId: who.clientId,
  name: who.kind === 'business' ? who.company : [who.givenName, who.prefix, who.familyName].filter(Boolean).join(' '),
  kind: who.kind,
  phone: who.identifiers.find((one) => one.kind === 'phone')?.value ?? null,
  email: who.identifiers.find((one) => one.kind === 'email')?.value ?? null,
  address: who.address && `${who.address.street} ${who.address.houseNumber ?? ''}, ${who.address.city}`,
  reference: who.reference,
});

export function card(
  part: Partial<ConversationCard> & Pick<ConversationCard, 'clientId' | 'channel' | 'state' | 'queueId'>,
): ConversationCard {
  return {
    id: randomUUID(),
    direction: 'in',
    customerId: null,
    customerAddress: '',
    customerName: '',
    subject: '',
    language: 'nl',
    priority: 5,
    agentId: me.id,
    round: 1,
    version: 1,
    queuedAt: ago(300),
    answeredAt: ago(240),
    endedAt: null,
    wrapUpUntil: null,
    offerExpiresAt: null,
    lastMessageAt: null,
    lastMessageFrom: null,
    call: null,
    ...part,
  };
}

export function message(
  conversationId: string,
  position: number,
  author: Message['author'],
  authorName: string,
  text: string,
  at: number,
  more: Partial<Message> = {},
): Message {
  return {
    id: randomUUID(),
    conversationId,
    position,
    author,
    authorName,
    text,
    html: null,
    externalId: randomUUID(),
    delivery: author === 'agent' ? 'sent' : 'received',
    deliveryDetail: null,
    automatic: null,
    original: false,
    at: ago(at),
    attachments: [],
    ...more,
  };
}

export function detail(of: ConversationCard, messages: Message[], screenPop: ScreenPop): ConversationDetail {
  return {
    card: of,
    agent: of.agentId === me.id ? { id: me.id, name: me.name } : null,
    messages,
    reasons,
    outcomes,
    wrapUp: {
      mode: 'timed',
      seconds: 60,
      defaultReasonId: reasons[11]?.id ?? null,
      defaultOutcomeId: outcomes[0]?.id ?? null,
    },
    registration: null,
    replyDraft: null,
    registrationDraft: null,
    handOvers: [],
    lines: [],
    screenPop,
  };
}

const article = (client: ClientSummary, title: string, body: string): Article => ({
  id: randomUUID(),
  clientId: client.id,
  title,
  body,
  language: 'nl',
  updatedAt: ago(86_400 * 12),
});
export const articles: Article[] = [
  article(
    energy,
    'Verhuizen: wat moet de klant doorgeven?',
    'Vraag naar de sleuteldatum, het nieuwe adres en de meterstanden.\n\n1. Sleuteldatum van de nieuwe woning.\n2. Sleuteldatum van de oude woning.\n3. Meterstanden op beide data.\n\nDe klant krijgt binnen twee werkdagen een bevestiging.',
  ),
  article(
    energy,
    'Jaarafrekening uitleggen',
    'Begin met wat de klant al betaalde, en vergelijk het verbruik met vorig jaar.',
  ),
  article(energy, 'Salderen en teruglevering', 'De regeling, in gewone woorden.'),
  article(garden, 'Plant komt beschadigd aan', 'Vraag om een foto en stuur kosteloos een nieuwe.'),
];
const product = (
  client: ClientSummary,
  codeName: string,
  name: string,
  description: string,
  priceCents: number | null,
  unit: string,
): Product => ({ id: randomUUID(), clientId: client.id, code: codeName, name, description, priceCents, unit });
export const products: Product[] = [
  product(energy, 'EN-VAST-1', 'Zeker Stroom 1 jaar', 'Vaste prijs, 100% wind', 2_849, '100 kWh'),
  product(energy, 'EN-DYN', 'Dynamisch', 'Prijs per uur', null, ''),
  product(garden, 'TW-1201', 'Snoeischaar Professioneel', 'Bypass, 22 cm', 3_495, 'stuk'),
];

/** One that has gone on for a while. */
export const recording = (part: Partial<CallRecording> = {}): CallRecording => ({
  ...{ id: randomUUID(), state: 'running', since: ago(0), startedAt: ago(120), pausedFor: null },
  ...part,
});
