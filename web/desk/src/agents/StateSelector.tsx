import type { AgentStatus, ChosenState } from '@kernlijn/contract/agents';
import { Menu, UnstyledButton } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';
import type { OwnState } from './queries.ts';
import classes from './StateSelector.module.css';
import { useChooseState } from './use-choose-state.ts';
import { useOwnState } from './use-own-state.ts';

export function StateSelector() {
  const { t } = useTranslation('agents');
  const own = useOwnState();
  const choose = useChooseState();
  const words = useStateWords(own);
  if (!own) return <span className={classes.button} aria-hidden />;
  const { status, pauseReasons } = own;
  // While work is in hand, a choice becomes the next state.
  const later = status.state === 'busy' || status.state === 'wrap-up';
  const at = (state: ChosenState, reason?: string) =>
    later
      ? status.nextState === state && (state !== 'paused' || status.nextPauseReason === reason)
      : status.state === state && (state !== 'paused' || status.pauseReason === reason);

  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button} data-state={status.state}>
          <span className="spoken-only">{t('label')}:</span>
          <span className={classes.mark} />
          <span className={classes.words}>{words.state}</span>
          <Timer status={status} />
          {words.next && <span className={classes.next}>{words.next}</span>}
          <Icon name="down" size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{later ? t('after') : t('now')}</Menu.Label>
        <Choice state="ready" on={at('ready')} label={t('become.ready')} choose={() => choose('ready')} />
        {pauseReasons.map((reason) => (
          <PauseChoice
            key={reason.code}
            reason={reason}
            on={at('paused', reason.code)}
            choose={() => choose('paused', reason.code)}
          />
        ))}
        <Choice state="offline" on={at('offline')} label={t('become.offline')} choose={() => choose('offline')} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ state, on, label, choose }: { state: ChosenState; on: boolean; label: string; choose: () => void }) {
  return (
    <Menu.RadioItem
      value={label}
      checked={on}
      closeMenuOnClick
      onChange={choose}
      rightSection={<span className={classes.mark} data-state={state} />}
    >
      {label}
    </Menu.RadioItem>
  );
}

function PauseChoice({
  reason,
  on,
  choose,
}: {
  reason: OwnState['pauseReasons'][number];
  on: boolean;
  choose: () => void;
}) {
  const { t } = useTranslation('agents');
  const nameOf = useNameOf();
  return <Choice state="paused" on={on} label={`${t('become.paused')}: ${nameOf(reason.name)}`} choose={choose} />;
}

function Timer({ status }: { status: AgentStatus }) {
  const now = useNow();
  return (
    <time className={classes.timer} dateTime={status.since}>
      {duration(now - Date.parse(status.since))}
    </time>
  );
}

function useStateWords(own: OwnState | undefined): { state: string; next: string | undefined } {
  const { t } = useTranslation('agents');
  const nameOf = useNameOf();
  if (!own) return { state: '', next: undefined };
  const reason = (code: string | null) => {
    const known = own.pauseReasons.find((other) => other.code === code);
    return known ? nameOf(known.name) : t('become.paused');
  };
  const { status } = own;
  const state =
    status.state === 'paused' && status.pauseReason ? reason(status.pauseReason) : t(`state.${status.state}`);
  // Ready after this contact is what happens anyway.
  if (!status.nextState || status.nextState === 'ready') return { state, next: undefined };
  return { state, next: t(`next.${status.nextState}`, { reason: reason(status.nextPauseReason) }) };
}
