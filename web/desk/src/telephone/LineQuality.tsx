import type { ConversationCard } from '@kernlijn/contract/conversations';
import { worst, type LineStep } from '@kernlijn/contract/line-quality';
import { useTranslation } from 'react-i18next';
import { useHeardQuality } from './line.ts';
import { LineBars } from './LineBars.tsx';
import classes from './LineQuality.module.css';

/**
 * How both sides are heard: the engine tells how well it receives the customer and us, the browser how well it receives
 * the engine. A good line says nothing; otherwise it says whose it is, and what helps.
 */
export function LineQuality({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const heard = useHeardQuality();
  const own = worst([card.call?.agentLine, heard]);
  const customers = card.call?.customerLine ?? null;
  const parts = [
    { whose: 'own' as const, step: own },
    { whose: 'customer' as const, step: customers },
  ].filter((part): part is { whose: 'own' | 'customer'; step: LineStep } => part.step !== null);
  const trouble = parts.filter(({ step }) => step !== 'good');
  return (
    <div className={classes.quality} role="status" data-is={worst([own, customers]) ?? 'unknown'}>
      {trouble.length === 0 && parts.length > 0 && (
        <span className={classes.part}>
          <LineBars step="good" />
          <span className="spoken-only">{t('line.good')}</span>
        </span>
      )}
      {trouble.map(({ whose, step }) => (
        <span key={whose} className={classes.part} data-step={step}>
          <LineBars step={step} />
          {t(`line.${whose}.${step === 'bad' ? 'bad' : 'fair'}`)}
        </span>
      ))}
    </div>
  );
}
