import type { CustomerFields } from '@kernlijn/contract/customers';
import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AddressFields } from './AddressFields.tsx';
import classes from './CustomerForm.module.css';
import type { Wrong } from './fields.ts';
import { IdentifierFields } from './IdentifierFields.tsx';
import { useLanguageName } from './language-name.ts';

const titles = ['mr', 'mrs', 'mx'] as const;
const languages = ['nl', 'en', 'de', 'fr', 'tr', 'ar', 'pl', 'es'];

export function CustomerForm({
  fields,
  wrong,
  change,
}: {
  fields: CustomerFields;
  wrong: Wrong | undefined;
  change: (part: Partial<CustomerFields>) => void;
}) {
  const { t } = useTranslation('customers');
  const languageName = useLanguageName();
  const business = fields.kind === 'business';
  const text = (name: 'givenName' | 'prefix' | 'familyName' | 'company' | 'reference') => ({
    label: t(`field.${name}`),
    value: fields[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
  const nameError = wrong?.name && t('invalid.name');
  return (
    <div className={classes.form}>
      <SegmentedControl
        size="xs"
        aria-label={t('field.kind')}
        value={fields.kind}
        onChange={(kind) => change({ kind: kind === 'business' ? 'business' : 'person' })}
        data={[
          { value: 'person', label: t('kind.person') },
          { value: 'business', label: t('kind.business') },
        ]}
      />
      {business && <TextInput {...text('company')} error={nameError} />}
      <div className={classes.name}>
        <Select
          label={t('field.title')}
          value={fields.title ?? ''}
          allowDeselect={false}
          onChange={(title) => change({ title: titles.find((one) => one === title) ?? null })}
          data={[
            { value: '', label: t('titleNone') },
            ...titles.map((value) => ({ value, label: t(`title.${value}`) })),
          ]}
        />
        <TextInput {...text('givenName')} />
      </div>
      <div className={classes.name}>
        <TextInput {...text('prefix')} />
        <TextInput {...text('familyName')} error={!business && nameError} />
      </div>
      <IdentifierFields
        identifiers={fields.identifiers}
        wrong={wrong?.identifiers ?? []}
        change={(identifiers) => change({ identifiers })}
      />
      <AddressFields
        address={fields.address}
        wrong={wrong?.postcode ?? false}
        change={(address) => change({ address })}
      />
      <div className={classes.two}>
        <Select
          label={t('field.language')}
          value={fields.language}
          allowDeselect={false}
          onChange={(language) => language && change({ language })}
          data={[...new Set([fields.language, ...languages])].map((value) => ({ value, label: languageName(value) }))}
        />
        <TextInput {...text('reference')} />
      </div>
    </div>
  );
}
