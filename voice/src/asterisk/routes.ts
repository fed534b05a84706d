/** Which ways lead to who is dialled, best first. Pure. */
import type { PhoneAccount, Trunk, VoiceCommand } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import type { Route } from './leg.ts';
import { directEndpoint, trunkEndpoint } from './pjsip-objects.ts';

type Dial = Extract<VoiceCommand, { command: 'dial' }>;

/** @throws CommandRefused `bad-command` for what is no number or address, `unreachable` without a trunk, `no-such-phone` */
export function routesTo(
  { to, via = 'trunk', anonymous = false, from }: Dial,
  { trunks, phones }: { trunks: readonly Trunk[]; phones: readonly PhoneAccount[] },
): Route[] {
  const variables: Record<string, string> = {
    'PJSIP_TRANSFER_HANDLING()': 'ari-only',
    ...((anonymous || from === '') && { 'CALLERID(pres)': 'prohib', 'CONNECTEDLINE(pres)': 'prohib' }),
  };
  if (via === 'phone') {
    if (!phones.some(({ user }) => user === to)) throw new CommandRefused('no-such-phone', to);
    return [{ trunkId: null, from, endpoint: `PJSIP/${to}`, variables }];
  }
  if (/^sips?:/i.test(to)) {
    if (!/^sips?:[^\s,&|\\"<>]{1,200}$/i.test(to)) throw new CommandRefused('bad-command', 'no SIP address');
    return [{ trunkId: null, from, endpoint: `PJSIP/${directEndpoint}/${to}`, variables }];
  }
  const number = to.replace(/^tel:/i, '').replace(/[\s().-]/g, ''); // RFC 3966 §5.1.1: visual separators mean nothing
  if (!/^[+A-Za-z0-9*#_]{1,64}$/.test(number)) throw new CommandRefused('bad-command', 'no number');
  if (trunks.length === 0) throw new CommandRefused('unreachable', 'no trunk is configured');
  return trunks
    .toSorted((one, other) => one.priority - other.priority)
    .map((trunk) => ({
      trunkId: trunk.trunkId,
      from: asWritten(from, trunk),
      endpoint: `PJSIP/${trunkEndpoint(trunk.trunkId)}/${uriAt(trunk, number)}`,
      variables,
    }));
}

function uriAt(trunk: Trunk, number: string): string {
  const { host, port, transport } = trunk;
  const where = `${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`;
  const user = encodeURIComponent(asWritten(number, trunk)).replace('%2B', '+');
  return `sip:${user}@${where}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}

/** A number of E.164 as the network wants it; what is none goes as it is. */
function asWritten(number: string, { numberFormat, country }: Pick<Trunk, 'numberFormat' | 'country'>): string {
  if (!number.startsWith('+') || numberFormat === 'plus') return number;
  const digits = number.slice(1);
  if (numberFormat === 'digits') return digits;
  return digits.startsWith(country) ? `0${digits.slice(country.length)}` : `00${digits}`;
}
