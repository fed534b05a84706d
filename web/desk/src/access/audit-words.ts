import type { AuditEntry } from '@kernlijn/contract/access';
import { useTranslation } from 'react-i18next';

/** What the product writes into the audit. Another one is shown by its own name. */
export const auditActions = [
  'articles.added',
  'attachment.read',
  'client.added',
  'contact-point.added',
  'conversation.read',
  'customer.changed',
  'customer.created',
  'customer.note-added',
  'customer.read',
  'customers.imported',
  'history.imported',
  'opening-hours.added',
  'person.added',
  'products.added',
  'queue.added',
  'queue.changed',
] as const;

const factNames = ['address', 'articles', 'channel', 'contacts', 'customers', 'fields', 'name', 'note', 'products', 'role'] as const;
const fieldNames = ['priority', 'answerWithinSeconds', 'offerSeconds', 'maxMissed', 'wrapUp', 'wrapUpSeconds', 'overflowQueueId', 'overflowAfterSeconds', 'demands'] as const;

export function useActionWords(): (action: string) => string {
  const { t } = useTranslation('audit');
  return (action) => {
    const known = auditActions.find((each) => each === action);
    return known ? t(`action.${known}`) : action;
  };
}

/** Each fact as one line of text. A change is told field by field: what it was and what it became. */
export function useFactLines(): (entry: AuditEntry) => string[] {
  const { t } = useTranslation(['audit', 'settings']);
  const show = (value: unknown): string => {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return t('nothing');
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  const nameOf = (name: string) => {
    const fact = factNames.find((each) => each === name);
    const field = fieldNames.find((each) => each === name);
    return fact ? t(`fact.${fact}`) : field ? t(`settings:field.${field}`) : name;
  };
  return ({ facts }) => {
    const { before, after, ...others } = facts;
    const changed = isRecord(before) && isRecord(after) ? Object.keys(after).filter((name) => show(before[name]) !== show(after[name])) : [];
    return [
      ...changed.map((name) => `${nameOf(name)}: ${t('became', { before: show(isRecord(before) ? before[name] : null), after: show(isRecord(after) ? after[name] : null) })}`),
      ...Object.entries(others).map(([name, value]) => `${nameOf(name)}: ${show(value)}`),
    ];
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
