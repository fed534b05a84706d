import type { TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { Button } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import people from './People.module.css';
import { ReadOnly } from './ReadOnly.tsx';
import classes from './Telephony.module.css';
import { TrunkState } from './TrunkState.tsx';

/** The lines to the outside, in the order in which they are tried. Null: not for this reader. */
export function TrunkTable({
  trunks,
  installed,
}: {
  trunks: readonly TrunkSettings[] | null;
  /** The line of the installation's own settings, where no other is. */
  installed: TrunkSettings['state'];
}) {
  const { t } = useTranslation('settings');
  return (
    <section aria-labelledby="trunks">
      <div className={people.head}>
        <h1 className={people.title} id="trunks">
          {t('telephony.trunks.title')}
        </h1>
        {trunks !== null && (
          <Button
            renderRoot={(props) => <Link to="/settings/telephony" search={{ new: 1 }} {...props} />}
            leftSection={<Icon name="plus" size={14} />}
          >
            {t('telephony.trunks.new')}
          </Button>
        )}
      </div>
      <p className={classes.hint}>{t('telephony.trunks.hint')}</p>
      {trunks === null && <ReadOnly>{t('telephony.trunks.elsewhere')}</ReadOnly>}
      {trunks?.length === 0 && installed && (
        <p className={classes.hint}>
          {t('telephony.trunks.installed')} <TrunkState state={installed} />
        </p>
      )}
      {trunks?.length === 0 && !installed && (
        <Empty icon="phone" title={t('telephony.trunks.none')}>
          <p>{t('telephony.trunks.noneText')}</p>
        </Empty>
      )}
      {trunks !== null && trunks.length > 0 && (
        <div className={people.frame}>
          <table className={people.table}>
            <thead>
              <tr>
                <th scope="col">{t('telephony.field.name')}</th>
                <th scope="col">{t('telephony.trunks.address')}</th>
                <th scope="col" className={people.number}>
                  {t('telephony.trunks.order')}
                </th>
                <th scope="col">{t('telephony.trunks.state')}</th>
              </tr>
            </thead>
            <tbody>
              {trunks.map((trunk) => (
                <tr key={trunk.id}>
                  <th scope="row">
                    <Link to="/settings/telephony" search={{ trunk: trunk.id }}>
                      {trunk.name}
                    </Link>
                  </th>
                  <td translate="no">
                    {trunk.host}
                    {trunk.port === null ? '' : `:${trunk.port}`} ({t(`telephony.transport.${trunk.transport}`)})
                  </td>
                  <td className={people.number}>{trunk.priority}</td>
                  <td>
                    <TrunkState state={trunk.state} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
