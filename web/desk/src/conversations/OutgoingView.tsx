import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import { typeReply } from './drafts.ts';
import classes from './MessageView.module.css';
import { discard, sendAgain, type Outgoing } from './outbox.ts';

/** A reply that the server has not confirmed yet. */
export function OutgoingView({ outgoing, chat }: { outgoing: Outgoing; chat: boolean }) {
  const { t } = useTranslation('conversations');
  const client = useQueryClient();
  const words = useTrouble();
  const takeBack = () => {
    typeReply(outgoing.conversationId, outgoing.text);
    discard(outgoing.key);
  };
  return (
    <article className={chat ? classes.bubble : classes.letter} data-author="agent" aria-label={t('message.you')}>
      <header className={classes.head}>
        <span className={classes.author}>{t('message.you')}</span>
        <span className={classes.delivery} data-is={outgoing.state} role="status">
          {t(
            outgoing.state === 'failed'
              ? 'message.notSent'
              : outgoing.state === 'retrying'
                ? 'message.retrying'
                : 'message.sending',
          )}
        </span>
      </header>
      <div className={classes.words}>{outgoing.text}</div>
      {outgoing.state === 'failed' && (
        <p className={classes.failed} role="alert">
          <span style={{ flex: 1 }}>{words(outgoing.error)}</span>
          <Button size="compact-xs" onClick={() => sendAgain(client, outgoing)}>
            {t('message.resend')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={takeBack}>
            {t('message.discard')}
          </Button>
        </p>
      )}
    </article>
  );
}
