import type { LineStep } from '@kernlijn/contract/line-quality';

const bars: Record<LineStep, number> = { good: 3, fair: 2, bad: 1 };

/** Three bars, of which the filled ones count: the words beside it say the same. */
export function LineBars({ step, size = 15 }: { step: LineStep; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 15 15" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      {[0, 1, 2].map((at) => (
        <rect
          key={at}
          x={1.5 + at * 4.5}
          y={9.5 - at * 4}
          width={3}
          height={4 + at * 4}
          rx={0.75}
          fill={at < bars[step] ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth={0.9}
        />
      ))}
    </svg>
  );
}
