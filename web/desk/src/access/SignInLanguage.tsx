import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { chooseLanguage } from './sign-in.ts';

/** Before sign-in the choice is this browser's; after it, the person's own. */
export function SignInLanguage() {
  const { t } = useTranslation('access');
  const locale = useLocale();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('signIn.language')}
      value={locale}
      onChange={(chosen) => chooseLanguage(chosen === 'en' ? 'en' : 'nl')}
      data={[
        { value: 'nl', label: 'NL' },
        { value: 'en', label: 'EN' },
      ]}
    />
  );
}
