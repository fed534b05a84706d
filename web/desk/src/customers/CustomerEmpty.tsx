import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useTranslation } from 'react-i18next';
import classes from '../conversations/Columns.module.css';

export function CustomerEmpty() {
  const { t } = useTranslation('customers');
  return (
    <section className={classes.customer} id="customer" tabIndex={-1} data-column="customer" aria-label={t('label')}>
      <Empty icon="person" title={t('none.title')}>
        {t('none.text', { key: 'Ctrl\u00a0K' })}
      </Empty>
    </section>
  );
}
