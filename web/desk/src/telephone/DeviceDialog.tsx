import { Button, Modal, Select } from '@mantine/core';
import { chosenDevices, listDevices, type Device, type DeviceChoice } from '@kernlijn/ui/phone-devices.ts';
import { ring } from '@kernlijn/ui/ring-sound.ts';
import { useStore } from '@kernlijn/ui/store.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { closeDialog } from '../shell/dialog.ts';
import { notificationState, notify } from '../shell/notify.ts';
import classes from './DeviceDialog.module.css';
import { reconnectLine, useLineState } from './line.ts';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';

export function DeviceDialog() {
  const { t } = useTranslation(['telephone', 'shell']);
  const client = useQueryClient();
  const line = useLineState();
  const devices = useQuery({ queryKey: ['devices', line.is], queryFn: listDevices, staleTime: 0 }).data;
  const choice = useStore(chosenDevices);
  useEffect(() => {
    const again = () => void client.invalidateQueries({ queryKey: ['devices'] });
    navigator.mediaDevices?.addEventListener('devicechange', again);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', again);
  }, [client]);

  const picker = (name: keyof DeviceChoice, label: string, list: Device[]) => (
    <Select
      size="sm"
      label={label}
      allowDeselect={false}
      value={list.some((device) => device.id === choice[name]) ? choice[name] : ''}
      onChange={(id) => chosenDevices.set({ ...choice, [name]: id ?? '' })}
      data={[
        { value: '', label: t('devices.standard') },
        ...list.map((device, index) => ({
          value: device.id,
          label: device.label || t('devices.unnamed', { number: index + 1 }),
        })),
      ]}
    />
  );
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={t('devices.title')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <div className={classes.form}>
        <p className={classes.state} role="status">
          {line.is === 'no-microphone'
            ? t(`trouble.${line.trouble}`)
            : line.is === 'lost'
              ? t('status.lost', { seconds: 1 })
              : t(`status.${line.is}`)}
          <Button variant="default" size="compact-xs" onClick={reconnectLine}>
            {t('devices.again')}
          </Button>
        </p>
        {picker('microphone', t('devices.microphone'), devices?.microphones ?? [])}
        <div>
          <MicrophoneLevel wide />
          <p className={classes.hint}>{t('devices.speakHint')}</p>
        </div>
        {picker('speaker', t('devices.speaker'), devices?.speakers ?? [])}
        {picker('ring', t('devices.ring'), devices?.speakers ?? [])}
        <BellTest />
        <NotificationTest />
      </div>
    </Modal>
  );
}

function BellTest() {
  const { t } = useTranslation('telephone');
  const [ringing, setRinging] = useState(false);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const toggle = () => {
    if (ringing) stop.current?.abort();
    else {
      stop.current = new AbortController();
      ring(chosenDevices.get().ring, 0.8, stop.current.signal);
    }
    setRinging(!ringing);
  };
  return (
    <div>
      <Button variant="default" onClick={toggle}>
        {t(ringing ? 'devices.stop' : 'devices.test')}
      </Button>
    </div>
  );
}

/** A notification that never comes is noticed too late: it can be tried beforehand. */
function NotificationTest() {
  const { t } = useTranslation('telephone');
  const [state, setState] = useState(notificationState);
  const [shown, setShown] = useState<boolean>();
  const send = () => setShown(notify(t('devices.notificationTitle'), t('devices.notificationText'), 'kernlijn-test'));
  const press = () => {
    if (state !== 'not-asked') return send();
    void Notification.requestPermission().then(() => {
      setState(notificationState());
      send();
    });
  };
  return (
    <div>
      <Button variant="default" disabled={state === 'denied' || state === 'unsupported'} onClick={press}>
        {t('devices.notificationTest')}
      </Button>
      <p className={classes.hint} role="status">
        {state === 'denied' || state === 'unsupported'
          ? t(`devices.notification.${state}`)
          : shown === undefined
            ? t('devices.notificationHint')
            : t(shown ? 'devices.notificationSent' : 'devices.notificationOff')}
      </p>
    </div>
  );
}
