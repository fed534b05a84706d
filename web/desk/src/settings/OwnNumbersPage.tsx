import { Empty } from '@kernlijn/ui/Empty.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useLocale } from '../text/use-locale.ts';
import { Choice } from './Choice.tsx';
import { NumberForm } from './NumberForm.tsx';
import { numbersQuery, openingHoursQuery, promptsQuery, queueSettingsQuery } from './queries.ts';
import { ReadOnly } from './ReadOnly.tsx';
import classes from './SettingsPart.module.css';
import { SettingsPart } from './SettingsPart.tsx';

/** The telephone numbers of each client, and one of them open: what it says and asks, and where that leads. */
export function OwnNumbersPage() {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const read = useQuery(numbersQuery);
  const settings = useQuery(queueSettingsQuery);
  const hours = useQuery(openingHoursQuery);
  const prompts = useQuery(promptsQuery);
  const { permissions } = useMe();
  const search = useSearch({ strict: false });
  const all = read.data?.numbers ?? [];
  const open = all.find((each) => each.id === search['number']) ?? all[0];
  const mayEdit = permissions.includes('settings.edit');
  return (
    <SettingsPart title={t('ownNumbers.title')} queries={[read, settings, hours, prompts]}>
      <div className={classes.columns}>
        <Choice
          label={t('ownNumbers.title')}
          choose={t('ownNumbers.title')}
          to="/settings/own-numbers"
          param="number"
          open={open?.id}
          items={all.map((each) => ({
            id: each.id,
            clientIds: [each.clientId],
            name: `${each.name} · ${readable(each.address, locale)}`,
            note: t(each.flow === null ? 'ownNumbers.plain' : 'ownNumbers.steps', {
              count: each.flow?.steps.length ?? 0,
            }),
          }))}
        />
        <div>
          {!mayEdit && <ReadOnly>{t('readOnly')}</ReadOnly>}
          {open === undefined ? (
            <Empty icon="phone" title={t('ownNumbers.empty')}>
              <p>{t('ownNumbers.emptyText')}</p>
            </Empty>
          ) : (
            <NumberForm
              key={open.id}
              number={open}
              mayEdit={mayEdit}
              known={{
                queues: (settings.data?.queues ?? []).filter((queue) => queue.clientId === open.clientId),
                skills: settings.data?.skills ?? [],
                hours: (hours.data?.openingHours ?? []).filter((each) => each.clientId === open.clientId),
                prompts: (prompts.data?.prompts ?? []).filter(
                  ({ clientId }) => clientId === null || clientId === open.clientId,
                ),
              }}
            />
          )}
        </div>
      </div>
    </SettingsPart>
  );
}
