import { Skeleton } from '@mantine/core';

/** Lines where text will stand: only for a place that has never had content. */
export function Waiting({ lines = 3, label }: { lines?: number; label: string }) {
  return (
    <div role="status" aria-label={label} style={{ padding: 12, display: 'grid', gap: 10 }}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={12} width={`${90 - ((line * 17) % 45)}%`} />
      ))}
    </div>
  );
}
