import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { QueueSettings } from '@kernlijn/contract/routing';
import { Button, TextInput } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { useNameOf } from '../text/use-locale.ts';
import { ExceptionFields } from './ExceptionFields.tsx';
import { faultless, previewOf } from './hours-draft.ts';
import { HoursPreview } from './HoursPreview.tsx';
import { Section } from './Section.tsx';
import { FormFoot } from './FormFoot.tsx';
import classes from './SettingsForm.module.css';
import used from './UsedBy.module.css';
import { useHoursForm } from './use-hours-form.ts';
import { WeekFields } from './WeekFields.tsx';

/** One set of opening hours; what they come to stands beside them while they are typed. */
export function HoursForm({
  hours,
  clientId,
  timezone,
  queues,
  mayEdit,
}: {
  hours: OpeningHoursSettings | null;
  clientId: string;
  timezone: string;
  /** That open by these hours. */
  queues: readonly QueueSettings[];
  mayEdit: boolean;
}) {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const tell = (message: string) => {
    say(message);
    announce(message);
  };
  const form = useHoursForm(
    hours,
    { id: clientId, timezone },
    {
      saved: (saved) => {
        tell(t('hours.saved', { name: saved.name }));
        if (hours === null) void navigate({ to: '/settings/hours', search: { hours: saved.id }, replace: true });
      },
      removed: () => {
        tell(t('hours.removed', { name: hours?.name ?? '' }));
        void navigate({ to: '/settings/hours', replace: true });
      },
    },
  );
  const { draft, change, faults } = form;
  const shown = useMemo(() => previewOf(draft), [draft]);
  const title = hours === null ? t('hours.new') : hours.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={title}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {form.changed && <span className={classes.unsaved}>{t('unsaved')}</span>}
      </div>
      <div className={classes.columns}>
        <fieldset className={classes.fields} disabled={!mayEdit}>
          <Section title={t('hours.section.name')}>
            <TextInput
              label={t('hours.name')}
              value={draft.name}
              maxLength={80}
              error={faults.name ? t('hours.wrong.name') : form.nameTaken ? t('hours.wrong.taken') : undefined}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          </Section>
          <Section title={t('hours.section.week')} wide>
            <WeekFields
              periods={draft.periods}
              faults={faults.byKey}
              mayEdit={mayEdit}
              onChange={(periods) => change({ periods })}
            />
          </Section>
          <Section title={t('hours.section.exceptions')} hint={t('hours.hint.exceptions')} wide>
            <ExceptionFields
              exceptions={draft.exceptions}
              faults={faults.byKey}
              mayEdit={mayEdit}
              onChange={(exceptions) => change({ exceptions })}
            />
          </Section>
        </fieldset>
        <div className={classes.aside}>
          <HoursPreview hours={shown} changed={form.changed} />
          <HoursUsedBy queues={queues} />
        </div>
      </div>
      {mayEdit && (
        <FormFoot
          changed={form.changed}
          busy={form.busy}
          faulty={!faultless(faults)}
          error={form.error}
          discard={hours === null ? undefined : form.discard}
          conflict={
            form.conflict && (
              <Trouble retry={form.discard} retryLabel={t('hours.takeTheirs')}>
                {t('hours.conflict')}
              </Trouble>
            )
          }
        >
          {hours !== null && <Remove used={queues.length > 0} busy={form.busy} remove={form.remove} />}
        </FormFoot>
      )}
    </form>
  );
}

function Remove({ used: inUse, busy, remove }: { used: boolean; busy: boolean; remove: () => void }) {
  const { t } = useTranslation('settings');
  const { armed, press } = useTwoPress(remove);
  return (
    <Button
      variant="subtle"
      color="red"
      disabled={inUse || busy}
      title={inUse ? t('hours.inUse') : undefined}
      onClick={press}
    >
      {armed ? t('hours.removeAgain') : t('hours.remove')}
    </Button>
  );
}

function HoursUsedBy({ queues }: { queues: readonly QueueSettings[] }) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  return (
    <section className={used.used} aria-labelledby="hours-used">
      <h2 className={used.title} id="hours-used">
        {t('usedBy.title')}
      </h2>
      {queues.length === 0 && <p className={used.none}>{t('hours.unused')}</p>}
      <ul className={used.points}>
        {queues.map((queue) => (
          <li key={queue.id} className={used.point}>
            <Link to="/settings" search={{ queue: queue.id }}>
              {nameOf(queue.name)}
            </Link>
            <span className={used.address}>{queue.contactPoints.map((point) => point.name).join(', ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
