import type { Customer } from '@kernlijn/contract/customers';
import { useClipboard } from '@mantine/hooks';
import { Icon, type IconName } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { day } from '@kernlijn/ui/format.ts';
import { useTranslation } from 'react-i18next';
import { useDial, useMayDial } from '../telephone/use-dial.ts';
import { useLocale } from '../text/use-locale.ts';
import { addressLines, customerName } from './customer-name.ts';
import classes from './Identity.module.css';
import { useLanguageName } from './language-name.ts';

const identifierIcon: Record<Customer['identifiers'][number]['kind'], IconName> = {
  phone: 'phone',
  email: 'mail',
  handle: 'chat',
};

export function Identity({
  customer,
  openConversations,
  edit,
}: {
  customer: Customer;
  openConversations: number;
  edit: (() => void) | undefined;
}) {
  const { t } = useTranslation('customers');
  const locale = useLocale();
  const languageName = useLanguageName();
  const title = customer.title && customer.kind === 'person' ? `${t(`title.${customer.title}`)} ` : '';
  const person =
    customer.kind === 'business'
      ? [customer.givenName, customer.prefix, customer.familyName].filter(Boolean).join(' ')
      : '';
  const may = useMayDial();
  const { dial, busy } = useDial();
  const call = (number: string) => dial({ number, clientId: customer.clientId, customerId: customer.id });
  const facts = [
    t(`kind.${customer.kind}`),
    languageName(customer.language),
    customer.customerSince && t('since', { date: sinceWords(customer.customerSince, locale) }),
  ].filter(Boolean);
  return (
    <section className={classes.identity} aria-label={customerName(customer)}>
      <div className={classes.top}>
        <Icon name={customer.kind === 'business' ? 'business' : 'person'} size={18} />
        <h2 className={classes.name}>
          {title}
          {customerName(customer)}
        </h2>
        {edit && (
          <button type="button" className={classes.edit} aria-label={t('edit')} title={t('edit')} onClick={edit}>
            <Icon name="edit" />
          </button>
        )}
      </div>
      {person && <p className={classes.person}>{person}</p>}
      <p className={classes.facts}>{facts.join(' · ')}</p>
      {openConversations > 0 && <p className={classes.open}>{t('open', { count: openConversations })}</p>}
      <dl className={classes.list}>
        {customer.identifiers.map((identifier) => (
          <Copied
            key={`${identifier.kind} ${identifier.value}`}
            icon={identifierIcon[identifier.kind]}
            label={t(`identifier.${identifier.kind}`)}
            value={identifier.value}
            shown={readable(identifier.value, locale)}
            dial={may && !busy && identifier.kind === 'phone' ? () => call(identifier.value) : undefined}
          />
        ))}
        {customer.reference && (
          <Copied icon="note" label={t('reference')} value={customer.reference} shown={customer.reference} />
        )}
      </dl>
      <Address customer={customer} />
    </section>
  );
}

const sinceWords = (since: string, locale: 'nl' | 'en'): string => (/^\d{4}$/.test(since) ? since : day(since, locale));

function Address({ customer }: { customer: Customer }) {
  const { t } = useTranslation('customers');
  const [street, place] = customer.address ? addressLines(customer.address) : ['', ''];
  if (!street && !place) return <p className={classes.noAddress}>{t('address.none')}</p>;
  return (
    <address className={classes.address}>
      {street}
      {street && <br />}
      {place}
    </address>
  );
}

function Copied({
  icon,
  label,
  value,
  shown,
  dial,
}: {
  icon: IconName;
  label: string;
  value: string;
  shown: string;
  dial?: (() => void) | undefined;
}) {
  const { t } = useTranslation(['customers', 'telephone']);
  const { copied, copy } = useClipboard({ timeout: 1_000 });
  const words = t('copy', { value: shown });
  return (
    <div className={classes.row}>
      <dt className={classes.kind}>
        <Icon name={icon} size={14} />
        <span className="spoken-only">{label}</span>
      </dt>
      <dd className={classes.value}>
        <button
          type="button"
          className={classes.copy}
          aria-label={words}
          title={copied ? t('copied') : words}
          onClick={() => copy(value)}
        >
          {shown}
          {copied && <Icon name="check" size={13} />}
        </button>
        {dial && (
          <button
            type="button"
            className={classes.dial}
            aria-label={t('telephone:dial.callNumber', { number: shown })}
            title={t('telephone:dial.callNumber', { number: shown })}
            onClick={dial}
          >
            <Icon name="phone" size={14} />
          </button>
        )}
      </dd>
    </div>
  );
}
