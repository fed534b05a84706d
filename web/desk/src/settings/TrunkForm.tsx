import type { TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { Button, Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { FormFoot } from './FormFoot.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsForm.module.css';
import type { TrunkField } from './trunk-draft.ts';
import { TrunkState } from './TrunkState.tsx';
import { useTrunkForm } from './use-trunk-form.ts';

const transports = ['udp', 'tcp', 'tls'] as const;
const formats = ['plus', 'digits', 'national'] as const;
const policies = ['off', 'offered', 'required'] as const;

/** One line to the outside, or a new one. */
export function TrunkForm({ trunk }: { trunk: TrunkSettings | null }) {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const tell = (message: string) => {
    say(message);
    announce(message);
  };
  const form = useTrunkForm(trunk, {
    saved: (saved) => {
      tell(t('telephony.saved', { name: saved.name }));
      if (trunk === null) void navigate({ to: '/settings/telephony', search: { trunk: saved.id }, replace: true });
    },
    removed: () => {
      tell(t('telephony.removed', { name: trunk?.name ?? '' }));
      void navigate({ to: '/settings/telephony', replace: true });
    },
  });
  const removal = useTwoPress(form.remove);
  const { draft, change } = form;
  const title = trunk?.name ?? t('telephony.trunks.new');
  const fault = (field: TrunkField) => (form.faults.includes(field) ? t(`telephony.wrong.${field}`) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={title}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {trunk && <TrunkState state={trunk.state} />}
        {form.changed && <span className={classes.unsaved}>{t('unsaved')}</span>}
      </div>
      <div className={classes.fields}>
        <Section title={t('telephony.section.where')}>
          <TextInput
            label={t('telephony.field.name')}
            value={draft.name}
            maxLength={80}
            error={fault('name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <NumberInput
            label={t('telephony.field.priority')}
            description={t('telephony.fieldHint.priority')}
            inputWrapperOrder={order}
            value={draft.priority ?? ''}
            min={1}
            max={100}
            clampBehavior="none"
            allowDecimal={false}
            error={fault('priority')}
            onChange={(value) => change({ priority: typeof value === 'number' ? value : null })}
          />
          <TextInput
            label={t('telephony.field.host')}
            description={t('telephony.fieldHint.host')}
            inputWrapperOrder={order}
            value={draft.host}
            maxLength={255}
            autoComplete="off"
            spellCheck={false}
            error={fault('host')}
            onChange={(event) => change({ host: event.currentTarget.value })}
          />
          <NumberInput
            label={t('telephony.field.port')}
            description={t('telephony.fieldHint.port')}
            inputWrapperOrder={order}
            value={draft.port ?? ''}
            hideControls
            clampBehavior="none"
            allowDecimal={false}
            error={fault('port')}
            onChange={(value) => change({ port: typeof value === 'number' ? value : null })}
          />
          <Select
            label={t('telephony.field.transport')}
            allowDeselect={false}
            value={draft.transport}
            onChange={(chosen) => change({ transport: transports.find((one) => one === chosen) ?? 'udp' })}
            data={transports.map((value) => ({ value, label: t(`telephony.transport.${value}`) }))}
          />
        </Section>
        <Section title={t('telephony.section.account')}>
          <TextInput
            label={t('telephony.field.user')}
            description={t('telephony.fieldHint.user')}
            inputWrapperOrder={order}
            value={draft.user}
            maxLength={120}
            autoComplete="off"
            spellCheck={false}
            error={fault('user')}
            onChange={(event) => change({ user: event.currentTarget.value })}
          />
          <PasswordInput
            label={t('telephony.field.password')}
            description={trunk?.hasPassword ? t('telephony.fieldHint.passwordKept') : undefined}
            inputWrapperOrder={order}
            value={draft.password}
            maxLength={200}
            autoComplete="new-password"
            error={fault('password')}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          <Checkbox
            label={t('telephony.field.registers')}
            description={t('telephony.fieldHint.registers')}
            checked={draft.registers}
            onChange={(event) => change({ registers: event.currentTarget.checked })}
          />
        </Section>
        <Section title={t('telephony.section.numbers')}>
          <Select
            label={t('telephony.field.numberFormat')}
            allowDeselect={false}
            value={draft.numberFormat}
            onChange={(chosen) => change({ numberFormat: formats.find((one) => one === chosen) ?? 'plus' })}
            data={formats.map((value) => ({ value, label: t(`telephony.format.${value}`) }))}
          />
          <TextInput
            label={t('telephony.field.country')}
            description={t('telephony.fieldHint.country')}
            inputWrapperOrder={order}
            inputMode="numeric"
            value={draft.country}
            maxLength={3}
            error={fault('country')}
            onChange={(event) => change({ country: event.currentTarget.value })}
          />
        </Section>
        <Section title={t('telephony.section.security')}>
          <Textarea
            label={t('telephony.field.allow')}
            description={t('telephony.fieldHint.allow')}
            inputWrapperOrder={order}
            value={draft.allow}
            rows={3}
            spellCheck={false}
            error={fault('allow')}
            onChange={(event) => change({ allow: event.currentTarget.value })}
          />
          <Select
            label={t('telephony.field.srtp')}
            allowDeselect={false}
            value={draft.srtp}
            onChange={(chosen) => change({ srtp: policies.find((one) => one === chosen) ?? 'off' })}
            data={policies.map((value) => ({ value, label: t(`telephony.srtp.${value}`) }))}
          />
        </Section>
      </div>
      <FormFoot
        changed={form.changed}
        busy={form.busy}
        faulty={form.faults.length > 0}
        error={form.error}
        discard={form.discard}
        conflict={form.isConflict && <Trouble>{t('telephony.conflict')}</Trouble>}
      >
        {trunk && (
          <Button variant="default" color="red" loading={form.busy} onClick={removal.press}>
            {removal.armed ? t('telephony.removeAgain') : t('telephony.remove')}
          </Button>
        )}
      </FormFoot>
    </form>
  );
}

const order: ('label' | 'input' | 'error' | 'description')[] = ['label', 'input', 'error', 'description'];
