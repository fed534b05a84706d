import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { microphoneLevel } from './line.ts';
import classes from './MicrophoneLevel.module.css';

/** Ten times a second is enough for the eye, and does not keep React busy. */
export function MicrophoneLevel({ wide = false }: { wide?: boolean }) {
  const { t } = useTranslation('telephone');
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      if (bar.current) bar.current.style.transform = `scaleX(${microphoneLevel()})`;
    }, 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={classes.level} data-wide={wide} role="img" aria-label={t('level')}>
      <span className={classes.bar} ref={bar} />
    </span>
  );
}
