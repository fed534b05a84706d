/**
 * Who proves himself wrongly too often is not listened to for a while, each time for longer (one minute, then double,
 * a day at most). Counted by address and, for guesses that come from many addresses, by user. Whoever was right here
 * before from the same address is spared: a colleague's mistyped password must not silence a whole office, nor a
 * stranger's guesses the telephone they aim at.
 */
import type { Log } from '../log.ts';

type Strike = { failures: number; bans: number; until: number };

const failuresByAddress = 8;
const failuresByUser = 20;
const firstBanMilliseconds = 60_000;
const longestBanMilliseconds = 86_400_000;
const mostKept = 20_000;

export class Strikes {
  private readonly log: Log;
  private readonly now: () => number;
  /** In the order of their last strike: when there are too many, the oldest is forgotten. */
  private readonly byKey = new Map<string, Strike>();
  private readonly proven = new Map<string, true>();

  constructor(log: Log, now: () => number = Date.now) {
    this.log = log;
    this.now = now;
  }

  /** Nothing from there is answered. */
  isBanned(address: string): boolean {
    const strike = this.byKey.get(address);
    return strike !== undefined && strike.until > this.now();
  }

  /** Whether this user may try from this address. */
  mayTry(user: string, address: string): boolean {
    const now = this.now();
    if ((this.byKey.get(pair(user, address))?.until ?? 0) > now) return false;
    return this.proven.has(pair(user, address)) || (this.byKey.get(ofUser(user))?.until ?? 0) <= now;
  }

  failed(user: string, address: string): void {
    const isKnown = this.proven.has(address);
    this.strike(isKnown ? pair(user, address) : address, failuresByAddress, { from: address, user });
    this.strike(ofUser(user), failuresByUser, { user });
  }

  succeeded(user: string, address: string): void {
    this.byKey.delete(address);
    this.byKey.delete(pair(user, address));
    for (const key of [address, pair(user, address)]) {
      this.proven.delete(key);
      this.proven.set(key, true);
    }
    forgetOldest(this.proven);
  }

  get size(): number {
    return this.byKey.size + this.proven.size;
  }

  private strike(key: string, allowed: number, facts: object): void {
    const now = this.now();
    const before = this.byKey.get(key) ?? { failures: 0, bans: 0, until: 0 };
    const failures = before.failures + 1;
    const isOut = failures >= allowed;
    const wait = Math.min(firstBanMilliseconds * 2 ** before.bans, longestBanMilliseconds);
    const strike = isOut ? { failures: 0, bans: before.bans + 1, until: now + wait } : { ...before, failures };
    this.byKey.delete(key);
    this.byKey.set(key, strike);
    forgetOldest(this.byKey);
    if (isOut)
      this.log.warn({ ...facts, seconds: wait / 1_000 }, 'too many wrong passwords: not listened to for a while');
  }
}

const pair = (user: string, address: string) => `${user} @ ${address}`;
const ofUser = (user: string) => `user ${user}`;

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= mostKept) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
