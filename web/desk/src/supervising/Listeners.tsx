import type { ConversationCard } from '@kernlijn/contract/conversations';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { waysOf } from './ListenActions.tsx';
import classes from './Listeners.module.css';

/** Who else is in the call, and who hears him. Said as soon as it is so: an agent always knows that somebody listens. */
export function Listeners({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('supervising');
  const { id: me } = useMe();
  const there = card.call?.parties.filter(({ kind, personId }) => kind === 'supervisor' && personId !== me) ?? [];
  return (
    <div role="status" className={classes.listeners} data-empty={there.length === 0}>
      {there.map(({ id, name, voice }) => (
        <span key={id} className={classes.listener} data-voice={voice}>
          <Icon name={waysOf.find(({ way }) => way === voice)?.icon ?? 'ear'} size={15} />
          {t(`there.${voice}`, { name })}
        </span>
      ))}
    </div>
  );
}
