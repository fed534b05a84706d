/** What a contact asks at a moment of its waiting, how urgent it is by then, and when either changes next. */
import { nextRise, priorityAfter, turningPoints, wishesAt } from './demand.ts';
import type { Queue } from './demand.ts';
import type { Contact } from './filed.ts';
import type { Fits, Profile } from './fit.ts';

export interface Settings {
  queues: readonly Queue[];
  /** The skill that stands for a language, by its code. */
  languageSkills: ReadonlyMap<string, string>;
}

export interface Asked {
  profile: Profile;
  /** After the rise by waiting. */
  priority: number;
  /** ms since the epoch; Infinity when it stays as it is. */
  changesAt: number;
}

interface KnownQueue {
  queue: Queue;
  overflow: Queue | undefined;
  turningPoints: readonly number[];
  /** By language and what was chosen, then by how many turning points are behind. */
  profiles: Map<string, Profile[]>;
}

export class Asking {
  readonly #queues = new Map<string, KnownQueue>();
  readonly #languageSkills: ReadonlyMap<string, string>;
  readonly #fits: Fits;

  constructor({ queues, languageSkills }: Settings, fits: Fits) {
    const byId = new Map(queues.map((queue) => [queue.id, queue]));
    for (const queue of queues) {
      const overflow = queue.overflowQueueId === null ? undefined : byId.get(queue.overflowQueueId);
      this.#queues.set(queue.id, {
        queue,
        overflow,
        turningPoints: turningPoints(queue, overflow),
        profiles: new Map(),
      });
    }
    this.#languageSkills = languageSkills;
    this.#fits = fits;
  }

  /** Undefined for a queue of after these settings were read: newer ones are on their way. */
  of(contact: Contact, now: number): Asked | undefined {
    const known = this.#queues.get(contact.queueId);
    if (known === undefined) return undefined;
    const waited = (now - contact.queuedAt) / 1_000;
    let behind = 0;
    const norm = known.queue.answerWithin[contact.kind];
    let next = nextRise(contact.priority, norm, waited) ?? Infinity;
    for (const point of known.turningPoints) {
      if (point <= waited) behind += 1;
      else if (point < next) next = point;
    }
    return {
      profile: this.#profile(known, contact, behind, waited),
      priority: priorityAfter(contact.priority, norm, waited),
      changesAt: contact.queuedAt + next * 1_000,
    };
  }

  offerSeconds(queueId: string): number {
    return this.#queues.get(queueId)?.queue.offerSeconds ?? 20;
  }

  #profile({ queue, overflow, profiles }: KnownQueue, contact: Contact, behind: number, waited: number): Profile {
    const chosen = contact.skillId ?? undefined;
    const key = chosen === undefined ? contact.language : `${contact.language} ${chosen}`;
    let alike = profiles.get(key);
    if (alike === undefined) {
      alike = [];
      profiles.set(key, alike);
    }
    return (alike[behind] ??= this.#fits.profile(
      contact.clientId,
      wishesAt(queue, overflow, this.#languageSkills.get(contact.language), waited, chosen),
    ));
  }
}
