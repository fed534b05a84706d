/** What a client of the demo consists of; the data is in the files beside this one. */
import type { Channel } from '@kernlijn/contract/conversations';
import type { BothNames } from '@kernlijn/contract/endpoint';
import type { NewQueue } from '../../src/conversations/index.ts';
import type { NewProduct } from '../../src/sales/index.ts';

export type SkillCode =
  | 'nl'
  | 'en'
  | 'de'
  | 'fy'
  | 'fr'
  | 'tr'
  | 'delivery'
  | 'advice'
  | 'complaints'
  | 'billing'
  | 'outage'
  | 'switching';

export interface DemoClient {
  slug: string;
  name: string;
  colour: string;
  /** Customer numbers: this and a running number. */
  reference: string;
  /** Telephone numbers of its customers, up to the last six digits. */
  phonePrefix: string;
  queues: readonly DemoQueue[];
  products: readonly NewProduct[];
  articles: readonly DemoArticle[];
}

export interface DemoArticle {
  title: string;
  body: string;
  language: 'nl' | 'en';
}

export interface DemoQueue {
  name: BothNames;
  priority: number;
  hours: 'always' | 'office';
  demands: readonly { skill: SkillCode; kind: 'required' | 'preferred'; level: number; untilSeconds: number | null }[];
  answerWithin: NonNullable<NewQueue['answerWithin']>;
  greeting: string;
  closedMessage: string;
  reasons: NewQueue['reasons'];
  outcomes: NewQueue['outcomes'];
  wrapUp: NewQueue['wrapUp'];
  entrances: readonly { channel: Exclude<Channel, 'voicemail'>; address: string; name: string }[];
  language: 'nl' | 'en';
  /** Of ten contacts of the past, so many were here. */
  share: number;
  past: readonly PastTopic[];
}

/** What customers came for. `{product}` and `{order}` are filled in. */
export interface PastTopic {
  reason: string;
  outcomes: readonly string[];
  subject: string;
  customer: string;
  agent: string;
  summary: string;
}

export const code = (name: string, nl: string, en: string): NewQueue['reasons'][number] => ({ code: name, nl, en });

const fourHours = 4 * 60 * 60;

/** A mail may wait for hours where a caller may wait for seconds: the mail of this queue becomes a queue of its own. */
export function mailApart(queue: DemoQueue): [DemoQueue, DemoQueue] {
  const isMail = ({ channel }: DemoQueue['entrances'][number]) => channel === 'email';
  const ofMail = {
    name: { nl: 'E-mail', en: 'E-mail' },
    priority: queue.priority + 1,
    answerWithin: { email: fourHours },
    share: 2,
    entrances: queue.entrances.filter(isMail),
  };
  const others = queue.entrances.filter((entrance) => !isMail(entrance));
  return [
    { ...queue, entrances: others, share: queue.share - ofMail.share },
    { ...queue, ...ofMail },
  ];
}
