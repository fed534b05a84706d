/** By which ways a number, an address or a telephone is called, and what we call ourselves there. */
import type { Trunk, VoiceCommand } from '@kernlijn/contract/voice';
import { forTrunk } from '../sip/number.ts';
import { atTrunk } from '../sip/trunks.ts';
import { escapeUser, formatUri, hostPort, parseHostPort, parseUri, type SipUri } from '../sip/uri.ts';
import { formatAddress } from '../sip/header-fields.ts';
import { CommandRefused } from './command-refused.ts';
import type { Route } from '../sip/outbound-attempt.ts';
import type { UserAgent } from '../sip/user-agent.ts';

type Dial = Extract<VoiceCommand, { command: 'dial' }>;
export type Ways = Pick<UserAgent, 'trunks' | 'phone'>;

/** Reads `sip.example.org`, `192.0.2.1:5070` or `sip.example.org;transport=tls`; null when it is none of these. */
export function parseTrunk(text: string): Pick<Trunk, 'host' | 'port' | 'transport'> | null {
  const [address = '', option] = text.trim().split(/\s*;\s*/);
  const where = parseHostPort(address);
  const transport = option === undefined ? 'udp' : /^transport=(udp|tcp|tls)$/i.exec(option)?.[1]?.toLowerCase();
  return where && (transport === 'udp' || transport === 'tcp' || transport === 'tls') ? { ...where, transport } : null;
}

/** @throws CommandRefused `bad-command` for what is no number or address, `unreachable` or `no-such-phone` without a way */
export function routesOf(dial: Dial, ways: Ways, publicAddress: string): Route[] {
  if (dial.via === 'phone') return phoneRoutes(dial, ways, publicAddress);
  if (/^sips?:/i.test(dial.to)) return [addressRoute(dial, publicAddress)];
  const number = dial.to.replace(/^tel:/i, '').replace(/[\s().-]/g, ''); // RFC 3966 §5.1.1
  if (!/^[+A-Za-z0-9*#_]{1,64}$/.test(number)) throw new CommandRefused('bad-command', 'no number');
  const trunks = ways.trunks.inOrder();
  if (trunks.length === 0) throw new CommandRefused('unreachable', 'no trunk is configured');
  return trunks.map((trunk) => trunkRoute(dial, number, trunk, ways));
}

/** A trunk knows its customers under its own domain. */
function trunkRoute(dial: Dial, number: string, trunk: Trunk, { trunks }: Ways): Route {
  const own = dial.from === '' ? null : at(forTrunk(dial.from, trunk), trunk.host);
  const isHidden = dial.anonymous === true || own === null;
  return {
    uri: atTrunk(trunk, forTrunk(number, trunk)),
    from: isHidden ? nobody : own,
    displayName: isHidden ? 'Anonymous' : (dial.displayName ?? ''),
    headers: isHidden ? concealed(own) : [],
    credentials: trunk.credentials,
    srtp: trunk.srtp,
    way: null,
    settled: (outcome) => trunks.tried(trunk, outcome),
  };
}

function phoneRoutes(dial: Dial, ways: Ways, publicAddress: string): Route[] {
  const contacts = ways.phone(dial.to);
  if (contacts.length === 0) throw new CommandRefused('no-such-phone', `${dial.to} is not registered`);
  return contacts.map(({ uri, path, flow, pinned }) => ({
    uri,
    from: originOf(dial, publicAddress),
    displayName: dial.displayName ?? '',
    headers: path.map((value) => ({ name: 'route', value })),
    credentials: null,
    srtp: 'off',
    way: pinned || path.length > 0 ? flow : null,
  }));
}

function addressRoute(dial: Dial, publicAddress: string): Route {
  const uri = parseUri(dial.to);
  if (uri?.scheme !== 'sip' && uri?.scheme !== 'sips') throw new CommandRefused('bad-command', 'no SIP address');
  return {
    uri: { ...uri, headers: '' },
    from: originOf(dial, publicAddress),
    displayName: dial.displayName ?? '',
    headers: dial.anonymous === true ? concealed(null) : [],
    credentials: null,
    srtp: 'off',
    way: null,
  };
}

function originOf({ from, anonymous }: Dial, publicAddress: string): SipUri {
  return from === '' || anonymous === true ? nobody : at(from.replace(/\p{Cc}/gu, ''), publicAddress);
}

/** RFC 3323 §4.1.1.3 */
const nobody: SipUri = at('anonymous', 'anonymous.invalid');

/** RFC 3323 §4.2, RFC 3325 §9.2: the trunk learns whose call it is, and tells nobody. */
function concealed(own: SipUri | null): { name: string; value: string }[] {
  const asserted = own ? [{ name: 'p-asserted-identity', value: formatAddress('', formatUri(own)) }] : [];
  return [{ name: 'privacy', value: 'id' }, ...asserted];
}

function at(user: string, host: string): SipUri {
  return {
    scheme: 'sip',
    user: escapeUser(user),
    host: hostPort(host, null),
    port: null,
    params: new Map(),
    headers: '',
  };
}
