/**
 * Calls from a browser on a client's site. The press on the button makes a token; with it the browser connects to the
 * voice engine, and when it is heard there the conversation begins: from then on it is a call like any other, in the same
 * queue. A browser whose connection is gone keeps its place for a moment and connects again with the same token.
 */
import { newCall } from '@kernlijn/contract/conversations';
import type { startWebCall as startWebCallCall, WebCallState } from '@kernlijn/contract/web-call';
import type { z } from 'zod';
import { callChanged, lockConversation, receive } from '../../conversations/index.ts';
import { identifyOne } from '../../customers/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { hashOf, newToken } from '../../platform/token.ts';
import { queueOpen, queueOpensAt } from '../../routing/index.ts';
import { legOfWebCall, webCallOfLeg } from './legs.ts';
import { asE164 } from './number.ts';
import { callOf, findEntrance, liveCallOfLeg } from './store.ts';
import type { Entrance } from './store.ts';
import * as store from './web-calls-store.ts';
import type { WebCall } from './web-calls-store.ts';

/** Strangers can begin these: more at once of one client is not a busy day but an attack. */
const mostAtOnce = 60;
/** Time to allow the microphone, in seconds. */
const unheardSeconds = 300;

/** @throws Refusal `not-found` for an entrance without a call button */
export async function webCallOpen(
  tx: Tx,
  entrance: string,
  now: Date,
): Promise<{ open: boolean; opensAt: string | null }> {
  const { queueId } = await entranceOf(tx, entrance);
  const open = await queueOpen(tx, queueId, now);
  const opensAt = open ? null : await queueOpensAt(tx, queueId, now);
  return { open, opensAt: opensAt?.toISOString() ?? null };
}

/** @returns the token @throws Refusal `web-call-closed`, `too-many-requests`, `conflict` */
export async function startWebCall(
  tx: Tx,
  entrance: string,
  form: z.output<typeof startWebCallCall.body>,
  now: Date,
): Promise<string> {
  const { clientId, contactPointId, queueId } = await entranceOf(tx, entrance);
  await store.lockKey(tx, clientId, form.key);
  const token = newToken();
  const earlier = await store.replaceUnheard(tx, clientId, form.key, hashOf(token));
  if (earlier === 'heard') throw new Refusal('conflict', { key: form.key });
  if (earlier === 'replaced') return token;
  if (!(await queueOpen(tx, queueId, now))) throw new Refusal('web-call-closed');
  const since = new Date(now.getTime() - unheardSeconds * 1_000);
  if ((await store.standingWebCalls(tx, clientId, since)) >= mostAtOnce) throw new Refusal('too-many-requests');
  await store.forgetUnheard(tx, clientId, new Date(now.getTime() - 24 * 3_600_000));
  const { name, email, question, page, language, key, chatToken } = form;
  await store.insertWebCall(
    tx,
    {
      ...{ clientId, contactPointId, key, language, email: email.toLowerCase(), tokenHash: hashOf(token) },
      ...{ name: storable(name), question: storable(question), page: storable(page) },
      number: asE164(form.number).slice(0, 20),
      chatId: chatToken === null ? null : await store.chatOf(tx, clientId, hashOf(chatToken)),
    },
    now,
  );
  return token;
}

/** @throws Refusal `visitor-unknown`; `call-ended` when there is nothing to connect to any more */
export async function webCallLeg(tx: Tx, token: string): Promise<string> {
  const call = await ofToken(tx, token);
  if (call.isOver) throw new Refusal('call-ended');
  return legOfWebCall(call.id);
}

export async function webCallState(tx: Tx, token: string): Promise<WebCallState> {
  const call = await ofToken(tx, token);
  const ended: WebCallState = { state: 'ended', agentName: null, ahead: null };
  if (call.isOver) return ended;
  if (call.conversationId === null) return { ...ended, state: 'connecting' };
  const now = await store.standing(tx, call.conversationId);
  if (now === undefined || !now.live) return ended;
  if (now.state === 'waiting' || now.state === 'offered') return { ...ended, state: 'waiting', ahead: now.ahead };
  if (now.state !== 'handling') return ended;
  return { state: now.held ? 'held' : 'talking', agentName: now.agentName, ahead: null };
}

/** The visitor hangs up: his place is gone. @returns his leg, to be let go of */
export async function hangUpWebCall(tx: Tx, token: string, now: Date): Promise<string> {
  const { id } = await ofToken(tx, token);
  await store.markOver(tx, id, now);
  return legOfWebCall(id);
}

type Arrived = { is: 'new'; conversationId: string; entrance: Entrance } | { is: 'back'; conversationId: string };

/** His browser is heard. Null for one that is not, or no longer, to be answered. */
export async function arriveByWeb(tx: Tx, legId: string, now: Date): Promise<Arrived | null> {
  const id = webCallOfLeg(legId);
  const call = id === null ? undefined : await store.lockWebCall(tx, id);
  if (call === undefined || call.isOver) return null;
  if (call.conversationId !== null) return { is: 'back', conversationId: call.conversationId };
  const entrance = await entranceOfPoint(tx, call.contactPointId);
  if (entrance === undefined) return null;
  const customer =
    (await identifyOne(tx, call.clientId, 'phone', call.number)) ??
    (await identifyOne(tx, call.clientId, 'email', call.email));
  const { page, question, email, chatId } = call;
  const conversationId = await receive(
    tx,
    {
      ...{ clientId: call.clientId, channel: 'call', queueId: entrance.queueId, priority: entrance.priority },
      ...{ contactPointId: call.contactPointId, customerId: customer?.id ?? null, customer },
      ...{ customerAddress: call.number, customerName: call.name, subject: question.slice(0, 80) },
      language: call.language,
    },
    now,
    { card: { ...newCall(legId), web: { page, question, email, chatId, here: true } }, insert: callOf(legId) },
  );
  await store.setConversation(tx, call.id, conversationId);
  return { is: 'new', conversationId, entrance };
}

/** Whether he is waited for. Whoever is in his call sees that he is gone. */
export async function webCallLost(tx: Tx, legId: string, now: Date): Promise<boolean> {
  const live = await liveCallOfLeg(tx, legId);
  const id = webCallOfLeg(legId);
  if (live === undefined || id === null) return false;
  await lockConversation(tx, live.conversationId);
  const call = await store.lockWebCall(tx, id);
  const goesOn = live.state === 'waiting' || live.state === 'offered' || live.state === 'handling';
  if (call === undefined || call.isOver || !goesOn) return false;
  if (await store.markLost(tx, id, now)) await tell(tx, live.conversationId);
  return true;
}

export async function webCallIsBack(tx: Tx, conversationId: string, legId: string): Promise<void> {
  await lockConversation(tx, conversationId);
  if (await store.markLost(tx, webCallOfLeg(legId) ?? '', null)) await tell(tx, conversationId);
}

/** @returns the legs of those who are gone for good */
export async function webCallsGone(tx: Tx, since: Date): Promise<string[]> {
  return (await store.goneWebCalls(tx, since)).map(legOfWebCall);
}

async function tell(tx: Tx, conversationId: string): Promise<void> {
  await callChanged(tx, conversationId);
}

async function ofToken(tx: Tx, token: string): Promise<WebCall> {
  const call = await store.webCallOfToken(tx, hashOf(token));
  if (call === undefined) throw new Refusal('visitor-unknown');
  return call;
}

async function entranceOf(tx: Tx, entrance: string): Promise<Entrance> {
  const found = await findEntrance(tx, [store.webAddress(entrance)]);
  if (found === undefined) throw new Refusal('not-found');
  return found;
}

async function entranceOfPoint(tx: Tx, contactPointId: string): Promise<Entrance | undefined> {
  const point = await tx
    .selectFrom('contact_point')
    .select('address')
    .where('id', '=', contactPointId)
    .executeTakeFirst();
  return point && (await findEntrance(tx, [point.address]));
}

/** PostgreSQL stores every text but these: a NUL, and half of a surrogate pair. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');
