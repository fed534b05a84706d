import type { Address } from '@kernlijn/contract/customers';
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './CustomerForm.module.css';
import { emptyAddress } from './fields.ts';

export function AddressFields({
  address,
  wrong,
  change,
}: {
  address: Address | null;
  wrong: boolean;
  change: (next: Address) => void;
}) {
  const { t } = useTranslation('customers');
  const present: Address = address ?? emptyAddress;
  const text = (name: 'street' | 'suffix' | 'postcode' | 'city') => ({
    label: t(`field.${name}`),
    value: present[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      change({ ...present, [name]: event.currentTarget.value }),
  });
  const number = (value: string) => {
    const digits = value.replace(/\D/g, '').slice(0, 5);
    change({ ...present, houseNumber: digits === '' ? null : Number(digits) });
  };
  return (
    <fieldset className={classes.group}>
      <legend className="spoken-only">{t('field.address')}</legend>
      <div className={classes.street}>
        <TextInput {...text('street')} />
        <TextInput
          label={t('field.houseNumber')}
          inputMode="numeric"
          value={present.houseNumber ?? ''}
          onChange={(event) => number(event.currentTarget.value)}
        />
        <TextInput {...text('suffix')} />
      </div>
      <div className={classes.place}>
        <TextInput {...text('postcode')} error={wrong && t('invalid.postcode')} />
        <TextInput {...text('city')} />
        <TextInput
          label={t('field.country')}
          maxLength={2}
          value={present.country}
          onChange={(event) => change({ ...present, country: event.currentTarget.value.toUpperCase() })}
        />
      </div>
    </fieldset>
  );
}
