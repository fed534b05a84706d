import { Icon } from '@kernlijn/ui/Icon.tsx';
import type { ReactNode } from 'react';
import classes from './SettingsPart.module.css';

/** Why the fields below do not move. */
export function ReadOnly({ children }: { children: ReactNode }) {
  return (
    <p className={classes.readOnly}>
      <Icon name="eye" size={14} />
      {children}
    </p>
  );
}
