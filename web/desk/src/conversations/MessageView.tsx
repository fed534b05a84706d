import type { Message } from '@kernlijn/contract/conversations';
import { useNow } from '@kernlijn/ui/clock.ts';
import { fullTime, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { Attachments } from './Attachments.tsx';
import { MailFrame } from './MailFrame.tsx';
import classes from './MessageView.module.css';
import { foldQuoted } from './quoted.ts';

export const MessageView = memo(function MessageView({
  message,
  chat,
  folded,
}: {
  message: Message;
  chat: boolean;
  folded: boolean;
}) {
  const { t } = useTranslation('conversations');
  const [open, setOpen] = useState(!folded);
  if (message.author === 'system') return <SystemLine message={message} />;
  const author = message.authorName || t('message.nameless');
  const shape = chat ? classes.bubble : classes.letter;
  return (
    <article className={shape} data-author={message.author} aria-label={author}>
      <header className={classes.head}>
        {folded ? (
          <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'down' : 'right'} size={14} />
            <span className={classes.author}>{author}</span>
          </button>
        ) : (
          <span className={classes.author}>{author}</span>
        )}
        {message.automatic !== null && (
          <span className={classes.automatic}>{t(`message.automatic.${message.automatic}`)}</span>
        )}
        {!open && <span className={classes.first}>{message.text.slice(0, 120)}</span>}
        <At at={message.at} />
        {message.author === 'agent' && <Delivery message={message} />}
      </header>
      {open && (
        <>
          {message.html && !chat ? (
            <MailFrame message={message} html={message.html} />
          ) : (
            <Words text={message.text} fold={!chat} />
          )}
          <Attachments lines={message.attachments} />
          {message.original && (
            <a className={classes.original} href={`/api/messages/${message.id}/original`} download>
              <Icon name="download" size={13} />
              {t('message.original')}
            </a>
          )}
          {message.delivery === 'failed' && (
            <p className={classes.failed}>
              <Icon name="warning" size={14} />
              {t('message.failedDetail', { detail: message.deliveryDetail ?? t('message.delivery.failed') })}
            </p>
          )}
        </>
      )}
    </article>
  );
});

function SystemLine({ message }: { message: Message }) {
  return (
    <p className={classes.system}>
      {message.text} <At at={message.at} />
    </p>
  );
}

function At({ at }: { at: string }) {
  const locale = useLocale();
  const now = useNow();
  return (
    <time className={classes.at} dateTime={at} title={fullTime(at, locale)}>
      {moment(at, now, locale)}
    </time>
  );
}

function Delivery({ message }: { message: Message }) {
  const { t } = useTranslation('conversations');
  const words = t(`message.delivery.${message.delivery}`);
  return (
    <span className={classes.delivery} data-is={message.delivery} title={message.deliveryDetail ?? words}>
      {message.delivery === 'sent' && <Icon name="check" size={13} />}
      {message.delivery === 'failed' && <Icon name="warning" size={13} />}
      {words}
    </span>
  );
}

function Words({ text, fold }: { text: string; fold: boolean }) {
  const { t } = useTranslation('conversations');
  const [all, setAll] = useState(false);
  const { own, quoted } = fold ? foldQuoted(text) : { own: text, quoted: '' };
  return (
    <div className={classes.words}>
      {own}
      {quoted && (
        <>
          <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {t(all ? 'message.hideQuoted' : 'message.showQuoted')}
          </button>
          {all && <div className={classes.quoted}>{quoted}</div>}
        </>
      )}
    </div>
  );
}
