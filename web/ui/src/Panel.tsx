import { useState, type ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import classes from './Panel.module.css';

/** A part of a column that can be folded; it stays folded as long as the page is open. */
export function Panel({
  name,
  title,
  count,
  aside,
  folded = false,
  children,
}: {
  name: string;
  title: string;
  count?: number;
  aside?: ReactNode;
  folded?: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(() => remembered.get(name) ?? !folded);
  const id = `panel-${name}`;
  const toggle = () => {
    remembered.set(name, !open);
    setOpen(!open);
  };
  return (
    <section className={classes.panel} aria-labelledby={`${id}-title`}>
      <div className={classes.head}>
        <h3 className={classes.title} id={`${id}-title`}>
          <button type="button" className={classes.fold} aria-expanded={open} aria-controls={id} onClick={toggle}>
            <Icon name={open ? 'down' : 'right'} size={14} />
            <span>{title}</span>
            {count !== undefined && <span className={classes.count}>{count}</span>}
          </button>
        </h3>
        {aside}
      </div>
      <div id={id} hidden={!open} className={classes.body}>
        {open && children}
      </div>
    </section>
  );
}

const remembered = new Map<string, boolean>();
