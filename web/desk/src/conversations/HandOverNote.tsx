import { isOver } from '@kernlijn/contract/conversations';
import type { ConversationCard, ConversationDetail, HandOver } from '@kernlijn/contract/conversations';
import { useNow } from '@kernlijn/ui/clock.ts';
import { fullTime, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './HandOverNote.module.css';
import { handedOver } from './registration.ts';

/** What the one who had it before says, where the next one cannot miss it. */
export function HandOverNote({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const last = noteAbove(detail, card);
  if (!last) return null;
  return (
    <section className={classes.banner} aria-label={t('handOver.label')}>
      <Words handOver={last} />
    </section>
  );
}

/** Once it is over there is nobody left to tell. */
export function noteAbove(detail: ConversationDetail, card: ConversationCard): HandOver | undefined {
  return isOver(card.state) ? undefined : handedOver(detail, card);
}

/** The same in the thread, where it happened; `brief` when the words stand above it. */
export function HandOverLine({ handOver, brief }: { handOver: HandOver; brief: boolean }) {
  return (
    <div className={classes.line}>
      <Words handOver={handOver} brief={brief} />
    </div>
  );
}

function Words({ handOver, brief = false }: { handOver: HandOver; brief?: boolean }) {
  const locale = useLocale();
  const nameOf = useNameOf();
  const now = useNow();
  const words = useHandOverWords();
  return (
    <>
      <p className={classes.what}>
        <Icon name="forward" size={14} />
        <span>
          {words(handOver)}
          {handOver.reason && ` · ${nameOf(handOver.reason)}`}
        </span>
        <time className={classes.at} dateTime={handOver.at} title={fullTime(handOver.at, locale)}>
          {moment(handOver.at, now, locale)}
        </time>
      </p>
      {handOver.note && !brief && <p className={classes.note}>{handOver.note}</p>}
    </>
  );
}

function useHandOverWords(): (handOver: HandOver) => string {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  return ({ byName: by, agentName: agent, toAgentName: receiver, fromQueue, toQueue }) => {
    const [from, to] = [nameOf(fromQueue), nameOf(toQueue)];
    if (receiver) return t(agent ? 'handOver.gaveFrom' : 'handOver.gave', { by, receiver, agent });
    if (agent) return t('handOver.tookBack', { by, agent, to });
    return from === to ? t('handOver.back', { by, to }) : t('handOver.passed', { by, from, to });
  };
}
