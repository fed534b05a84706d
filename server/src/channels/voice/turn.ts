/** Credentials of some hours for coturn, from the secret that we share with it (draft-uberti-behave-turn-rest, §2.2). */
import { createHmac } from 'node:crypto';
import type { IceServers } from '@kernlijn/contract/web-call';
import type { Turn } from '../../platform/config.ts';

/** An agent's working day: a connection is made anew with new ones. */
const hours = 12;

/** `who` stands in the TURN server's log; it is nobody's name. */
export function iceServers(turn: Turn | null, who: string, now: Date): IceServers {
  if (turn === null) return { iceServers: [], iceTransportPolicy: 'all' };
  const username = `${Math.floor(now.getTime() / 1_000) + hours * 3_600}:${who}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return {
    iceServers: [{ urls: turn.urls, username, credential }],
    iceTransportPolicy: turn.only ? 'relay' : 'all',
  };
}
