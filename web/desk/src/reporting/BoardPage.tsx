import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useTranslation } from 'react-i18next';

/** The place of the live board. */
export function BoardPage() {
  const { t } = useTranslation('shell');
  return <Empty icon="board" title={t('nav.board')} />;
}
