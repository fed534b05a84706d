import { SegmentedControl } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConversationPage } from '../conversations/ConversationPage.tsx';
import { WorkColumn } from '../conversations/WorkColumn.tsx';
import classes from './DeskPage.module.css';
import { useOpenId } from './use-open.ts';

const places = ['work', 'conversation', 'customer'] as const;
type Place = (typeof places)[number];

const Work = memo(WorkColumn);

/** Three columns that never change places; on a phone one of them at a time. */
export function DeskPage() {
  const { t } = useTranslation('shell');
  const open = useOpenId();
  // Opening another conversation shows it, whatever was shown before.
  const [choice, setChoice] = useState<{ place: Place; open: string | undefined }>({ place: 'work', open: undefined });
  const place = open && choice.open !== open ? 'conversation' : choice.place;
  return (
    <main className={classes.desk} data-place={place}>
      <h1 className={classes.title}>{t('nav.work')}</h1>
      <Work />
      {/* Not the router's to draw: a dossier that pops up is on the screen before its address is. */}
      {open === undefined ? <Outlet /> : <ConversationPage conversationId={open} />}
      <div className={classes.switch}>
        <SegmentedControl
          fullWidth
          size="sm"
          aria-label={t('nav.label')}
          value={place}
          onChange={(chosen) => setChoice({ place: places.find((other) => other === chosen) ?? 'work', open })}
          data={places.map((value) => ({ value, label: t(`nav.${value}`) }))}
        />
      </div>
    </main>
  );
}
