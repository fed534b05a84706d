import type { CallStatus, ConversationCard } from '@kernlijn/contract/conversations';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './WebCaller.module.css';

/** Where on the client's site the caller is, what he asks, and whether he is still heard. */
export function WebCaller({ card, web }: { card: ConversationCard; web: NonNullable<CallStatus['web']> }) {
  const { t } = useTranslation('conversations');
  const link = /^https?:/.test(web.page);
  return (
    <div className={classes.web}>
      <p className={classes.from}>
        <Icon name="globe" size={14} />
        <span>{t('web.calls')}</span>
        {web.page &&
          (link ? (
            <a href={web.page} target="_blank" rel="noopener noreferrer">
              {web.page.replace(/^https?:\/\//, '')}
            </a>
          ) : (
            <span>{web.page}</span>
          ))}
        {web.email && <span className={classes.email}>{web.email}</span>}
        {web.chatId && (
          <Link to="/desk/c/$conversationId" params={{ conversationId: web.chatId }}>
            {t('web.chat')}
          </Link>
        )}
      </p>
      {web.question && <p className={classes.question}>“{web.question}”</p>}
      <p className={classes.away} role="status">
        {!web.here && card.call?.live === true && (
          <>
            <Icon name="phone-off" size={14} />
            {t('web.away')}
          </>
        )}
      </p>
    </div>
  );
}
