import type { CustomerFields } from '@kernlijn/contract/customers';
import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import classes from './CustomerForm.module.css';

type Identifiers = CustomerFields['identifiers'];
const kinds = ['phone', 'email', 'handle'] as const;
const most = 20;

export function IdentifierFields({
  identifiers,
  wrong,
  change,
}: {
  identifiers: Identifiers;
  wrong: number[];
  change: (next: Identifiers) => void;
}) {
  const { t } = useTranslation('customers');
  const put = (at: number, part: Partial<Identifiers[number]>) =>
    change(identifiers.map((other, index) => (index === at ? { ...other, ...part } : other)));
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t('field.identifiers')}</legend>
      {identifiers.map((identifier, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line being typed has no other name
        <div key={index} className={classes.identifier}>
          <Select
            aria-label={t('field.identifierKind')}
            allowDeselect={false}
            value={identifier.kind}
            onChange={(kind) => put(index, { kind: kinds.find((one) => one === kind) ?? 'phone' })}
            data={kinds.map((value) => ({ value, label: t(`identifier.${value}`) }))}
          />
          <TextInput
            aria-label={t('field.identifierValue')}
            type={identifier.kind === 'phone' ? 'tel' : identifier.kind === 'email' ? 'email' : 'text'}
            value={identifier.value}
            error={wrong.includes(index) && t('invalid.identifier')}
            onChange={(event) => put(index, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={t('field.removeIdentifier', { value: identifier.value })}
            onClick={() => change(identifiers.filter((_, other) => other !== index))}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </div>
      ))}
      {identifiers.length < most && (
        <div>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<Icon name="plus" size={13} />}
            onClick={() => change([...identifiers, { kind: 'phone', value: '' }])}
          >
            {t('field.addIdentifier')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
