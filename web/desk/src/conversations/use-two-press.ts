import { useEffect, useState } from 'react';

const armedMs = 3_000;

/** Ending takes two presses; the second must come soon. */
export function useTwoPress(run: () => void): { armed: boolean; press: () => void } {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), armedMs);
    return () => clearTimeout(timer);
  }, [armed]);
  const press = () => {
    if (armed) run();
    setArmed(!armed);
  };
  return { armed, press };
}
