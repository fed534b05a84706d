/**
 * Who hears whom. Each member hears its sources: all parties but itself, and the listeners that speak to it. One source
 * is passed on packet by packet, without a jitter buffer, whoever else listens; several are mixed by the clock. So a
 * supervisor who listens in changes nothing of what the two who talk are sent, and one who whispers changes it for the
 * one he speaks to only. Whoever hears nobody gets silence, because many trunks hang up on a line without media.
 */

/** What one member of a bridge has to do with the others. */
export interface Hearing<Member> {
  readonly sources: readonly Member[];
  /** Those who hear this one. */
  readonly hearers: readonly Member[];
  /** Of the hearers those who hear nobody else: they are sent its packets as they come. */
  readonly direct: readonly Member[];
}

export const alone: Hearing<never> = { sources: [], hearers: [], direct: [] };

/** A listener and those by whom it is heard. */
export type Listeners<Member> = ReadonlyMap<Member, ReadonlySet<Member>>;

export class Bridge<Member extends object> {
  readonly id: string;
  private parties: ReadonlySet<Member> = new Set();
  private listeners: Listeners<Member> = new Map();
  private hearings: ReadonlyMap<Member, Hearing<Member>> = new Map();

  constructor(id: string) {
    this.id = id;
  }

  get members(): readonly Member[] {
    return [...this.hearings.keys()];
  }

  /** Exactly these are in it then. Who is named as both is a party. */
  arrange(parties: Iterable<Member>, listeners: Listeners<Member>): void {
    this.parties = new Set(parties);
    this.listeners = new Map([...listeners].filter(([member]) => !this.parties.has(member)));
    this.hearings = hearingsOf(this.parties, this.listeners);
  }

  leave(member: Member): void {
    const others = [...this.parties].filter((one) => one !== member);
    this.arrange(others, new Map([...this.listeners].filter(([listener]) => listener !== member)));
  }

  hearingOf(member: Member): Hearing<Member> {
    return this.hearings.get(member) ?? alone;
  }
}

function hearingsOf<Member>(parties: ReadonlySet<Member>, listeners: Listeners<Member>): Map<Member, Hearing<Member>> {
  const members = [...parties, ...listeners.keys()];
  const hears = (one: Member, other: Member) =>
    one !== other && (parties.has(other) || listeners.get(other)?.has(one) === true);
  const sources = new Map(members.map((one) => [one, members.filter((other) => hears(one, other))]));
  return new Map(
    members.map((one) => {
      const hearers = members.filter((other) => hears(other, one));
      const direct = hearers.filter((hearer) => sources.get(hearer)?.length === 1);
      return [one, { sources: sources.get(one) ?? [], hearers, direct }];
    }),
  );
}
