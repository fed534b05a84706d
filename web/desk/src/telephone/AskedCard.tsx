import type { ConversationCard } from '@kernlijn/contract/conversations';
import { joinCall, leaveCall } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Until } from '@kernlijn/ui/Since.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { useNameOfCard } from '../conversations/card-words.ts';
import offer from '../conversations/OfferCard.module.css';
import { workKey } from '../conversations/queries.ts';
import { useAct } from '../conversations/use-act.ts';
import { partOf } from '../live/work-state.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useFailure } from '../shell/notices.ts';

/** A colleague asks me into his call: who, about which customer, and why. It stands where offers stand. */
export function AskedCard({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const { id: me } = useMe();
  const client = useClient(card.clientId);
  const customer = useNameOfCard()(card);
  const { join, decline, busy } = useAsked(card);
  const part = partOf(card, me);
  if (!part) return null;
  return (
    <section
      className={offer.offer}
      aria-label={t('asked.title', { name: part.askedBy })}
      style={{ borderLeftColor: client?.colour }}
    >
      <div className={offer.head}>{client && <ClientBadge name={client.name} colour={client.colour} quiet />}</div>
      <Link to="/desk/c/$conversationId" params={{ conversationId: card.id }} className={offer.who}>
        <Icon name="phone" size={18} />
        <span className={offer.name}>{part.askedBy}</span>
        <span className={offer.what}>{t('asked.about', { name: customer })}</span>
      </Link>
      {part.note && <p className={offer.handedOver}>{part.note}</p>}
      <div className={offer.buttons}>
        <KeyTip label={t('asked.accept')} action="answer">
          <Button onClick={join} loading={busy} leftSection={<Icon name="phone" size={14} />}>
            {t('asked.accept')}
          </Button>
        </KeyTip>
        <KeyTip label={t('asked.decline')} action="decline">
          <Button variant="default" onClick={decline} disabled={busy}>
            {t('asked.decline')}
          </Button>
        </KeyTip>
        {part.until && <Until at={part.until} className={offer.left} />}
      </div>
    </section>
  );
}

export function useAsked(card: ConversationCard | undefined) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const fail = useFailure();
  const joins = useAct(joinCall, ({ id }) => {
    void navigate({ to: '/desk/c/$conversationId', params: { conversationId: id } });
  });
  const declines = useMutation({
    mutationFn: (id: string) => call(leaveCall, { params: { conversationId: id } }),
    onError: fail,
    onSettled: () => void client.invalidateQueries({ queryKey: workKey }),
  });
  return {
    join: () => card && joins.mutate({ params: { conversationId: card.id } }),
    decline: () => card && declines.mutate(card.id),
    busy: joins.isPending || declines.isPending,
  };
}
