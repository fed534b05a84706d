import { Role, type AuditEntry } from '@kernlijn/contract/access';
import { Channel } from '@kernlijn/contract/conversations';
import { OpeningHours } from '@kernlijn/contract/opening-hours';
import { AnswerWithin, Demand } from '@kernlijn/contract/routing';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dateName, weekdayName } from '../settings/hours-words.ts';
import { openingHoursQuery, queueSettingsQuery } from '../settings/queries.ts';
import { inWords } from '../settings/words.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { useMe } from './queries.ts';

/** What the product writes into the audit. Another one is shown by its own name. */
const auditActions = [
  'agent.changed',
  'articles.added',
  'attachment.read',
  'call.supervised',
  'call.supervised-until',
  'call.taken-over',
  'call.made',
  'call.number-asked',
  'call.put-through',
  'callback.dropped',
  'client.added',
  'contact-point.added',
  'conversation.read',
  'customer.changed',
  'customer.created',
  'customer.note-added',
  'customer.read',
  'customers.imported',
  'help.asked',
  'help.taken',
  'help.withdrawn',
  'history.imported',
  'number.changed',
  'opening-hours.added',
  'opening-hours.changed',
  'opening-hours.removed',
  'outside-number.added',
  'outside-number.changed',
  'outside-number.removed',
  'person.added',
  'person.changed',
  'person.password-renewed',
  'products.added',
  'prompt.added',
  'prompt.removed',
  'recording-policy.changed',
  'recording-purposes.changed',
  'recording.copied',
  'recording.deleted',
  'recording.held',
  'recording.listened',
  'recording.released',
  'queue.added',
  'queue.changed',
  'supervising.changed',
] as const;

const factNames = [
  'active',
  'added',
  'address',
  'articles',
  'call',
  'channel',
  'chat',
  'contacts',
  'customers',
  'decision',
  'dueAt',
  'fields',
  'from',
  'name',
  'note',
  'number',
  'periods',
  'products',
  'purpose',
  'purposes',
  'reason',
  'removed',
  'role',
  'timezone',
  'until',
  'voice',
  'word',
  'why',
  'written',
] as const;
const fieldNames = [
  'priority',
  'openingHoursId',
  'answerWithin',
  'answerWithinSeconds',
  'offerSeconds',
  'maxMissed',
  'wrapUp',
  'wrapUpSeconds',
  'overflowQueueId',
  'overflowAfterSeconds',
  'demands',
  'greeting',
  'closedMessage',
  'music',
  'waiting',
] as const;

export function useActionWords(): (action: string) => string {
  const { t } = useTranslation('audit');
  return (action) => {
    const known = auditActions.find((each) => each === action);
    return known ? t(`action.${known}`) : action;
  };
}

/** Each fact as one line of text. A change is told field by field: what it was and what it became. */
export function useFactLines(): (entry: AuditEntry) => string[] {
  const { t } = useTranslation(['audit', 'settings', 'access', 'conversations']);
  const locale = useLocale();
  const nameIn = useSettingsNames();
  const hoursWords = useHoursWords();
  const showField = (name: string, value: unknown): string => {
    if (name === 'role' && Role.safeParse(value).success) return t(`access:role.${Role.parse(value)}`);
    const norms = name === 'answerWithin' ? AnswerWithin.safeParse(value) : undefined;
    if (norms?.success)
      return Channel.options
        .map((channel) => `${t(`conversations:channel.${channel}`)} ${inWords(norms.data[channel], locale)}`)
        .join(', ');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (name === 'wrapUp' && (value === 'optional' || value === 'required' || value === 'timed'))
      return t(`settings:wrapUp.${value}`);
    if ((name === 'overflowQueueId' || name === 'openingHoursId') && typeof value === 'string') return nameIn(value);
    const hours = hoursWords(name, value);
    if (hours !== null) return hours;
    const demands = name === 'demands' ? Demand.array().safeParse(value) : undefined;
    if (!demands?.success || demands.data.length === 0) return show(value);
    return demands.data
      .map((demand) =>
        t(demand.untilSeconds === null ? 'demand' : 'demandUntil', {
          skill: nameIn(demand.skill),
          level: demand.level,
          kind: t(`settings:demand.${demand.kind}`),
          seconds: demand.untilSeconds,
        }),
      )
      .join('; ');
  };
  const show = (value: unknown): string => {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
      return t('nothing');
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const nameOf = (name: string) => {
    const fact = factNames.find((each) => each === name);
    const field = fieldNames.find((each) => each === name);
    // A skill goes by its id.
    return fact ? t(`fact.${fact}`) : field ? t(`settings:field.${field}`) : nameIn(name);
  };
  return ({ facts }) => {
    const { before, after, ...others } = facts;
    const changed =
      isRecord(before) && isRecord(after)
        ? Object.keys(after).filter((name) => show(before[name]) !== show(after[name]))
        : [];
    return [
      ...changed.map(
        (name) =>
          `${nameOf(name)}: ${t('became', { before: showField(name, isRecord(before) ? before[name] : null), after: showField(name, isRecord(after) ? after[name] : null) })}`,
      ),
      ...Object.entries(others).map(([name, value]) => `${nameOf(name)}: ${hoursWords(name, value) ?? show(value)}`),
    ];
  };
}

/** A week or days of opening hours in words; null when it is something else. */
function useHoursWords(): (name: string, value: unknown) => string | null {
  const { t } = useTranslation('audit');
  const locale = useLocale();
  return (name, value) => {
    if (name === 'periods') {
      const read = OpeningHours.shape.periods.safeParse(value);
      return read.success && read.data.length > 0
        ? read.data.map(({ weekday, from, to }) => `${weekdayName(weekday, locale, 'short')} ${from}–${to}`).join(', ')
        : null;
    }
    const read = OpeningHours.shape.exceptions.safeParse(value);
    if (!read.success || read.data.length === 0) return null;
    return read.data
      .map(({ date, name: day, from, to }) =>
        t(from === null ? 'exceptionClosed' : 'exceptionHours', { date: dateName(date, locale), name: day, from, to }),
      )
      .join(', ');
  };
}

/** The name of a queue, skill or hours; its id when it is not (or no longer) there to be seen. */
function useSettingsNames(): (id: string) => string {
  const { permissions } = useMe();
  const settings = useQuery({ ...queueSettingsQuery, enabled: permissions.includes('settings.view') }).data;
  const hours = useQuery({ ...openingHoursQuery, enabled: permissions.includes('settings.view') }).data;
  const nameOf = useNameOf();
  return (id) => {
    const named = hours?.openingHours.find((each) => each.id === id);
    if (named !== undefined) return named.name;
    const found =
      settings?.queues.find((queue) => queue.id === id) ?? settings?.skills.find((skill) => skill.id === id);
    return found ? nameOf(found.name) : id;
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
