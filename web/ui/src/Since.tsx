import { useNow } from './clock.ts';
import { duration } from './format.ts';

/** Time that runs up from a moment on the server's clock. */
export function Since({ at, className }: { at: string; className?: string | undefined }) {
  const now = useNow();
  return (
    <time className={className} dateTime={at}>
      {duration(now - Date.parse(at))}
    </time>
  );
}

/** Time that runs down to a moment on the server's clock. */
export function Until({ at, className }: { at: string; className?: string | undefined }) {
  const now = useNow();
  return (
    <time className={className} dateTime={at}>
      {duration(Date.parse(at) - now + 999)}
    </time>
  );
}
