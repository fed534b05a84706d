import type { ReactNode } from 'react';
import classes from './Empty.module.css';
import { Icon, type IconName } from './Icon.tsx';

/** An empty place says what will come there. */
export function Empty({ icon, title, children }: { icon?: IconName; title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {icon && <Icon name={icon} size={26} />}
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.more}>{children}</div>}
    </div>
  );
}
