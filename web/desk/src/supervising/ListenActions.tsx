import type { ConversationCard } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { Icon, type IconName } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { useSupervise, type Way } from './use-supervise.ts';

export const waysOf: readonly { way: 'listen' | 'whisper' | 'all'; icon: IconName }[] = [
  { way: 'listen', icon: 'ear' },
  { way: 'whisper', icon: 'whisper' },
  { way: 'all', icon: 'people' },
];

/** Three ways to be in a call of somebody else, and the way to make it one's own. */
export function ListenActions({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('supervising');
  const { id: me, isAgent, permissions } = useMe();
  const go = useSupervise(card.id);
  const { armed, press } = useTwoPress(() => go.mutate('take-over'));
  if (!permissions.includes('calls.listen') || card.call?.live !== true || card.state !== 'handling') return null;
  const voice = card.call.parties.find(({ personId, kind }) => kind === 'supervisor' && personId === me)?.voice;
  const may = (way: Way) => way !== 'all' || permissions.includes('calls.join');
  const busy = (way: Way) => go.isPending && go.variables === way;
  return (
    <>
      {waysOf
        .filter(({ way }) => may(way))
        .map(({ way, icon }) => (
          <Button
            key={way}
            variant={voice === way ? 'filled' : 'default'}
            aria-pressed={voice === way}
            title={t(`hint.${way}`)}
            leftSection={<Icon name={icon} size={14} />}
            loading={busy(way)}
            onClick={() => go.mutate(voice === way ? 'leave' : way)}
          >
            {t(`way.${way}`)}
          </Button>
        ))}
      {voice && (
        <Button
          variant="default"
          leftSection={<Icon name="close" size={14} />}
          loading={busy('leave')}
          onClick={() => go.mutate('leave')}
        >
          {t('way.leave')}
        </Button>
      )}
      {isAgent && permissions.includes('calls.join') && (
        <Button
          variant={armed ? 'filled' : 'default'}
          title={t('hint.take-over')}
          leftSection={<Icon name="phone" size={14} />}
          loading={busy('take-over')}
          onClick={press}
        >
          {t(armed ? 'way.takeOverSure' : 'way.takeOver')}
        </Button>
      )}
    </>
  );
}
