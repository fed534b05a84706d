import { Popover, UnstyledButton } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Formula.module.css';
import { formulaParts, percent, serviceNorm } from './figures.ts';

/** A number is trusted when one can see how it came about: the formula by name, version and in words. */
export function Formula({ formula, inTime, offered }: { formula: string; inTime: number; offered: number }) {
  const { t } = useTranslation('reporting');
  const [open, setOpen] = useState(false);
  const escape = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
  const { name, version } = formulaParts(formula);
  return (
    <Popover width={330} position="bottom" withArrow opened={open} onChange={setOpen}>
      <Popover.Target>
        <UnstyledButton className={classes.ask} onClick={() => setOpen(!open)} onKeyDown={escape}>
          {t('formula.ask')}
          <Icon name="down" size={13} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.words}>
        <p className={classes.name}>{t('formula.name', { name, version })}</p>
        <p>{formula === 'answered-in-time/offered@2' ? t('formula.answeredInTime') : t('formula.unknown')}</p>
        <p className={classes.now}>
          {t('formula.now', { inTime, offered })} · {t('formula.norm', { norm: percent(serviceNorm) })}
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
