import { sendHome } from '@kernlijn/contract/agents';
import { ActionIcon, Menu } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { say, useFailure } from '../shell/notices.ts';
import { waysOf } from '../supervising/ListenActions.tsx';
import { useSupervise, type Way } from '../supervising/use-supervise.ts';
import type { BoardAgent } from './figures.ts';

/** The call of this agent, to be listened to or gone on with. */
function ListenItems({ call: { conversationId } }: { call: NonNullable<BoardAgent['call']> }) {
  const { t } = useTranslation('supervising');
  const { permissions } = useMe();
  const go = useSupervise(conversationId);
  const may = (way: Way) => permissions.includes(way === 'listen' || way === 'whisper' ? 'calls.listen' : 'calls.join');
  return (
    <>
      <Menu.Label>{t('listening')}</Menu.Label>
      {waysOf
        .filter(({ way }) => may(way))
        .map(({ way, icon }) => (
          <Menu.Item key={way} leftSection={<Icon name={icon} size={14} />} onClick={() => go.mutate(way)}>
            {t(`way.${way}`)}
          </Menu.Item>
        ))}
      <Menu.Item
        renderRoot={(props) => <Link to="/desk/c/$conversationId" params={{ conversationId }} {...props} />}
        leftSection={<Icon name="eye" size={14} />}
      >
        {t('open')}
      </Menu.Item>
      <Menu.Divider />
    </>
  );
}

/** For an agent who went home and left his work. */
export function AgentActions({ agent }: { agent: BoardAgent }) {
  const { t } = useTranslation('reporting');
  const { permissions } = useMe();
  const client = useQueryClient();
  const fail = useFailure();
  const home = useMutation({
    mutationFn: () => call(sendHome, { params: { agentId: agent.agentId } }),
    onSuccess: ({ requeued }) => {
      say(t('agents.sentHome', { name: agent.name, count: requeued }));
      for (const queryKey of [['board'], ['rows']]) void client.invalidateQueries({ queryKey });
    },
    onError: fail,
  });
  const { armed, press } = useTwoPress(() => home.mutate());
  if (!permissions.includes('work.supervise') || agent.state === 'offline') return null;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={t('agents.actions', { name: agent.name })} loading={home.isPending}>
          <Icon name="out" size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {agent.call && <ListenItems call={agent.call} />}
        <Menu.Label>{t('agents.sendHomeHint')}</Menu.Label>
        <Menu.Item closeMenuOnClick={armed} {...(armed ? { color: 'red' } : {})} onClick={press}>
          {t(armed ? 'agents.sendHomeSure' : 'agents.sendHome')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
