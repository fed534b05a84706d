import type { ConversationCard } from '@kernlijn/contract/conversations';
import { worst, type LineStep } from '@kernlijn/contract/line-quality';
import { useTranslation } from 'react-i18next';
import { useHeardQuality } from './line.ts';
import { LineBars } from './LineBars.tsx';
import classes from './LineQuality.module.css';

/**
 * How both sides are heard: the engine tells how well it receives the customer and us, the browser how well it receives
 * the engine.
 */
function useSides({ call }: ConversationCard): Record<'own' | 'customer', LineStep | null> {
  const heard = useHeardQuality();
  return { own: worst([call?.agentLine, heard]), customer: call?.customerLine ?? null };
}

/** The worse of both, in bars: a good line says no more than that. */
export function LineMark({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const { own, customer } = useSides(card);
  const step = worst([own, customer]);
  if (step === null) return null;
  return (
    <span className={classes.part} data-step={step}>
      <LineBars step={step} />
      {step === 'good' && <span className="spoken-only">{t('line.good')}</span>}
    </span>
  );
}

/** Whose line is not good, and what helps. */
export function LineQuality({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const sides = useSides(card);
  const trouble = (['own', 'customer'] as const).flatMap((whose) => {
    const step = sides[whose];
    return step === 'fair' || step === 'bad' ? [{ whose, step }] : [];
  });
  return (
    <div className={classes.quality} role="status">
      {trouble.map(({ whose, step }) => (
        <span key={whose} className={classes.part} data-step={step}>
          <LineBars step={step} />
          {t(`line.${whose}.${step}`)}
        </span>
      ))}
    </div>
  );
}
