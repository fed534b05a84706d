import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <Empty icon="search" title={t('notFound.title')}>
      <p>{t('notFound.text')}</p>
      <Link to="/desk">{t('notFound.back')}</Link>
    </Empty>
  );
}
