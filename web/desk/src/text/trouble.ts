import { Refusal, Unreachable } from '@kernlijn/ui/call.ts';
import { useTranslation } from 'react-i18next';

/** Any failure as a sentence: what happened, and what to do. */
export function useTrouble(): (error: unknown) => string {
  const { t } = useTranslation('shell');
  return (error) => {
    if (error instanceof Refusal) {
      const why = (['invalid', 'emergency', 'premium', 'short'] as const).find((each) => each === error.facts['why']);
      const reason = error.code === 'number-refused' ? t(`numberRefused.${why ?? 'invalid'}`) : '';
      return t(`refusal.${error.code}`, {
        missing: '',
        value: '',
        type: '',
        kind: '',
        name: '',
        reason,
        ...error.facts,
      });
    }
    if (error instanceof Unreachable) return t('trouble.unreachable');
    return t('trouble.unexpected');
  };
}
