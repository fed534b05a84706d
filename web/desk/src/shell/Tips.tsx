import { Kbd } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './Tips.module.css';

const hoverMs = 350;
const distance = 5;
const margin = 5;

/**
 * The one tip of the desk: at whatever control has `data-tip`, when the pointer rests on it or the keyboard reaches it.
 * A tip of its own for every control made each of them dearer than the control itself.
 */
export function Tips() {
  const [at, setAt] = useState<HTMLElement>();
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let under: HTMLElement | null = null;
    const hide = () => {
      clearTimeout(timer);
      setAt(undefined);
    };
    const over = ({ target, pointerType }: PointerEvent) => {
      const control = withTip(target);
      if (control === under) return;
      under = control;
      hide();
      if (control && pointerType !== 'touch') timer = setTimeout(() => setAt(control), hoverMs);
    };
    const focused = ({ target }: FocusEvent) => {
      const control = withTip(target);
      if (control?.matches(':focus-visible')) setAt(control);
    };
    const listen = { signal: stop.signal, passive: true };
    document.addEventListener('pointerover', over, listen);
    document.addEventListener('pointerdown', hide, listen);
    document.addEventListener('focusin', focused, listen);
    document.addEventListener('focusout', hide, listen);
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide(), listen);
    document.addEventListener('scroll', hide, { ...listen, capture: true });
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);
  return at && <Tip at={at} />;
}

function withTip(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
}

function Tip({ at }: { at: HTMLElement }) {
  const box = useRef<HTMLDivElement>(null);
  useNow(); // the words may count seconds, and the control may be gone
  useLayoutEffect(() => {
    at.setAttribute('aria-describedby', 'tip');
    return () => at.removeAttribute('aria-describedby');
  }, [at]);
  useLayoutEffect(() => {
    if (box.current) place(box.current, at.getBoundingClientRect());
  });
  const { tip, tipKey } = at.dataset;
  if (!at.isConnected || !tip) return null;
  return (
    <div ref={box} id="tip" role="tooltip" className={classes.tip}>
      {tip}
      {tipKey && <Kbd size="xs">{tipKey}</Kbd>}
    </div>
  );
}

/** Above the control, or below it where there is no room; never beyond the window. */
function place(box: HTMLElement, at: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = box;
  const middle = at.left + at.width / 2;
  const left = Math.max(margin, Math.min(middle - width / 2, innerWidth - width - margin));
  const below = at.top - height - distance < margin;
  box.dataset['below'] = String(below);
  box.style.left = `${left}px`;
  box.style.top = `${below ? at.bottom + distance : at.top - height - distance}px`;
  box.style.setProperty('--arrow', `${middle - left}px`);
}
