import { sendHome } from '@kernlijn/contract/agents';
import { ActionIcon, Menu } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { say, useFailure } from '../shell/notices.ts';
import type { BoardAgent } from './figures.ts';

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
        <Menu.Label>{t('agents.sendHomeHint')}</Menu.Label>
        <Menu.Item closeMenuOnClick={armed} {...(armed ? { color: 'red' } : {})} onClick={press}>
          {t(armed ? 'agents.sendHomeSure' : 'agents.sendHome')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
