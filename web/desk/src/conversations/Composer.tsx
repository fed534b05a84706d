import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { ActionIcon, Button, Kbd, Textarea } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { useNameOfCard } from './card-words.ts';
import { useShowPresence } from './collision.ts';
import classes from './Composer.module.css';
import { draftName, replies, typeReply, unsaved } from './drafts.ts';
import { sendOff } from './outbox.ts';
import { useFiles } from './use-files.tsx';
import { justTaken } from './use-offer.ts';
import { useSayTyping } from './use-say-typing.ts';

/** Ctrl+Enter sends everywhere; in a chat Enter does too. */
export function Composer({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const client = useQueryClient();
  const name = useNameOfCard()(card);
  const chat = card.channel === 'chat';
  const text = useStore(replies)[card.id] ?? detail.replyDraft?.text ?? '';
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const files = useFiles(card.id);
  const [over, setOver] = useState(false);
  const sayTyping = useSayTyping(card.id, chat);
  useShowPresence(card.id, text !== '');
  useAction('reply', () => field.current?.focus());

  const ready = text.trim() !== '' && !files.busy;
  const send = () => {
    if (!ready) return;
    sendOff(client, { conversationId: card.id, text: text.trim(), files: files.kept });
    typeReply(card.id, '');
    files.clear();
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    if (!(event.ctrlKey || event.metaKey) && (!chat || event.shiftKey || event.altKey)) return;
    event.preventDefault();
    send();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    files.add(event.dataTransfer.files);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping a file is the pointer's way; the keyboard has the paper clip
    <section
      className={classes.composer}
      aria-label={t('compose.label')}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Textarea
        ref={field}
        autoFocus={justTaken(card.id)}
        variant="unstyled"
        autosize
        minRows={chat ? 1 : 4}
        maxRows={12}
        classNames={{ input: classes.input ?? '' }}
        aria-label={t(chat ? 'compose.chat' : 'compose.mail', { name })}
        placeholder={over ? t('compose.drop') : t(chat ? 'compose.chat' : 'compose.mail', { name })}
        lang={card.language}
        value={text}
        onKeyDown={press}
        onPaste={(event) => event.clipboardData.files.length > 0 && files.add(event.clipboardData.files)}
        onChange={(event) => {
          typeReply(card.id, event.currentTarget.value);
          sayTyping();
        }}
      />
      {files.list}
      <div className={classes.foot}>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => event.currentTarget.files && files.add(event.currentTarget.files)}
        />
        <ActionIcon
          aria-label={t('compose.attach')}
          title={t('compose.attach')}
          onClick={() => picker.current?.click()}
        >
          <Icon name="clip" />
        </ActionIcon>
        <DraftState conversationId={card.id} empty={text === ''} chat={chat} />
        <Kbd size="xs">{chat ? 'Enter' : 'Ctrl ⏎'}</Kbd>
        <Button disabled={!ready} onClick={send} leftSection={<Icon name="send" size={14} />}>
          {t('compose.send')}
        </Button>
      </div>
    </section>
  );
}

function DraftState({ conversationId, empty, chat }: { conversationId: string; empty: boolean; chat: boolean }) {
  const { t } = useTranslation('conversations');
  const waiting = useStore(unsaved).has(draftName(conversationId, 'reply'));
  const words = waiting
    ? t('compose.draftWaiting')
    : empty
      ? chat
        ? t('compose.chatHint')
        : ''
      : t('compose.draftKept');
  return <span className={classes.draft}>{words}</span>;
}
