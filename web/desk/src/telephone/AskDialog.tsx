import type { ConversationCard } from '@kernlijn/contract/conversations';
import { requeueConversation } from '@kernlijn/contract/conversations';
import { askInto } from '@kernlijn/contract/telephone';
import { Button, Kbd, Modal, Textarea } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { forgetRegistration } from '../conversations/drafts.ts';
import { useAct } from '../conversations/use-act.ts';
import { useOnwards } from '../conversations/use-register.ts';
import { say } from '../shell/notices.ts';
import { useTrouble } from '../text/trouble.ts';
import { useNameOf } from '../text/use-locale.ts';
import classes from './AskDialog.module.css';
import { AskLine } from './AskLine.tsx';
import { entries, type Entry } from './directory.ts';
import { directoryQuery } from './queries.ts';

/** What the contract takes. */
const longest = 2_000;

/**
 * One list of everybody who can be asked, by keyboard: Enter consults, Ctrl+Enter hands the customer over at once. What was
 * typed as a summary stands in the note already, for it is the record of this agent's part.
 */
export function AskDialog({
  card,
  draft,
  close,
}: {
  card: ConversationCard;
  draft: { summary?: string | undefined; reasonId?: string | undefined };
  close: () => void;
}) {
  const { t } = useTranslation(['telephone', 'shell', 'conversations']);
  const nameOf = useNameOf();
  const words = useTrouble();
  const onwards = useOnwards(card.id);
  const [text, setText] = useState('');
  const [note, setNote] = useState((draft.summary ?? '').slice(0, longest));
  const [chosen, setChosen] = useState(0);
  const read = useQuery(directoryQuery(card.clientId, card.language));
  const asking = useAct(
    askInto,
    (after) => {
      close();
      // Handed over: his part is in the note.
      if (after.state === 'offered') {
        forgetRegistration(card.id);
        onwards();
      }
    },
    { quiet: true },
  );
  const requeue = useAct(
    requeueConversation,
    (moved) => {
      close();
      forgetRegistration(card.id);
      const queue = read.data?.queues.find((each) => each.queueId === moved.queueId);
      if (queue) say(t('conversations:view.transferred', { queue: nameOf(queue.name) }));
      onwards();
    },
    { quiet: true },
  );
  const busy = asking.isPending || requeue.isPending;
  const found = read.data ? entries(read.data, text, { queueId: card.queueId, nameOf }) : [];
  const at = Math.min(chosen, found.length - 1);

  const ask = (entry: Entry | undefined, purpose: 'consult' | 'transfer') => {
    if (!entry || busy) return;
    const reasonId = draft.reasonId ?? null;
    const params = { conversationId: card.id };
    if (entry.is === 'queue' && purpose === 'transfer')
      return requeue.mutate({ params, body: { queueId: entry.id, note, reasonId } });
    const to =
      entry.is === 'colleague'
        ? { is: 'colleague' as const, agentId: entry.id }
        : entry.is === 'queue'
          ? { is: 'queue' as const, queueId: entry.id }
          : { is: 'number' as const, number: entry.dialled };
    asking.mutate({ params, body: { to, purpose, note, reasonId } });
  };
  const move = (to: number) => {
    setChosen(to);
    document.getElementById(`ask-${to}`)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') move(Math.max(at - 1, 0));
    else if (event.key === 'Enter') ask(found[at], event.ctrlKey || event.metaKey ? 'transfer' : 'consult');
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={close}
      size={640}
      padding="md"
      title={t('ask.title')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <input
        className={classes.find}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="ask-list"
        aria-activedescendant={found.length > 0 ? `ask-${at}` : undefined}
        aria-label={t('ask.find')}
        placeholder={t('ask.find')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      {read.isPending && !read.error && <Waiting lines={6} label={t('shell:loading')} />}
      {read.error && !read.data && (
        <Trouble retry={() => void read.refetch()} retryLabel={t('shell:tryAgain')}>
          {words(read.error)}
        </Trouble>
      )}
      <div className={classes.list} id="ask-list" role="listbox" aria-label={t('ask.title')}>
        {found.map((entry, index) => (
          <AskLine key={entry.id} entry={entry} index={index} chosen={index === at} pick={() => setChosen(index)} />
        ))}
      </div>
      {read.data && found.length === 0 && (
        <p className={classes.nothing} role="status">
          {text ? t('ask.nothing', { text }) : t('ask.empty')}
        </p>
      )}
      <Textarea
        label={t('ask.note')}
        description={t('ask.noteHint')}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={longest}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) press(event);
        }}
      />
      {(asking.error ?? requeue.error) && <Trouble>{words(asking.error ?? requeue.error)}</Trouble>}
      <div className={classes.foot}>
        <Button
          disabled={!found[at]?.can}
          loading={busy}
          leftSection={<Icon name="phone" size={14} />}
          rightSection={<Kbd size="xs">⏎</Kbd>}
          onClick={() => ask(found[at], 'consult')}
        >
          {t('ask.consult')}
        </Button>
        <Button
          variant="default"
          disabled={busy || !found[at] || (found[at].is === 'colleague' && !found[at].can)}
          leftSection={<Icon name="forward" size={14} />}
          rightSection={<Kbd size="xs">Ctrl ⏎</Kbd>}
          onClick={() => ask(found[at], 'transfer')}
        >
          {t(found[at]?.is === 'queue' ? 'ask.toQueue' : 'ask.transfer')}
        </Button>
      </div>
    </Modal>
  );
}
