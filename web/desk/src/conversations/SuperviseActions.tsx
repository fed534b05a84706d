import { assignConversation, kindOf, type ConversationCard } from '@kernlijn/contract/conversations';
import { Button, Menu } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { boardQuery } from '../reporting/queries.ts';
import { say } from '../shell/notices.ts';
import { ListenActions } from '../supervising/ListenActions.tsx';
import bar from './ActionBar.module.css';
import { TransferMenu } from './TransferMenu.tsx';
import { useAct } from './use-act.ts';

/** What a supervisor does with a contact of somebody who cannot go on with it. */
export function SuperviseActions({ card }: { card: ConversationCard }) {
  // A caller is put through to nobody who was not asked, and one who hung up waits in no queue.
  const queueable = kindOf[card.channel] === 'written' || card.state === 'handling';
  const givable = card.channel !== 'call' || card.state === 'wrap-up';
  return (
    <div className={bar.bar}>
      {card.channel === 'call' && <ListenActions card={card} />}
      {queueable && <TransferMenu card={card} />}
      {givable && <GiveMenu card={card} />}
    </div>
  );
}

function GiveMenu({ card }: { card: ConversationCard }) {
  const { t } = useTranslation(['conversations', 'agents']);
  const { id: me, isAgent } = useMe();
  const [open, setOpen] = useState(false);
  const board = useQuery({ ...boardQuery(card.clientId), enabled: open }).data;
  const present = (board?.agents ?? []).filter(
    (agent) => agent.state !== 'offline' && agent.agentId !== card.agentId && agent.agentId !== me,
  );
  const give = useAct(assignConversation, (given) => {
    const name = present.find((agent) => agent.agentId === given.agentId)?.name;
    if (name) say(t('handOver.given', { name }));
  });
  const to = (agentId: string) => give.mutate({ params: { conversationId: card.id }, body: { agentId } });
  return (
    <>
      {isAgent && (
        <Button
          variant="default"
          leftSection={<Icon name="work" size={14} />}
          loading={give.isPending}
          onClick={() => to(me)}
        >
          {t('handOver.take')}
        </Button>
      )}
      <Menu opened={open} onChange={setOpen} width={260} position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="person" size={14} />} loading={give.isPending}>
            {t('handOver.give')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          <Menu.Label>{present.length > 0 ? t('handOver.giveTitle') : t('handOver.giveNobody')}</Menu.Label>
          {present.map((agent) => (
            <Menu.Item
              key={agent.agentId}
              rightSection={t(`agents:state.${agent.state}`)}
              onClick={() => to(agent.agentId)}
            >
              {agent.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
