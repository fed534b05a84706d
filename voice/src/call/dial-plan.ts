/** Where a dialled number or address goes, and what we call ourselves there. */
import { escapeUser, parseHostPort, parseUri, type SipUri } from '../sip/uri.ts';
import { CommandRefused } from './command-refused.ts';

export type Trunk = { host: string; port: number | null; transport: 'udp' | 'tcp' };
export type DialPlan = { trunk: Trunk | null; publicAddress: string };

/** Reads `sip.example.org`, `192.0.2.1:5070` or `sip.example.org;transport=tcp`; null when it is none of these. */
export function parseTrunk(text: string): Trunk | null {
  const [address = '', option] = text.trim().split(/\s*;\s*/);
  const where = parseHostPort(address);
  const transport = option === undefined ? 'udp' : /^transport=(udp|tcp)$/i.exec(option)?.[1]?.toLowerCase();
  return where && (transport === 'udp' || transport === 'tcp') ? { ...where, transport } : null;
}

/** @throws CommandRefused `bad-command` for what is no number or address, `unreachable` for a number without trunk. */
export function destinationOf(to: string, plan: DialPlan): SipUri {
  if (/^sips?:/i.test(to)) {
    const uri = parseUri(to);
    if (uri?.scheme !== 'sip' && uri?.scheme !== 'sips') throw new CommandRefused('bad-command', 'no SIP address');
    return { ...uri, headers: '' };
  }
  const number = to.replace(/^tel:/i, '').replace(/[\s().-]/g, ''); // RFC 3966 §5.1.1: visual separators mean nothing
  if (!/^[+A-Za-z0-9*#_]{1,64}$/.test(number)) throw new CommandRefused('bad-command', 'no number');
  if (!plan.trunk) throw new CommandRefused('unreachable', 'no trunk is configured');
  return accountAt(plan.trunk, number);
}

/** A number or account at the trunk, with the way to it. */
export function accountAt({ host, port, transport }: Trunk, user: string): SipUri {
  return {
    scheme: 'sip',
    user: escapeUser(user),
    host,
    port,
    params: new Map(transport === 'tcp' ? [['transport', 'tcp']] : []),
    headers: '',
  };
}

/** A trunk knows its customers under its own domain. Without a number the call is anonymous (RFC 3323 §4.1.1.3). */
export function originOf(from: string, plan: DialPlan): SipUri {
  const params = new Map<string, string>();
  if (from === '')
    return { scheme: 'sip', user: 'anonymous', host: 'anonymous.invalid', port: null, params, headers: '' };
  const host = plan.trunk?.host ?? plan.publicAddress;
  return { scheme: 'sip', user: escapeUser(from.replace(/\p{Cc}/gu, '')), host, port: null, params, headers: '' };
}
