import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useTranslation } from 'react-i18next';
import { CustomerEmpty } from '../customers/CustomerEmpty.tsx';
import { useKeyOf } from '../shell/KeyTip.tsx';
import classes from './Columns.module.css';
import { useSections } from './use-work.ts';

export function NothingOpen() {
  const { t } = useTranslation('conversations');
  const { mine, unfinished, parked, ringing } = useSections();
  const some = mine.length + unfinished.length + parked.length + ringing.length > 0;
  const sheet = useKeyOf('sheet');
  return (
    <>
      <section
        className={classes.conversation}
        id="main"
        tabIndex={-1}
        data-column="conversation"
        aria-label={t('view.label')}
      >
        <div className={classes.middle}>
          <Empty icon="work" title={some ? t('empty.title') : t('empty.idle')}>
            <p>{t('empty.text', { key: 'Ctrl\u00a0K', sheet })}</p>
          </Empty>
        </div>
      </section>
      <CustomerEmpty />
    </>
  );
}
