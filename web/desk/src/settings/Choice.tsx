import { Select } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useMe } from '../access/queries.ts';
import classes from './SettingsPart.module.css';

export interface Chosen {
  id: string;
  clientIds: readonly string[];
  name: string;
  note?: string | undefined;
}

interface Props {
  label: string;
  /** On a narrow screen the list is a field with this label. */
  choose: string;
  to: '/settings' | '/settings/hours' | '/settings/own-numbers' | '/settings/recordings';
  /** What stands in the address. */
  param: string;
  open: string | undefined;
  items: readonly Chosen[];
  /** Below the heading of a client. */
  Below?: ComponentType<{ clientId: string }> | undefined;
}

/** What there is to set, client by client. */
export function Choice({ label, choose, to, param, open, items, Below }: Props) {
  const { clients } = useMe();
  const navigate = useNavigate();
  const groups = clients
    .map((client) => ({ client, own: items.filter((item) => item.clientIds.includes(client.id)) }))
    .filter(({ own }) => own.length > 0 || Below !== undefined);
  return (
    <>
      <nav className={classes.list} aria-label={label}>
        {groups.map(({ client, own }) => (
          <section key={client.id}>
            <h2 className={classes.client}>
              <ClientBadge name={client.name} colour={client.colour} quiet />
            </h2>
            <ul className={classes.queues}>
              {own.map((item) => (
                <li key={item.id}>
                  <Link
                    to={to}
                    search={{ [param]: item.id }}
                    className={classes.queue}
                    aria-current={item.id === open ? 'page' : undefined}
                    activeProps={{}}
                  >
                    {item.name}
                    {item.note && <span className={classes.note}>{item.note}</span>}
                  </Link>
                </li>
              ))}
            </ul>
            {Below && <Below clientId={client.id} />}
          </section>
        ))}
      </nav>
      <div className={classes.phone}>
        <Select
          size="sm"
          label={choose}
          allowDeselect={false}
          value={open ?? null}
          onChange={(id) => id && void navigate({ to, search: { [param]: id } })}
          data={groups.map(({ client, own }) => ({
            group: client.name,
            items: own.map((item) => ({ value: item.id, label: item.name })),
          }))}
        />
        {Below &&
          groups.map(({ client }) => (
            <div key={client.id} className={classes.below}>
              <ClientBadge name={client.name} colour={client.colour} quiet />
              <Below clientId={client.id} />
            </div>
          ))}
      </div>
    </>
  );
}
