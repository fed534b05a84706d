import type { RecordingDetail } from '@kernlijn/contract/recordings';
import { duration } from '@kernlijn/ui/format.ts';
import { useMemo, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Player } from './use-player.ts';
import { gainOf, outline, stretchesOf, type Stretch } from './waveform.ts';
import classes from './Waveform.module.css';

/** In milliseconds, by key. */
const steps: Record<string, number> = {
  ArrowLeft: -5_000,
  ArrowRight: 5_000,
  ArrowDown: -5_000,
  ArrowUp: 5_000,
  PageDown: -30_000,
  PageUp: 30_000,
};

/** Both sides of the conversation as they sound, and where one is in it: a slider that is drawn on. */
export function Waveform({ recording, player }: { recording: RecordingDetail; player: Omit<Player, 'attach'> }) {
  const { t } = useTranslation('recordings');
  const { peaks } = recording;
  const length = Math.max(1, recording.milliseconds ?? 0);
  const lanes = useMemo(() => {
    const gain = gainOf(peaks?.channels ?? []);
    return peaks?.channels.map((channel) => outline(channel, peaks, gain)) ?? [];
  }, [peaks]);
  const stretches = useMemo(() => stretchesOf(recording), [recording]);
  const { position } = player;
  const within = stretches.filter(({ from, to }) => position >= from && position < to);
  const said = [
    t('player.at', { position: duration(position), length: duration(length) }),
    ...within.map(({ kind }) => t(`stretch.${kind}`)),
  ].join(', ');
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) player.seek(position + step);
    else if (event.key === 'Home') player.seek(0);
    else if (event.key === 'End') player.seek(length);
    else if (event.key === ' ' || event.key === 'Enter') player.toggle();
    else return;
    event.preventDefault();
  };
  const point = (event: PointerEvent<HTMLElement>) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    player.seek(((event.clientX - left) / width) * length);
  };
  return (
    <div className={classes.frame}>
      <ul className={classes.sides} aria-hidden="true">
        <li data-side="customer">{t('player.customer')}</li>
        <li data-side="agent">{t('player.agent')}</li>
      </ul>
      <div
        className={classes.wave}
        role="slider"
        tabIndex={0}
        aria-label={t('player.position')}
        aria-valuemin={0}
        aria-valuemax={Math.round(length / 1_000)}
        aria-valuenow={Math.round(position / 1_000)}
        aria-valuetext={said}
        onKeyDown={press}
        onPointerDown={point}
        onPointerMove={point}
      >
        <svg viewBox={`0 0 ${length} 4`} preserveAspectRatio="none" aria-hidden="true">
          {stretches.map((stretch) => (
            <Shade key={`${stretch.kind} ${stretch.from}`} stretch={stretch} />
          ))}
          {lanes.map((path, n) => (
            <g
              key={n === 0 ? 'customer' : 'agent'}
              transform={`translate(0 ${n * 2 + 1})`}
              data-side={n === 0 ? 'customer' : 'agent'}
            >
              <path d={path} />
            </g>
          ))}
        </svg>
        {stretches.map(({ kind, from, to }) => (
          <span
            key={`${kind} ${from}`}
            className={classes.word}
            style={{ left: `${(from / length) * 100}%`, width: `${((to - from) / length) * 100}%` }}
            aria-hidden="true"
          >
            {t(`stretch.${kind}`)}
          </span>
        ))}
        <span className={classes.head} style={{ left: `${(position / length) * 100}%` }} />
      </div>
    </div>
  );
}

function Shade({ stretch: { kind, from, to } }: { stretch: Stretch }) {
  return <rect className={classes.shade} data-is={kind} x={from} y={0} width={to - from} height={4} />;
}
