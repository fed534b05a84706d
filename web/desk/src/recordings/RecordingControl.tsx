import type { ConversationCard } from '@kernlijn/contract/conversations';
import { pauseRecording, startRecording, stopRecording } from '@kernlijn/contract/recordings';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../conversations/use-act.ts';
import { useAction } from '../shell/actions.ts';
import { announce } from '../shell/announce.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { callRecordingsQuery } from './queries.ts';
import classes from './RecordingControl.module.css';

/** White reads on it in light and dark, at 5.7 : 1. */
const notice = '#b13c0a';

/** Whether this call is recorded, always in sight; and what the agent may do about it. */
export function RecordingControl({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('recordings');
  const recording = card.call?.recording ?? null;
  const live = card.call?.live === true;
  const rules = useQuery({
    ...callRecordingsQuery(card.id, `${recording?.id} ${recording?.state}`),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  }).data;
  const policy = rules?.policy ?? null;
  const at = { params: { conversationId: card.id } };
  const start = useAct(startRecording);
  const pause = useAct(pauseRecording);
  const stop = useAct(stopRecording);
  const paused = recording?.state === 'paused';
  const running = recording?.state === 'running';
  const mayStart =
    live && recording === null && policy !== null && policy.mode !== 'never' && rules?.objected === false;
  const mayPause = live && (running || paused) && policy?.agentMayPause === true;
  const mayStop = live && (running || paused) && (policy?.agentMayStop === true || policy?.mode === 'agent');
  const setPause = (reason: 'agent' | 'payment') => pause.mutate({ ...at, body: { paused: !paused, reason } });
  // One key for what one may do now.
  const toggle = () => (recording === null ? start.mutate(at) : setPause(recording.pausedFor ?? 'agent'));
  const payment = () => setPause('payment');
  useAction('record', toggle, mayStart || mayPause || (paused && recording.pausedFor === 'payment'));
  useAction('payment', payment, live && (running || paused));
  const forgotten = useForgotten(paused ? recording.since : null, policy?.remindSeconds ?? 60);
  if (recording === null && !mayStart) return null;

  return (
    <div className={classes.control} role="group" aria-label={t('control.label')}>
      <span className={classes.state} data-is={forgotten ? 'forgotten' : (recording?.state ?? 'off')}>
        <span className={classes.lamp} aria-hidden="true" />
        {/* Without the clock, which would be read out every second. */}
        <span role="status">{forgotten ? t('control.forgotten') : t(stateWords(recording))}</span>
        {recording?.startedAt && <Since at={paused ? recording.since : recording.startedAt} className={classes.time} />}
      </span>
      {mayStart && (
        <KeyTip label={t('control.start')} action="record">
          <Button variant="default" size="compact-sm" loading={start.isPending} onClick={toggle}>
            {t('control.start')}
          </Button>
        </KeyTip>
      )}
      {(mayPause || paused) && (
        <KeyTip label={t(paused ? 'control.resume' : 'control.pause')} action="record">
          <Button
            variant={paused ? 'filled' : 'default'}
            color={paused ? notice : 'gray'}
            size="compact-sm"
            aria-pressed={paused}
            loading={pause.isPending}
            leftSection={<Icon name={paused ? 'play' : 'pause'} size={13} />}
            onClick={toggle}
          >
            {t(paused ? 'control.resume' : 'control.pause')}
          </Button>
        </KeyTip>
      )}
      {running && (
        <KeyTip label={t('control.payment')} action="payment">
          <Button variant="default" size="compact-sm" loading={pause.isPending} onClick={payment}>
            {t('control.paymentShort')}
          </Button>
        </KeyTip>
      )}
      {recording !== null && (
        <Menu position="bottom-start">
          <Menu.Target>
            <ActionIcon variant="default" size={26} aria-label={t('control.more')}>
              <Icon name="down" size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {mayStop && (
              <Menu.Item onClick={() => stop.mutate({ ...at, body: { objection: false } })}>
                {t('control.stop')}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => stop.mutate({ ...at, body: { objection: true } })}>
              {t('control.object')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function stateWords(recording: NonNullable<ConversationCard['call']>['recording']) {
  if (recording === null) return 'control.off' as const;
  if (recording.state === 'paused')
    return recording.pausedFor === 'payment' ? ('control.pausedPayment' as const) : ('control.paused' as const);
  return recording.state === 'running' ? ('control.running' as const) : ('control.announcing' as const);
}

/** A pause that lasts too long is told of, once aloud and then in sight. */
function useForgotten(since: string | null, seconds: number): boolean {
  const { t } = useTranslation('recordings');
  const now = useNow(since !== null);
  const forgotten = since !== null && now - Date.parse(since) > seconds * 1_000;
  useEffect(() => {
    if (forgotten) announce(t('control.forgotten'), true);
  }, [forgotten, t]);
  return forgotten;
}
