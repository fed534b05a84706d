import { useNow } from '@kernlijn/ui/clock.ts';
import { age } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import notice from '../shell/LiveNotice.module.css';
import { useLocale } from '../text/use-locale.ts';
import { recordingHealthQuery } from './queries.ts';

/** That recordings are not being stored, and what to do about it. */
export function HealthNotice() {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const { permissions } = useMe();
  const { data } = useQuery({ ...recordingHealthQuery, enabled: permissions.includes('recordings.govern') });
  const now = useNow(data?.trouble != null);
  if (data?.trouble == null) return null;
  const since = data.oldest ? age(now - Date.parse(data.oldest), locale) : '';
  return (
    <p className={notice.notice} role="alert">
      <Icon name="warning" />
      {t(`health.${data.trouble}`, { count: data.waiting, since })}
    </p>
  );
}
