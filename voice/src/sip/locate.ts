/**
 * From a SIP URI to addresses to try, in order (RFC 3263: NAPTR, SRV, addresses). What is found is held as long as its
 * addresses may be (Node tells no other TTL), one minute at most; when the DNS is out of order, what was found last
 * goes on to be used (RFC 8767): a trunk must not be lost with the resolver.
 */
import { Resolver, lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { bareHost, type Protocol } from './transport.ts';
import type { SipUri } from './uri.ts';

export type Target = {
  protocol: Protocol;
  address: string;
  port: number;
  /** What was asked for, before DNS: a certificate has to name it (RFC 5922 §4). */
  domain: string;
};
type Found = { targets: Target[]; until: number };

const mostSeconds = 60;
const mostNames = 1_000;
/** One that did not answer goes to the end of the line for so long. */
const restMilliseconds = 60_000;

export type LocatorOptions = {
  /** The family of our own address: what we can reach, unless we are bound to both. */
  family: 4 | 6 | 'both';
  resolver?: Resolver;
};

export class Locator {
  private readonly family: LocatorOptions['family'];
  private readonly resolver: Resolver;
  private readonly found = new Map<string, Found>();
  private readonly silent = new Map<string, number>();

  constructor({ family, resolver = new Resolver({ timeout: 1_500, tries: 2 }) }: LocatorOptions) {
    this.family = family;
    this.resolver = resolver;
  }

  /** Rejects when the name leads nowhere or the transport is none of ours. */
  async locate(uri: SipUri, now = Date.now()): Promise<Target[]> {
    const wanted = protocolOf(uri);
    const host = bareHost(uri.host);
    // §4.2: numeric, the answer is plain
    if (isIP(host)) return [target(wanted ?? 'UDP', host, uri.port ?? portOf(wanted ?? 'UDP'), host)];
    const key = `${wanted} ${host} ${uri.port}`;
    const held = this.found.get(key);
    const targets = held && held.until > now ? held.targets : await this.ask(key, host, uri.port, wanted, now);
    const rank = (one: Target) => ((this.silent.get(keyOf(one)) ?? 0) > now ? 1 : 0);
    return targets.toSorted((a, b) => rank(a) - rank(b)); // stable: within a rank the order of DNS stays
  }

  /** It could not be reached or did not answer: others are tried first for a while. */
  failed(one: Target, now = Date.now()): void {
    if (this.silent.size > mostNames) this.silent.clear();
    this.silent.set(keyOf(one), now + restMilliseconds);
  }

  private async ask(
    key: string,
    host: string,
    port: number | null,
    wanted: Protocol | null,
    now: number,
  ): Promise<Target[]> {
    const before = this.found.get(key);
    try {
      const look = before ? orEarlier : orNone;
      const { targets, seconds } =
        port === null
          ? await this.serviceOf(host, wanted, look)
          : await this.addresses(host, port, wanted ?? 'UDP', host, look); // §4.1: with a port, no SRV
      if (targets.length === 0) throw Object.assign(new Error(`no address of ${host}`), { code: 'ENOTFOUND' });
      if (this.found.size >= mostNames) this.found.clear();
      this.found.set(key, { targets, until: now + Math.min(seconds, mostSeconds) * 1_000 });
      return targets;
    } catch (error) {
      if (!before || isDenied(error)) throw error;
      return before.targets;
    }
  }

  /** §4.1 and §4.2: NAPTR says which services there are and under which name; without it the names are as usual. */
  private async serviceOf(
    host: string,
    wanted: Protocol | null,
    look: Look,
  ): Promise<{ targets: Target[]; seconds: number }> {
    const pointers = (await look(this.resolver.resolveNaptr(host)))
      .filter(({ flags }) => flags.toLowerCase() === 's')
      .map((one) => ({ ...one, protocol: services[one.service.toUpperCase()] }))
      .toSorted((a, b) => a.order - b.order || a.preference - b.preference);
    const named = pointers.flatMap(({ protocol, replacement }) =>
      protocol && (wanted === null || wanted === protocol) ? [{ protocol, name: replacement }] : [],
    );
    const usual = (wanted === null ? (['UDP', 'TCP', 'TLS'] as const) : [wanted]).map((protocol) => ({
      protocol,
      name: `${prefixes[protocol]}.${host}`,
    }));
    for (const { protocol, name } of named.length > 0 ? named : usual) {
      const found = await this.servers(name, protocol, host, look);
      if (found.targets.length > 0) return found;
    }
    const protocol = wanted ?? 'UDP';
    return await this.addresses(host, portOf(protocol), protocol, host, look);
  }

  /** RFC 2782: by priority; within one, the heavier more often first. A target `.` is a service that is not there. */
  private async servers(name: string, protocol: Protocol, domain: string, look: Look) {
    const records = (await look(this.resolver.resolveSrv(name))).filter((record) => record.name !== '');
    const ordered = records
      .map((record) => ({ ...record, draw: Math.random() ** (1 / Math.max(record.weight, 0.1)) }))
      .toSorted((a, b) => a.priority - b.priority || b.draw - a.draw);
    const found = await Promise.allSettled(
      ordered.map((record) => this.addresses(record.name, record.port, protocol, domain, look)),
    );
    const usable = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return {
      targets: usable.flatMap(({ targets }) => targets),
      seconds: Math.min(mostSeconds, ...usable.map(({ seconds }) => seconds)),
    };
  }

  private async addresses(host: string, port: number, protocol: Protocol, domain: string, look: Look) {
    const [v4, v6] = await Promise.all([
      this.family === 6 ? [] : look(this.resolver.resolve4(host, { ttl: true })),
      this.family === 4 ? [] : look(this.resolver.resolve6(host, { ttl: true })),
    ]);
    const records = [...v4, ...v6];
    if (records.length > 0) {
      const targets = records.map(({ address }) => target(protocol, address, port, domain));
      return { targets, seconds: Math.min(...records.map(({ ttl }) => ttl)) };
    }
    // The hosts file, and names that only the machine's own resolver knows.
    const local = await lookup(host, { all: true, family: this.family === 'both' ? 0 : this.family });
    return { targets: local.map(({ address }) => target(protocol, address, port, domain)), seconds: 5 };
  }
}

export function familyOf(bindAddress: string): LocatorOptions['family'] {
  if (bindAddress === '::') return 'both';
  return isIPv6(bindAddress) ? 6 : 4;
}

/** RFC 3263 §4.1; null when the URI leaves it open. */
function protocolOf(uri: SipUri): Protocol | null {
  const transport = uri.params.get('transport')?.toLowerCase() ?? null;
  if (uri.scheme === 'sips') return 'TLS';
  if (transport === null) return null;
  const protocol = ({ udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const)[transport];
  if (!protocol) throw new Error(`no transport ${transport}`);
  return protocol;
}

const services: Readonly<Record<string, Protocol>> = { 'SIP+D2U': 'UDP', 'SIP+D2T': 'TCP', 'SIPS+D2T': 'TLS' };
const prefixes = { UDP: '_sip._udp', TCP: '_sip._tcp', TLS: '_sips._tcp' } as const;

function portOf(protocol: Protocol): number {
  return protocol === 'TLS' ? 5061 : 5060;
}

function target(protocol: Protocol, address: string, port: number, domain: string): Target {
  return { protocol, address, port, domain };
}

function keyOf({ protocol, address, port }: Target): string {
  return `${protocol} ${address} ${port}`;
}

type Look = <Record>(asked: Promise<Record[]>) => Promise<Record[]>;

/** Some resolvers fail at NAPTR or SRV instead of saying that there is none: without an earlier answer we go on. */
const orNone: Look = async (asked) => await asked.catch(() => []);

/** No such record is an answer; that nobody answers is not, and then the earlier one is better. */
const orEarlier: Look = async (asked) =>
  await asked.catch((error: unknown) => {
    if (isDenied(error)) return [];
    throw error;
  });

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
}
