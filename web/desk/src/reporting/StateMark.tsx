import type { AgentState } from '@kernlijn/contract/agents';
import classes from './StateMark.module.css';

/** The form differs as well as the colour. */
export function StateMark({ state }: { state: AgentState }) {
  return <span className={classes.mark} data-state={state} aria-hidden />;
}
