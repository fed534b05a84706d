import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DeskPhones } from './DeskPhones.tsx';
import people from './People.module.css';
import { staffQuery, telephonyQuery } from './queries.ts';
import { ReadOnly } from './ReadOnly.tsx';
import { SettingsPart } from './SettingsPart.tsx';
import classes from './Telephony.module.css';
import { TrunkForm } from './TrunkForm.tsx';
import { TrunkTable } from './TrunkTable.tsx';

/** The lines to the outside with how they fare, and the telephones on people's desks; or one line, open to be changed. */
export function TelephonyPage() {
  const { t } = useTranslation('settings');
  const read = useQuery(telephonyQuery);
  const staff = useQuery(staffQuery);
  const search = useSearch({ strict: false });
  const trunks = read.data?.trunks ?? null;
  const open = trunks?.find(({ id }) => id === search['trunk']);
  const isNew = trunks !== null && search['new'] !== undefined;
  return (
    <SettingsPart title={t('telephony.title')} queries={[read, staff]}>
      {(open ?? isNew) ? (
        <>
          <Link to="/settings/telephony" className={people.back}>
            <Icon name="left" size={16} />
            {t('telephony.title')}
          </Link>
          <TrunkForm key={open?.id ?? 'new'} trunk={open ?? null} />
        </>
      ) : (
        <div className={classes.parts}>
          {read.data?.connected === false && <ReadOnly>{t('telephony.disconnected')}</ReadOnly>}
          <TrunkTable trunks={trunks} installed={read.data?.installed ?? null} />
          <DeskPhones phones={read.data?.phones ?? []} people={staff.data?.people ?? []} />
        </div>
      )}
    </SettingsPart>
  );
}
