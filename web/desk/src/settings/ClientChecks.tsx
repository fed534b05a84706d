import { Checkbox } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import classes from './People.module.css';

/** For which of one's own clients somebody works. */
export function ClientChecks({
  chosen,
  disabled = false,
  error,
  onChange,
}: {
  chosen: string[];
  disabled?: boolean;
  error: string | undefined;
  onChange: (clientIds: string[]) => void;
}) {
  const { t } = useTranslation('settings');
  const { clients } = useMe();
  return (
    <Checkbox.Group size="xs" label={t('people.clients')} value={chosen} onChange={onChange} error={error}>
      <div className={classes.clients}>
        {clients.map((client) => (
          <Checkbox
            key={client.id}
            size="xs"
            value={client.id}
            disabled={disabled}
            label={<ClientBadge name={client.name} colour={client.colour} quiet />}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
