import { Refusal, Unreachable } from '@kernlijn/ui/call.ts';
import { useTranslation } from 'react-i18next';

/** Any failure as a sentence: what happened, and what to do. */
export function useTrouble(): (error: unknown) => string {
  const { t } = useTranslation('shell');
  return (error) => {
    if (error instanceof Refusal)
      return t(`refusal.${error.code}`, { missing: '', value: '', type: '', kind: '', name: '', ...error.facts });
    if (error instanceof Unreachable) return t('trouble.unreachable');
    return t('trouble.unexpected');
  };
}
