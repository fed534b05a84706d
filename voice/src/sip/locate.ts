/** From a SIP URI to addresses to try, in order (RFC 3263, without NAPTR; TLS is not spoken here). */
import { lookup, resolveSrv } from 'node:dns/promises';
import { isIP } from 'node:net';
import { bareHost } from './transport.ts';
import type { SipUri } from './uri.ts';

export type Target = { protocol: 'UDP' | 'TCP'; address: string; port: number };

/** Rejects when the name does not exist or the transport is none of ours. */
export async function locate(uri: SipUri): Promise<Target[]> {
  const protocol = protocolOf(uri);
  const host = bareHost(uri.host);
  // §4.2: numeric or with a port, the answer is plain
  if (isIP(host)) return [{ protocol, address: host, port: uri.port ?? 5060 }];
  if (uri.port !== null) return addresses(host, uri.port, protocol);
  const records = await resolveSrv(`_sip._${protocol.toLowerCase()}.${host}`).catch(() => []);
  if (records.length === 0) return addresses(host, 5060, protocol);
  // RFC 2782: by priority; within one, the heavier more often first
  const ordered = records
    .map((record) => ({ ...record, draw: Math.random() ** (1 / Math.max(record.weight, 0.1)) }))
    .toSorted((a, b) => a.priority - b.priority || b.draw - a.draw);
  const found = await Promise.allSettled(ordered.map(({ name, port }) => addresses(name, port, protocol)));
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

function protocolOf(uri: SipUri): 'UDP' | 'TCP' {
  const transport = (uri.params.get('transport') ?? 'udp').toLowerCase();
  if (uri.scheme === 'sips' || (transport !== 'udp' && transport !== 'tcp')) {
    throw new Error(`no transport ${uri.scheme === 'sips' ? 'tls' : transport}`);
  }
  return transport === 'tcp' ? 'TCP' : 'UDP';
}

async function addresses(host: string, port: number, protocol: 'UDP' | 'TCP'): Promise<Target[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => ({ protocol, address, port }));
}
