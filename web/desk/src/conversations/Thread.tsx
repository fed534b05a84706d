import type { ConversationCard, ConversationDetail, HandOver, Message } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { useTranslation } from 'react-i18next';
import { useCustomerTyping } from './collision.ts';
import { HandOverLine, noteAbove } from './HandOverNote.tsx';
import { MessageView } from './MessageView.tsx';
import { OutgoingView } from './OutgoingView.tsx';
import { outbox, stillOutgoing } from './outbox.ts';
import classes from './Thread.module.css';
import { useStickyScroll } from './use-sticky-scroll.ts';

/** Everything that was written, oldest first. New words are followed only by a reader who is at the end. */
export function Thread({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const outgoing = stillOutgoing(useStore(outbox), card.id, detail.messages);
  const typing = useCustomerTyping(card.id);
  const chat = card.channel === 'chat';
  const { area, onScroll, behind, jump } = useStickyScroll(
    card.id,
    detail.messages.length + detail.handOvers.length + outgoing.length,
  );
  const last = detail.messages.length - 1;
  const above = noteAbove(detail, card);
  return (
    <div className={classes.frame}>
      <div
        className={classes.area}
        ref={area}
        onScroll={onScroll}
        // What scrolls must be reached without a mouse (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-label={t('view.messages')}
        data-chat={chat}
      >
        {detail.messages.length + outgoing.length === 0 && <Empty icon="message" title={t('view.noMessages')} />}
        {linesOf(detail).map(({ message, handOver, index }) =>
          message ? (
            <MessageView key={message.id} message={message} chat={chat} folded={!chat && index < last - 1} />
          ) : (
            <HandOverLine key={handOver.id} handOver={handOver} brief={handOver.id === above?.id} />
          ),
        )}
        {outgoing.map((out) => (
          <OutgoingView key={out.key} outgoing={out} chat={chat} />
        ))}
        {typing && <p className={classes.typing}>{t('view.customerTyping', { name: typing })}</p>}
      </div>
      {behind && (
        <Button
          className={classes.jump}
          size="compact-xs"
          variant="filled"
          rightSection={<Icon name="down" size={14} />}
          onClick={jump}
        >
          {t('view.jump')}
        </Button>
      )}
    </div>
  );
}

type Line =
  | { at: string; index: number; message: Message; handOver?: never }
  | { at: string; index: number; message?: never; handOver: HandOver };

/** Messages, and between them who passed it on. */
function linesOf({ messages, handOvers }: ConversationDetail): Line[] {
  const said = messages.map((message, index): Line => ({ at: message.at, index, message }));
  if (handOvers.length === 0) return said;
  return [...said, ...handOvers.map((handOver, index): Line => ({ at: handOver.at, index, handOver }))].toSorted(
    (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
  );
}
