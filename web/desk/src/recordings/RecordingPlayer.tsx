import type { RecordingDetail } from '@kernlijn/contract/recordings';
import { Button, Select } from '@mantine/core';
import { duration } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import classes from './RecordingPlayer.module.css';
import { Marks } from './Marks.tsx';
import { speeds, usePlayer } from './use-player.ts';
import { Waveform } from './Waveform.tsx';

const step = 10_000;

export function RecordingPlayer({ recording }: { recording: RecordingDetail }) {
  const { t } = useTranslation('recordings');
  const { attach, ...player } = usePlayer(recording);
  const { position, playing } = player;
  return (
    <div className={classes.player} role="group" aria-label={t('player.label')}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a call has no captions; who said what is heard per side */}
      <audio ref={attach} preload="none" />
      <Waveform recording={recording} player={player} />
      <div className={classes.controls}>
        <Button
          variant="filled"
          size="compact-sm"
          loading={player.busy}
          leftSection={<Icon name={playing ? 'pause' : 'play'} size={14} />}
          onClick={player.toggle}
        >
          {t(playing ? 'player.pause' : 'player.play')}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('player.back')}
          onClick={() => player.seek(position - step)}
        >
          −10 s
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('player.on')}
          onClick={() => player.seek(position + step)}
        >
          +10 s
        </Button>
        <span className={classes.time}>
          {duration(position)} / {duration(recording.milliseconds ?? 0)}
        </span>
        <Select
          className={classes.speed}
          size="xs"
          aria-label={t('player.speed')}
          allowDeselect={false}
          value={String(player.speed)}
          onChange={(chosen) => chosen && player.setSpeed(Number(chosen))}
          data={speeds.map((speed) => ({ value: String(speed), label: `${String(speed).replace('.', ',')}×` }))}
        />
        <span className={classes.logged}>{t('player.logged')}</span>
      </div>
      <Marks marks={recording.marks} length={recording.milliseconds ?? 0} seek={player.seek} />
    </div>
  );
}
