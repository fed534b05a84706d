import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useTranslation } from 'react-i18next';

/** The place of the settings. */
export function SettingsPage() {
  const { t } = useTranslation('shell');
  return <Empty icon="gear" title={t('nav.settings')} />;
}
