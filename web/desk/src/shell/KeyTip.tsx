import { Kbd, Tooltip } from '@mantine/core';
import { useStore } from '@kernlijn/ui/store.ts';
import type { ReactElement } from 'react';
import { keyChoice, shown, type KeyAction } from './keys.ts';
import classes from './KeyTip.module.css';

/** A control with its name and its key, as the agent has set it. */
export function KeyTip({ label, action, children }: { label: string; action?: KeyAction; children: ReactElement }) {
  const key = useKeyOf(action);
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {label}
          {key && <Kbd size="xs">{key}</Kbd>}
        </span>
      }
    >
      {children}
    </Tooltip>
  );
}

export function useKeyOf(action: KeyAction | undefined): string | undefined {
  const { map } = useStore(keyChoice);
  return action && shown(map[action]);
}
