import { SegmentedControl } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WorkColumn } from '../conversations/WorkColumn.tsx';
import classes from './DeskPage.module.css';
import { useOpenId } from './use-open.ts';

const places = ['work', 'conversation', 'customer'] as const;
type Place = (typeof places)[number];

/** Three columns that never change places; on a phone one of them at a time. */
export function DeskPage() {
  const { t } = useTranslation('shell');
  const open = useOpenId();
  const [place, setPlace] = useState<Place>(open ? 'conversation' : 'work');
  useEffect(() => {
    if (open) setPlace('conversation');
  }, [open]);
  return (
    <main className={classes.desk} data-place={place}>
      <h1 className={classes.title}>{t('nav.work')}</h1>
      <WorkColumn />
      <Outlet />
      <div className={classes.switch}>
        <SegmentedControl
          fullWidth
          size="sm"
          aria-label={t('nav.label')}
          value={place}
          onChange={(chosen) => setPlace(places.find((other) => other === chosen) ?? 'work')}
          data={places.map((value) => ({ value, label: t(`nav.${value}`) }))}
        />
      </div>
    </main>
  );
}
