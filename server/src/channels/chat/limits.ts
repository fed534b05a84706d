import type { Limit } from '../../platform/http.ts';

export interface ChatLimits {
  /** Each per address and minute; an office behind one address has many visitors. */
  read: Limit;
  start: Limit;
  connect: Limit;
  /** Each per visitor: so many at once, so many a second from then on. */
  messages: { burst: number; perSecond: number };
}

const minute = 60_000;

export const usualLimits: ChatLimits = {
  read: { max: 300, timeWindow: minute },
  start: { max: 20, timeWindow: minute },
  connect: { max: 120, timeWindow: minute },
  messages: { burst: 30, perSecond: 4 },
};
