import { useEffect } from 'react';

/** On a wall there is nobody to press anything: the bar at the top goes away (see BoardPage.module.css) and type grows. */
export function useWall(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    document.documentElement.dataset['wall'] = '';
    return () => {
      delete document.documentElement.dataset['wall'];
    };
  }, [on]);
}
