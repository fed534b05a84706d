import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import classes from './VirtualTable.module.css';

interface Props<Row> {
  caption: string;
  /** `<th>` elements. */
  head: ReactNode;
  columns: number;
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** `<td>` elements. */
  renderCells: (row: Row) => ReactNode;
  /** What scrolls: the table's own ancestor. */
  scroller: RefObject<HTMLElement | null>;
  rowHeight?: number;
  /** The last rows are in sight: time for the next page. */
  onNearEnd?: (() => void) | undefined;
}

/** A real table of any length: rows out of sight are two tall empty ones, so that it reads as a table to everyone. */
export function VirtualTable<Row>({
  caption,
  head,
  columns,
  rows,
  keyOf,
  renderCells,
  scroller,
  rowHeight = 37,
  onNearEnd,
}: Props<Row>) {
  const table = useRef<HTMLTableElement>(null);
  const margin =
    table.current && scroller.current
      ? table.current.getBoundingClientRect().top -
        scroller.current.getBoundingClientRect().top +
        scroller.current.scrollTop
      : 0;
  // oxlint-disable-next-line react/incompatible-library -- its rows are drawn here and handed to nobody that remembers them
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    getScrollElement: () => scroller.current,
    scrollMargin: margin,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const above = first ? first.start - margin : 0;
  const below = last ? virtual.getTotalSize() + margin - last.end : 0;
  const nearEnd = last !== undefined && last.index >= rows.length - 1;
  useEffect(() => {
    if (nearEnd) onNearEnd?.();
  }, [nearEnd, onNearEnd]);

  return (
    <table className={classes.table} ref={table} aria-rowcount={rows.length + 1}>
      <caption className="spoken-only">{caption}</caption>
      <thead>
        <tr aria-rowindex={1}>{head}</tr>
      </thead>
      <tbody>
        <Gap columns={columns} height={above} />
        {items.map(({ index, key }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <tr key={key} data-index={index} ref={virtual.measureElement} aria-rowindex={index + 2}>
                {renderCells(row)}
              </tr>
            )
          );
        })}
        <Gap columns={columns} height={below} />
      </tbody>
    </table>
  );
}

function Gap({ columns, height }: { columns: number; height: number }) {
  if (height < 1) return null;
  return (
    <tr aria-hidden className={classes.gap}>
      <td colSpan={columns} style={{ height }}>
        {' '}
      </td>
    </tr>
  );
}
