import { requeueConversation, type ConversationCard, type ConversationDetail } from '@kernlijn/contract/conversations';
import { Button, Popover, Textarea } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { queuesQuery } from '../routing/queries.ts';
import { useAction } from '../shell/actions.ts';
import { useKeyOf } from '../shell/KeyTip.tsx';
import { say } from '../shell/notices.ts';
import { useNameOf } from '../text/use-locale.ts';
import { forgetRegistration } from './drafts.ts';
import { conversationKey } from './queries.ts';
import classes from './TransferMenu.module.css';
import { useAct } from './use-act.ts';
import { useOnwards } from './use-register.ts';
import { useRegistrationDraft } from './use-registration-draft.ts';

/**
 * To a queue of the same client, with a word for whoever goes on: what was typed as a summary stands there already. It
 * is the record of this agent's part, so one press is enough, and none of it is required.
 */
export function TransferMenu({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const { id: me } = useMe();
  const onwards = useOnwards(card.id);
  const nameOf = useNameOf();
  const detail = useQuery<ConversationDetail>({ queryKey: conversationKey(card.id), enabled: false }).data;
  const draft = useRegistrationDraft(card, detail);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string>();
  const mine = card.agentId === me;
  const note = typed ?? (mine ? (draft.summary ?? '') : '').slice(0, longest);
  const queues = useQueueChoice(card);
  const requeue = useAct(requeueConversation, (moved) => {
    forgetRegistration(card.id);
    const queue = queues.find((other) => other.queueId === moved.queueId);
    if (queue) say(t('view.transferred', { queue: nameOf(queue.name) }));
    if (mine) onwards();
  });
  const key = useKeyOf('transfer');
  useAction('transfer', () => setOpen(true));
  const handOver = (queueId: string) => {
    setOpen(false);
    requeue.mutate({
      params: { conversationId: card.id },
      body: { queueId, note, reasonId: mine ? (draft.reasonId ?? null) : null },
    });
  };
  return (
    <Popover opened={open} onChange={setOpen} width={320} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          title={`${t('view.transfer')} (${key})`}
          leftSection={<Icon name="forward" size={14} />}
          loading={requeue.isPending}
          onClick={() => setOpen(!open)}
        >
          {t('view.transfer')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('view.transfer')} className={classes.dropdown}>
        <Textarea
          data-autofocus
          label={t('handOver.note')}
          placeholder={t('handOver.noteHint')}
          autosize
          minRows={2}
          maxRows={7}
          maxLength={longest}
          value={note}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <h3 className={classes.title} id="transfer-queues">
          {t('view.transferTitle')}
        </h3>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows are an extra way through the buttons in it */}
        <ul className={classes.queues} aria-labelledby="transfer-queues" onKeyDown={walk}>
          {queues.map((queue) => (
            <li key={queue.queueId}>
              <button type="button" className={classes.queue} onClick={() => handOver(queue.queueId)}>
                <span className={classes.name}>
                  {queue.queueId === card.queueId
                    ? t('view.transferBack', { queue: nameOf(queue.name) })
                    : nameOf(queue.name)}
                </span>
                {!queue.open && <span className={classes.closed}>{t('work.closed')}</span>}
                <span className="figures" aria-label={t('work.waiting', { count: queue.waiting })}>
                  {queue.waiting}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What the contract takes. */
const longest = 2_000;

/** The other queues of the client, and its own last: back to whoever else is there. A supervisor's first thought is its own. */
function useQueueChoice(card: ConversationCard) {
  const { id: me } = useMe();
  const all = useQuery(queuesQuery).data?.queues.filter((queue) => queue.clientId === card.clientId) ?? [];
  const own = all.filter((queue) => queue.queueId === card.queueId);
  const others = all.filter((queue) => queue.queueId !== card.queueId);
  return card.agentId === me ? [...others, ...own] : [...own, ...others];
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}
