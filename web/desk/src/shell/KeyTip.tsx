import { useStore } from '@kernlijn/ui/store.ts';
import { cloneElement, type ReactElement } from 'react';
import { keyChoice, shown, type KeyAction } from './keys.ts';

/** A control with its name and its key, as the agent has set it; Tips shows them. */
export function KeyTip({
  label,
  action,
  children,
}: {
  label: string;
  action?: KeyAction;
  children: ReactElement<Tipped>;
}) {
  const key = useKeyOf(action);
  return cloneElement(children, tip(label, key));
}

interface Tipped {
  'data-tip'?: string;
  'data-tip-key'?: string | undefined;
}

/** Gives an element a tip. */
export const tip = (label: string, key?: string): Tipped => ({ 'data-tip': label, 'data-tip-key': key });

export function useKeyOf(action: KeyAction | undefined): string | undefined {
  const { map } = useStore(keyChoice);
  return action && shown(map[action]);
}
