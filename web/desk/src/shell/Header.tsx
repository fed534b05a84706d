import { Kbd, UnstyledButton } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { StateSelector } from '../agents/StateSelector.tsx';
import { useLineWanted } from '../telephone/line.ts';
import { DialButton } from '../telephone/DialButton.tsx';
import { TelephoneStatus } from '../telephone/TelephoneStatus.tsx';
import mark from '../mark.svg';
import { openDialog } from './dialog.ts';
import classes from './Header.module.css';
import { LiveStatus } from './LiveStatus.tsx';
import { useOpenClient } from './use-open.ts';
import { UserMenu } from './UserMenu.tsx';

export const Header = memo(function Header() {
  const { t } = useTranslation('shell');
  const me = useMe();
  const hasLine = useLineWanted();
  const may = (permission: (typeof me.permissions)[number]) => me.permissions.includes(permission);
  return (
    <ForClient>
      <Link to="/" className={classes.brand} aria-label={t('product')}>
        <img src={mark} alt="" width={22} height={22} />
        <span className={classes.name}>{t('product')}</span>
      </Link>
      <nav className={classes.nav} aria-label={t('nav.label')}>
        {may('work.handle') && <Place to="/desk" label={t('nav.work')} />}
        {may('board.view') && <Place to="/board" label={t('nav.board')} />}
        {may('recordings.listen') && may('board.view') && (
          <span className={classes.wide}>
            <Place to="/recordings" label={t('nav.recordings')} />
          </span>
        )}
        {may('settings.view') && <Place to="/settings" label={t('nav.settings')} />}
      </nav>
      <OpenClient />
      <UnstyledButton className={classes.command} onClick={() => openDialog('command')}>
        <Icon name="search" size={15} />
        <span className={classes.commandWords}>{t('command.open')}</span>
        <Kbd size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <div className={classes.right}>
        {me.isAgent && <StateSelector />}
        <DialButton />
        {(me.isAgent || hasLine) && <TelephoneStatus />}
        <LiveStatus />
        <UserMenu />
      </div>
    </ForClient>
  );
});

/** In the colour of whom the agent speaks for; what stands in it is not drawn again when that changes. */
function ForClient({ children }: { children: ReactNode }) {
  return (
    <header className={classes.header} style={{ borderTopColor: useOpenClient()?.colour ?? 'transparent' }}>
      {children}
    </header>
  );
}

function OpenClient() {
  const client = useOpenClient();
  return <div className={classes.client}>{client && <ClientBadge name={client.name} colour={client.colour} />}</div>;
}

function Place({ to, label }: { to: '/desk' | '/board' | '/recordings' | '/settings'; label: string }) {
  return (
    <Link to={to} className={classes.place} activeProps={{ className: classes.here, 'aria-current': 'page' }}>
      {label}
    </Link>
  );
}
