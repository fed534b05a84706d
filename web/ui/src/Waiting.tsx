import classes from './Waiting.module.css';

/** Lines where text will stand: only for a place that has never had content. */
export function Waiting({ lines = 3, label }: { lines?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className={classes.waiting}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={classes.line} style={{ width: `${90 - ((line * 17) % 45)}%` }} />
      ))}
    </div>
  );
}
