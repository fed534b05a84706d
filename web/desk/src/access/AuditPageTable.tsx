import type { AuditEntry } from '@kernlijn/contract/access';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { fullTime } from '@kernlijn/ui/format.ts';
import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { VirtualTable } from '../reporting/VirtualTable.tsx';
import { useLocale } from '../text/use-locale.ts';
import { useActionWords, useFactLines } from './audit-words.ts';
import classes from './AuditPage.module.css';
import { useClient, useMe } from './queries.ts';

const columns = ['at', 'person', 'action', 'client', 'facts'] as const;

export function AuditTable({
  entries,
  scroller,
  onNearEnd,
}: {
  entries: readonly AuditEntry[];
  scroller: RefObject<HTMLElement | null>;
  onNearEnd: (() => void) | undefined;
}) {
  const { t } = useTranslation('audit');
  return (
    <div className={classes.frame}>
      <VirtualTable
        caption={t('title')}
        columns={columns.length}
        rows={entries}
        keyOf={(entry) => entry.id}
        scroller={scroller}
        onNearEnd={onNearEnd}
        head={columns.map((column) => (
          <th key={column} scope="col" data-column={column}>
            {t(`column.${column}`)}
          </th>
        ))}
        renderCells={(entry) => <Cells entry={entry} />}
      />
    </div>
  );
}

function Cells({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const locale = useLocale();
  const client = useClient(entry.clientId ?? undefined);
  const actionWords = useActionWords();
  const lines = useFactLines()(entry);
  return (
    <>
      <td data-column="at">
        <time className={classes.at} dateTime={entry.at} title={fullTime(entry.at, locale)}>
          {clockTime(entry.at, locale)}
        </time>
      </td>
      <td data-column="person">{entry.personName ?? <span className={classes.system}>{t('system')}</span>}</td>
      <td data-column="action">{actionWords(entry.action)}</td>
      <td data-column="client">{client && <ClientBadge name={client.name} colour={client.colour} quiet />}</td>
      <td data-column="facts">
        {lines.length > 0 && (
          <ul className={classes.facts}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <Subject entry={entry} />
      </td>
    </>
  );
}

/** What it is about, one press away. */
function Subject({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const { permissions } = useMe();
  const [what] = entry.action.split('.');
  const settings = permissions.includes('settings.view') ? settingsOf[what ?? ''] : undefined;
  if (settings && entry.action !== 'opening-hours.removed')
    return (
      <Link to={settings.to} search={{ [settings.param]: entry.subject }}>
        {t(settings.words)}
      </Link>
    );
  if (what === 'recording' && permissions.includes('recordings.listen'))
    return (
      <Link to="/recordings/$recordingId" params={{ recordingId: entry.subject }}>
        {t('openRecording')}
      </Link>
    );
  if (!permissions.includes('customers.view')) return null;
  if (entry.action.startsWith('conversation.')) {
    return (
      <Link to="/desk/c/$conversationId" params={{ conversationId: entry.subject }}>
        {t('openConversation')}
      </Link>
    );
  }
  if (entry.action.startsWith('customer.')) {
    return (
      <Link to="/desk/customers/$customerId" params={{ customerId: entry.subject }}>
        {t('openCustomer')}
      </Link>
    );
  }
  return null;
}

/** Where what is set stands, by the first word of the action. */
const settingsOf: Record<
  string,
  | {
      to: '/settings' | '/settings/hours' | '/settings/people';
      param: string;
      words: 'openQueue' | 'openHours' | 'openPerson';
    }
  | undefined
> = {
  queue: { to: '/settings', param: 'queue', words: 'openQueue' },
  'opening-hours': { to: '/settings/hours', param: 'hours', words: 'openHours' },
  agent: { to: '/settings/people', param: 'person', words: 'openPerson' },
  person: { to: '/settings/people', param: 'person', words: 'openPerson' },
};

/** To the second: what came first matters here. */
function clockTime(at: string, locale: 'nl' | 'en'): string {
  const tag = locale === 'nl' ? 'nl-NL' : 'en-GB';
  return new Intl.DateTimeFormat(tag, {
    timeZone: 'Europe/Amsterdam',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(at));
}
