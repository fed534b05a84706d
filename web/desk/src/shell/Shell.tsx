import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { MeContext, meQuery, useMe } from '../access/queries.ts';
import { OfferBell } from '../conversations/OfferBell.tsx';
import { AskedBell } from '../telephone/AskedBell.tsx';
import { useLiveDesk } from '../live/live-desk.tsx';
import { HelpNotices } from '../supervising/HelpNotices.tsx';
import { SupervisingNotice } from '../supervising/SupervisingNotice.tsx';
import { useLine, useLineWanted } from '../telephone/line.ts';
import { TelephoneNotice } from '../telephone/TelephoneNotice.tsx';
import { DeskActions } from './DeskActions.tsx';
import { Dialogs } from './Dialogs.tsx';
import { openDialog } from './dialog.ts';
import { Header } from './Header.tsx';
import { LiveNotice } from './LiveNotice.tsx';
import classes from './Shell.module.css';
import { Spoken } from './Spoken.tsx';
import { Tips } from './Tips.tsx';
import { useArrivals } from './use-arrivals.ts';
import { useAutoPauseNotice } from '../agents/use-auto-pause-notice.ts';
import { useKeys } from './use-keys.ts';

/** What surrounds every screen once somebody is signed in, and what runs as long as he is. */
export function Shell() {
  // The router has read it already.
  const me = useSuspenseQuery(meQuery).data;
  return (
    <MeContext value={me}>
      <SignedIn />
    </MeContext>
  );
}

function SignedIn() {
  const { t } = useTranslation('shell');
  const me = useMe();
  const handles = me.isAgent && me.permissions.includes('work.handle');
  useLiveDesk(useArrivals());
  useAutoPauseNotice();
  const hasLine = useLineWanted() || handles;
  useLine(hasLine);
  useKeys(useCallback(() => openDialog('command'), []));

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('skip')}
      </a>
      <Header />
      <section className={classes.notices} aria-label={t('notices')}>
        <LiveNotice />
        {hasLine && <TelephoneNotice />}
        {me.permissions.includes('work.handle') && <SupervisingNotice />}
        {me.permissions.includes('work.supervise') && <HelpNotices />}
      </section>
      <div className={classes.body}>
        <Outlet />
      </div>
      <DeskActions />
      {handles && <OfferBell />}
      {handles && <AskedBell />}
      <Dialogs />
      <Spoken />
      <Tips />
    </div>
  );
}
