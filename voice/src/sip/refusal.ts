/** The refusals whose reason lies in the request itself, in the order of RFC 3261 §8.2. */
import { isReadable } from './body.ts';
import { allowedMethods } from './core.ts';
import { dialogAsServer } from './dialog.ts';
import { headers, tagOf, type HeaderField, type SipRequest } from './message.ts';
import { decideAsServer, minSeconds } from './session-timer.ts';

export type Refusal = { status: number; headers: HeaderField[] };

export function refusalOf(request: SipRequest): Refusal | null {
  if (request.method === 'CANCEL') return null; // §8.2.2.3: it may require nothing
  const unknown = headers(request, 'require').filter((option) => option.toLowerCase() !== 'timer');
  if (unknown.length > 0) return refuse(420, ...unknown.map((value) => ({ name: 'unsupported', value })));
  if (tagOf(request.to) !== '') return null; // its dialog decides
  // §8.2.1 comes first: a method we do not know is no use under any URI
  if (!(allowedMethods as readonly string[]).includes(request.method)) {
    return refuse(405, { name: 'allow', value: allowedMethods.join(', ') });
  }
  if (request.uri.scheme === 'other') return refuse(416); // §8.2.2.1
  if (request.method === 'OPTIONS') return null;
  return request.method === 'INVITE' ? refusalOfInvite(request) : refuse(481); // §12.2.2
}

/** §21.5.4: no room. The wait differs from one to the next, so that they do not all come again together. */
export function overload(): Refusal {
  return refuse(503, { name: 'retry-after', value: String(5 + Math.floor(Math.random() * 10)) });
}

function refusalOfInvite(invite: SipRequest): Refusal | null {
  if (!isReadable(invite)) return refuse(415, { name: 'accept', value: 'application/sdp' }); // §8.2.3
  if (tagOf(invite.from) === '' || !dialogAsServer(invite, '')) return refuse(400); // §8.1.1.3, §8.1.1.8
  const tooShort = decideAsServer(invite, null) === 'too-small';
  return tooShort ? refuse(422, { name: 'min-se', value: String(minSeconds) }) : null; // RFC 4028 §9
}

function refuse(status: number, ...fields: HeaderField[]): Refusal {
  return { status, headers: fields };
}
