import { useRouter } from '@tanstack/react-router';
import { useCallback, type MouseEvent } from 'react';

/** For plain links where there are many: followed within the page, unless the agent asks for a tab or window of its own. */
export function useFollow(): (event: MouseEvent<HTMLAnchorElement>) => void {
  const { history } = useRouter();
  return useCallback(
    (event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.push(event.currentTarget.pathname);
    },
    [history],
  );
}
