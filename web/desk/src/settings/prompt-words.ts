import type { PromptSettings } from '@kernlijn/contract/menu';
import { useTranslation } from 'react-i18next';

/** A client's own by the name it was given; one that is shipped by what it is. */
export function usePromptName(): (prompt: PromptSettings | undefined) => string {
  const { t } = useTranslation('settings');
  return (prompt) => {
    if (prompt === undefined) return t('prompts.gone');
    if (prompt.id !== null)
      return prompt.language === null ? prompt.name : `${prompt.name} (${t(`flow.language.${prompt.language}`)})`;
    return t('prompts.shipped', { name: prompt.name });
  };
}

export const promptAddress = (prompt: string): string => `/api/prompts/${prompt}`;
