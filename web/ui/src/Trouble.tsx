import { Button } from '@mantine/core';
import classes from './Trouble.module.css';
import { Icon } from './Icon.tsx';

/** What went wrong, in place, with the way on. */
export function Trouble({
  children,
  retry,
  retryLabel,
}: {
  children: string;
  retry?: () => void;
  retryLabel?: string;
}) {
  return (
    <div className={classes.trouble} role="alert">
      <Icon name="warning" />
      <span className={classes.words}>{children}</span>
      {retry && (
        <Button variant="default" onClick={retry}>
          {retryLabel}
        </Button>
      )}
    </div>
  );
}
