import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import classes from './SettingsTabs.module.css';

export function SettingsTabs() {
  const { t } = useTranslation(['settings', 'recordings', 'supervising']);
  const { permissions } = useMe();
  const here = { className: classes.here, 'aria-current': 'page' as const };
  return (
    <nav className={classes.tabs} aria-label={t('parts')}>
      {permissions.includes('settings.view') && (
        <>
          <Link
            to="/settings"
            className={classes.tab}
            activeProps={here}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t('queues')}
          </Link>
          <Link to="/settings/hours" className={classes.tab} activeProps={here}>
            {t('hours.title')}
          </Link>
          <Link to="/settings/own-numbers" className={classes.tab} activeProps={here}>
            {t('ownNumbers.title')}
          </Link>
          <Link to="/settings/prompts" className={classes.tab} activeProps={here}>
            {t('prompts.title')}
          </Link>
          <Link to="/settings/people" className={classes.tab} activeProps={here}>
            {t('people.title')}
          </Link>
          <Link to="/settings/supervising" className={classes.tab} activeProps={here}>
            {t('supervising:policy.title')}
          </Link>
          <Link to="/settings/recordings" className={classes.tab} activeProps={here}>
            {t('recordings:settings.title')}
          </Link>
          <Link to="/settings/numbers" className={classes.tab} activeProps={here}>
            {t('numbers.title')}
          </Link>
        </>
      )}
      {permissions.includes('telephony.edit') && (
        <Link to="/settings/telephony" className={classes.tab} activeProps={here}>
          {t('telephony.title')}
        </Link>
      )}
      {permissions.includes('audit.view') && (
        <Link to="/audit" className={classes.tab} activeProps={here}>
          {t('audit')}
        </Link>
      )}
    </nav>
  );
}
