import { useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Where each conversation was left, so that switching brings it back there. */
const places = new Map<string, number>();
const nearPx = 60;

export function useStickyScroll(name: string, count: number) {
  const area = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(false);

  const jump = useCallback(() => {
    const element = area.current;
    if (element) element.scrollTop = element.scrollHeight;
    setBehind(false);
  }, []);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const kept = places.get(name);
    element.scrollTop = kept ?? element.scrollHeight;
    // Frames with mail grow after they are drawn; somebody at the end stays there.
    const watch = new ResizeObserver(() => {
      if (atEnd.current && !places.has(name)) element.scrollTop = element.scrollHeight;
    });
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, [name]);

  const before = useRef(count);
  useLayoutEffect(() => {
    if (count > before.current) {
      if (atEnd.current) jump();
      else setBehind(true);
    }
    before.current = count;
  }, [count, jump]);

  const onScroll = () => {
    const element = area.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    if (atEnd.current) {
      places.delete(name);
      setBehind(false);
    } else places.set(name, element.scrollTop);
  };
  return { area, onScroll, behind, jump };
}
