import { randomUUID } from 'node:crypto';
import { newCall } from '@kernlijn/contract/conversations';
import type { ConversationCard, ConversationDetail, HandOver } from '@kernlijn/contract/conversations';
import {
  ago,
  ahead,
  bakker,
  card,
  detail,
  dossierOf,
  energy,
  firm,
  garden,
  haddad,
  lineOf,
  message,
  queueOf,
  reasons,
  visser,
} from './world.ts';

export interface Scene {
  call: ConversationDetail;
  ended: ConversationDetail;
  chat: ConversationDetail;
  english: ConversationDetail;
  mail: ConversationDetail;
  parked: ConversationDetail;
  offer: ConversationDetail;
}

export function morning(): Scene {
  return {
    call: call(),
    ended: ended(),
    chat: chat(),
    english: english(),
    mail: mail(),
    parked: parked(),
    offer: offer(),
  };
}

function call(): ConversationDetail {
  const of = card({
    clientId: energy.id,
    channel: 'call',
    state: 'handling',
    queueId: queueOf(0).queueId,
    customerId: bakker.id,
    customerName: 'Joke Bakker',
    customerAddress: '+3197010281234',
    queuedAt: ago(193),
    answeredAt: ago(151),
    call: newCall(randomUUID()),
  });
  return {
    ...detail(of, [], { kind: 'known', dossier: dossierOf(bakker) }),
    registrationDraft: { reasonId: reasons[0]?.id ?? '', summary: 'Belt over de jaarafrekening: € 312 bijbetalen.' },
  };
}

function ended(): ConversationDetail {
  const of = card({
    clientId: energy.id,
    channel: 'call',
    state: 'wrap-up',
    queueId: queueOf(1).queueId,
    customerAddress: '+3197010287777',
    queuedAt: ago(500),
    answeredAt: ago(470),
    endedAt: ago(20),
    wrapUpUntil: ahead(42),
    call: { ...newCall(randomUUID()), live: false },
  });
  return detail(of, [], {
    kind: 'new',
    prefill: { identifierKind: 'phone', value: '+3197010287777', name: '', language: 'nl' },
  });
}

function chat(): ConversationDetail {
  const of = card({
    clientId: garden.id,
    channel: 'chat',
    state: 'handling',
    queueId: queueOf(4).queueId,
    customerId: visser.id,
    customerName: 'Pieter Visser',
    customerAddress: 'p.visser@example.org',
    lastMessageAt: ago(35),
    lastMessageFrom: 'customer',
  });
  const said = (position: number, author: 'customer' | 'agent' | 'system', text: string, at: number) =>
    message(
      of.id,
      position,
      author,
      author === 'agent' ? 'Sanne de Groot' : author === 'system' ? '' : 'Pieter Visser',
      text,
      at,
    );
  return detail(
    of,
    [
      said(1, 'customer', 'Goedemorgen, mijn snoeischaar is nog niet bezorgd.', 300),
      said(2, 'system', 'Sanne de Groot neemt deel aan de chat.', 240),
      said(
        3,
        'agent',
        'Goedemorgen meneer Visser, wat vervelend. Ik kijk het meteen voor u na. Heeft u het bestelnummer bij de hand?',
        220,
      ),
      said(
        4,
        'customer',
        'Ja: TW-2026-118204. Het zou dinsdag komen, toen woensdag, en nu zie ik helemaal geen datum meer staan op de volgpagina van de bezorger.',
        120,
      ),
      said(5, 'agent', 'Dank u. Een moment alstublieft.', 90),
      said(6, 'customer', 'Komt hij nog voor het weekend?', 35),
    ],
    { kind: 'known', dossier: dossierOf(visser) },
  );
}

function english(): ConversationDetail {
  const of = card({
    clientId: garden.id,
    channel: 'chat',
    state: 'handling',
    queueId: queueOf(4).queueId,
    customerId: haddad.id,
    customerName: 'Layla Haddad',
    customerAddress: 'layla@example.org',
    language: 'en',
    lastMessageAt: ago(80),
    lastMessageFrom: 'agent',
  });
  return detail(
    of,
    [
      message(of.id, 1, 'customer', 'Layla Haddad', 'Hi, can I change my order?', 200),
      message(of.id, 2, 'agent', 'Sanne de Groot', 'Of course! What would you like to change?', 80),
    ],
    { kind: 'known', dossier: dossierOf(haddad) },
  );
}

function mail(): ConversationDetail {
  const of = card({
    clientId: energy.id,
    channel: 'email',
    state: 'handling',
    queueId: queueOf(2).queueId,
    customerAddress: 'administratie@installatiebedrijf.example.org',
    customerName: 'Installatiebedrijf Van der Wolterinck-Schimmelpenninck & Zonen B.V.',
    subject: 'Offerte zakelijke aansluiting nieuwbouwlocatie Eemshaven-Oostlob',
    queuedAt: ago(9_000),
    answeredAt: ago(600),
    lastMessageAt: ago(9_000),
    lastMessageFrom: 'customer',
  });
  const html = `<p>Geachte mevrouw De Groot,</p><p>Dank voor uw snelle antwoord. In de bijlage vindt u de <b>tekening</b> van de locatie. Kunt u ons vóór vrijdag een offerte sturen voor <i>drie</i> aansluitingen van 3×80 A?</p><ul><li>Hal A: opslag</li><li>Hal B: werkplaats</li><li>Kantoor</li></ul><p>Met vriendelijke groet,<br>H.J. van der Wolterinck-Schimmelpenninck</p><img data-remote-src="https://tracker.example.org/pixel.png" width="1" height="1"><blockquote>Op 19 november schreef Energie Noord:<br>Kunt u ons een tekening sturen?</blockquote>`;
  return detail(
    of,
    [
      message(
        of.id,
        1,
        'customer',
        'H.J. van der Wolterinck-Schimmelpenninck',
        'Goedemiddag,\n\nWij bouwen een nieuwe hal en willen een aansluiting.',
        90_000,
      ),
      message(
        of.id,
        2,
        'agent',
        'Sanne de Groot',
        'Geachte heer,\n\nKunt u ons een tekening van de locatie sturen?\n\nMet vriendelijke groet,\nSanne de Groot\nEnergie Noord',
        80_000,
      ),
      message(of.id, 3, 'customer', 'H.J. van der Wolterinck-Schimmelpenninck', 'Geachte mevrouw De Groot …', 9_000, {
        html,
        attachments: [
          {
            id: randomUUID(),
            name: 'Tekening-locatie-Eemshaven-Oostlob-definitief-v3.pdf',
            mediaType: 'application/pdf',
            size: 1_845_221,
            inline: false,
            contentId: null,
          },
          {
            id: randomUUID(),
            name: 'foto.jpg',
            mediaType: 'image/jpeg',
            size: 482_113,
            inline: false,
            contentId: null,
          },
        ],
      }),
    ],
    { kind: 'candidates', candidates: [lineOf(firm), lineOf(bakker)] },
  );
}

function parked(): ConversationDetail {
  const of = card({
    clientId: energy.id,
    channel: 'email',
    state: 'parked',
    queueId: queueOf(2).queueId,
    customerId: bakker.id,
    customerAddress: 'joke.bakker@example.org',
    customerName: 'Joke Bakker',
    subject: 'Meterstand',
    lastMessageAt: ago(86_000),
    lastMessageFrom: 'agent',
  });
  return detail(
    of,
    [
      message(of.id, 1, 'customer', 'Joke Bakker', 'Waar geef ik mijn meterstand door?', 90_000),
      message(of.id, 2, 'agent', 'Sanne de Groot', 'Dat kan in de app.', 86_000, {
        delivery: 'failed',
        deliveryDetail: '550 5.1.1 mailbox unknown',
      }),
    ],
    { kind: 'known', dossier: dossierOf(bakker) },
  );
}

function offer(): ConversationDetail {
  const of = card({
    clientId: energy.id,
    channel: 'call',
    state: 'offered',
    queueId: queueOf(0).queueId,
    customerId: bakker.id,
    customerName: 'Joke Bakker',
    customerAddress: '+3197010281234',
    queuedAt: ago(42),
    answeredAt: null,
    offerExpiresAt: ahead(18),
    call: newCall(randomUUID()),
  });
  return detail(of, [], { kind: 'known', dossier: dossierOf(bakker) });
}

export const cardsOf = (scene: Scene, names: readonly (keyof Scene)[]): ConversationCard[] =>
  names.map((name) => scene[name].card);

export const passedOn: HandOver = {
  id: randomUUID(),
  round: 1,
  at: ago(60),
  byName: 'Mark Jansen',
  agentName: null,
  fromQueue: { nl: 'Service', en: 'Service' },
  toQueue: { nl: 'Facturen', en: 'Invoices' },
  toAgentName: null,
  reason: null,
  note: 'Wil betalen in termijnen',
};
