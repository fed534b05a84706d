import { extendWrapUp, type ConversationCard, type ConversationDetail } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration } from '@kernlijn/ui/format.ts';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useNameOf } from '../text/use-locale.ts';
import { useAct } from './use-act.ts';
import classes from './WrapUpClock.module.css';

/** How much wrap-up is left, what happens then, and a way to have more. */
export function WrapUpClock({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const now = useNow();
  const extend = useAct(extendWrapUp);
  const more = () => extend.mutate({ params: { conversationId: card.id } });
  useAction('extend', more, card.wrapUpUntil !== null);
  const consequence = useConsequence(detail);
  if (!card.wrapUpUntil) return <span className={classes.clock}>{t('register.wrapUp')}</span>;
  const left = Date.parse(card.wrapUpUntil) - now;
  const whole = Math.max(1_000, Date.parse(card.wrapUpUntil) - Date.parse(card.endedAt ?? card.queuedAt));
  return (
    <span className={classes.clock} data-urgent={left < 10_000}>
      <span title={consequence}>{t('register.wrapUpLeft', { time: duration(left + 999) })}</span>
      <span className={classes.track} aria-hidden>
        <span className={classes.bar} style={{ transform: `scaleX(${Math.min(1, Math.max(0, left / whole))})` }} />
      </span>
      <KeyTip label={consequence} action="extend">
        <Button size="compact-xs" variant="default" loading={extend.isPending} onClick={more}>
          {t('register.extend')}
        </Button>
      </KeyTip>
    </span>
  );
}

function useConsequence({ wrapUp, reasons, outcomes }: ConversationDetail): string {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  const reason = reasons.find((code) => code.id === wrapUp.defaultReasonId);
  const outcome = outcomes.find((code) => code.id === wrapUp.defaultOutcomeId);
  return reason && outcome
    ? t('register.timedDefaultAs', { reason: nameOf(reason.name), outcome: nameOf(outcome.name) })
    : t('register.timedDefault');
}
