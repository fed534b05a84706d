import type { ConversationCard } from '@kernlijn/contract/conversations';
import { takeParked } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { Until } from '@kernlijn/ui/Since.tsx';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '../access/queries.ts';
import { useNameOfCard } from '../conversations/card-words.ts';
import { useAct } from '../conversations/use-act.ts';
import { useSections } from '../conversations/use-work.ts';
import list from '../conversations/WorkList.module.css';
import classes from './ParkedCalls.module.css';

/** Callers who hear music until somebody takes them back: everybody who serves the client sees them. */
export function ParkedCalls() {
  const { t } = useTranslation('telephone');
  const { parkedCalls } = useSections();
  if (parkedCalls.length === 0) return null;
  return (
    <section className={list.section} aria-labelledby="work-parked-calls" data-urgent>
      <h2 className={list.title} id="work-parked-calls">
        {t('park.section')} <span className={list.count}>{parkedCalls.length}</span>
      </h2>
      <ul className={list.list}>
        {parkedCalls.map((card) => (
          <ParkedCall key={card.id} card={card} />
        ))}
      </ul>
    </section>
  );
}

function ParkedCall({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const navigate = useNavigate();
  const client = useClient(card.clientId);
  const name = useNameOfCard()(card);
  const take = useAct(takeParked, () => {
    void navigate({ to: '/desk/c/$conversationId', params: { conversationId: card.id } });
  });
  const parked = card.call?.parked;
  return (
    <li className={classes.line} style={{ borderLeftColor: client?.colour }}>
      <Link to="/desk/c/$conversationId" params={{ conversationId: card.id }} className={classes.who}>
        <span className={classes.name}>{name}</span>
        <span className={classes.what}>
          {parked && [t('park.by', { name: parked.byName }), parked.note].filter(Boolean).join(' · ')}
        </span>
      </Link>
      {parked && <Until at={parked.until} className={classes.left} />}
      <Button
        variant="light"
        size="compact-sm"
        aria-label={t('park.takeFrom', { name })}
        loading={take.isPending}
        onClick={() => take.mutate({ params: { conversationId: card.id } })}
      >
        {t('park.take')}
      </Button>
    </li>
  );
}
