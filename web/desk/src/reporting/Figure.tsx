import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Figure.module.css';
import type { RowsFilter } from './queries.ts';

/** A number of the board; it opens its rows. Trouble is said in words, a mark and a colour. */
export function Figure({
  rows,
  label,
  alarm,
  zero = false,
  large = false,
  long = false,
  children,
}: {
  rows: RowsFilter;
  label: string;
  alarm?: string | undefined;
  zero?: boolean;
  large?: boolean;
  long?: boolean;
  children: ReactNode;
}) {
  return (
    <Link
      to="/board/rows"
      search={rows}
      className={large ? classes.large : classes.figure}
      data-alarm={alarm !== undefined}
      data-zero={zero}
      data-long={long}
      title={alarm}
    >
      <span className="spoken-only">{label}: </span>
      {alarm !== undefined && <Icon name="warning" size={large ? 26 : 14} />}
      <span className={classes.value}>{children}</span>
      {alarm !== undefined && <span className="spoken-only">, {alarm}</span>}
    </Link>
  );
}
