import type { OutboxMail } from '@kernlijn/contract/email';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { fullTime } from '@kernlijn/ui/format.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import classes from './OutboxPage.module.css';
import { outboxQuery } from './queries.ts';

/** Demo: the mails that customers would have got. */
export function OutboxPage() {
  const { t } = useTranslation('email');
  const locale = useLocale();
  const { data: mails = [] } = useQuery(outboxQuery);
  const [chosen, setChosen] = useState<string>();
  const shown = mails.find((mail) => mail.id === chosen) ?? mails[0];
  return (
    <main id="main" className={classes.page}>
      <header>
        <h1 className={classes.title}>{t('outbox.title')}</h1>
        <p className={classes.intro}>{t('outbox.intro')}</p>
      </header>
      {shown === undefined ? (
        <Empty icon="mail" title={t('outbox.empty')}>
          {t('outbox.emptyHint')}
        </Empty>
      ) : (
        <div className={classes.columns}>
          <ul className={classes.list} aria-label={t('outbox.list')}>
            {mails.map((mail) => (
              <li key={mail.id}>
                <button
                  type="button"
                  className={classes.line}
                  aria-current={mail.id === shown.id}
                  onClick={() => setChosen(mail.id)}
                >
                  <span className={classes.subject}>{mail.subject || t('outbox.noSubject')}</span>
                  <span className={classes.dim}>{mail.to}</span>
                  <time className={classes.dim} dateTime={mail.at}>
                    {fullTime(mail.at, locale)}
                  </time>
                </button>
              </li>
            ))}
          </ul>
          <MailView key={shown.id} mail={shown} />
        </div>
      )}
    </main>
  );
}

function MailView({ mail }: { mail: OutboxMail }) {
  const { t } = useTranslation('email');
  const locale = useLocale();
  return (
    <article className={classes.mail} aria-label={mail.subject || t('outbox.noSubject')}>
      <h2 className={classes.heading}>{mail.subject || t('outbox.noSubject')}</h2>
      <dl className={classes.facts}>
        <dt>{t('outbox.from')}</dt>
        <dd>{mail.from}</dd>
        <dt>{t('outbox.to')}</dt>
        <dd>{mail.to}</dd>
        <dt>{t('outbox.at')}</dt>
        <dd>{fullTime(mail.at, locale)}</dd>
      </dl>
      <section aria-label={t('outbox.letter')} className={classes.text}>
        {mail.text}
      </section>
      <details>
        <summary>{t('outbox.source')}</summary>
        <pre className={classes.source}>{mail.raw}</pre>
      </details>
    </article>
  );
}
