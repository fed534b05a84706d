import { requeueConversation, type ConversationCard } from '@kernlijn/contract/conversations';
import { Button, Menu } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queuesQuery } from '../routing/queries.ts';
import { useAction } from '../shell/actions.ts';
import { useKeyOf } from '../shell/KeyTip.tsx';
import { say } from '../shell/notices.ts';
import { useNameOf } from '../text/use-locale.ts';
import { useAct } from './use-act.ts';

/** To another queue of the same client, with the number that waits there already. */
export function TransferMenu({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const queues =
    useQuery(queuesQuery).data?.queues.filter(
      (queue) => queue.clientId === card.clientId && queue.queueId !== card.queueId,
    ) ?? [];
  const requeue = useAct(requeueConversation, (moved) => {
    const queue = queues.find((other) => other.queueId === moved.queueId);
    if (queue) say(t('view.transferred', { queue: nameOf(queue.name) }));
    void navigate({ to: '/desk' });
  });
  const key = useKeyOf('transfer');
  useAction('transfer', () => setOpen(true));
  return (
    <Menu opened={open} onChange={setOpen} width={260} position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          title={`${t('view.transfer')} (${key})`}
          leftSection={<Icon name="forward" size={14} />}
          loading={requeue.isPending}
        >
          {t('view.transfer')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{queues.length > 0 ? t('view.transferTitle') : t('view.transferEmpty')}</Menu.Label>
        {queues.map((queue) => (
          <Menu.Item
            key={queue.queueId}
            rightSection={<span className="figures">{queue.waiting}</span>}
            onClick={() => requeue.mutate({ params: { conversationId: card.id }, body: { queueId: queue.queueId } })}
          >
            {nameOf(queue.name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
