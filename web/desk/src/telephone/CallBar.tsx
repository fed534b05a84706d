import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { hangUp, holdCall, muteCall } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import bar from '../conversations/ActionBar.module.css';
import { conversationKey } from '../conversations/queries.ts';
import { useAct } from '../conversations/use-act.ts';
import { useRegistrationDraft } from '../conversations/use-registration-draft.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { HelpButton } from '../supervising/HelpButton.tsx';
import { useLocale } from '../text/use-locale.ts';
import { AskDialog } from './AskDialog.tsx';
import classes from './CallBar.module.css';
import { RecordingControl } from '../recordings/RecordingControl.tsx';
import { Keypad } from './Keypad.tsx';
import { LineMark, LineQuality } from './LineQuality.tsx';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import { ParkButton } from './ParkButton.tsx';
import { SecondLine, useNameOfGuest } from './SecondLine.tsx';

/** White reads on it in light and dark, at 5.7 : 1. */
const notice = '#b13c0a';

/** The state shown is that of the call itself, as the server says it; a press asks for a change. */
export function CallBar({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const detail = useQuery<ConversationDetail>({ queryKey: conversationKey(card.id), enabled: false }).data;
  const draft = useRegistrationDraft(card, detail);
  const [asking, setAsking] = useState(false);
  const at = { params: { conversationId: card.id } };
  const live = card.call?.live === true;
  // Called by us, and nobody is there yet.
  const rings = live && card.call?.phase !== 'up';
  const talks = live && !rings;
  const held = card.call?.held === true;
  const muted = card.call?.muted === true;
  const guest = card.call?.parties.find(({ kind }) => kind !== 'supervisor');
  const apart = card.call?.aside === true;
  const hold = useAct(holdCall);
  const mute = useAct(muteCall);
  const end = useAct(hangUp);
  const toggleHold = () => hold.mutate({ ...at, body: { held: !held } });
  const toggleMute = () => mute.mutate({ ...at, body: { muted: !muted } });
  const stop = () => end.mutate(at);
  const { armed, press } = useTwoPress(stop);
  // Nobody is cut off by it: once is enough.
  const endOrStop = rings ? stop : press;
  useAction('mute', toggleMute, live);
  useAction('hold', toggleHold, talks && !apart);
  useAction('end', endOrStop, live);
  useAction('transfer', () => setAsking(true), talks && !guest);

  return (
    <>
      <div className={bar.bar} role="group" aria-label={t('controls')}>
        <KeyTip label={t(muted ? 'unmute' : 'mute')} action="mute">
          <Button
            variant={muted ? 'filled' : 'default'}
            color={muted ? notice : 'gray'}
            aria-pressed={muted}
            disabled={!live}
            loading={mute.isPending}
            leftSection={<Icon name={muted ? 'mic-off' : 'mic'} size={14} />}
            onClick={toggleMute}
          >
            {t(muted ? 'unmute' : 'mute')}
          </Button>
        </KeyTip>
        {!apart && (
          <KeyTip label={t(held ? 'unhold' : 'hold')} action="hold">
            <Button
              variant={held ? 'filled' : 'default'}
              color={held ? notice : 'gray'}
              aria-pressed={held}
              disabled={!talks}
              loading={hold.isPending}
              leftSection={<Icon name={held ? 'play' : 'pause'} size={14} />}
              onClick={toggleHold}
            >
              {t(held ? 'unhold' : 'hold')}
            </Button>
          </KeyTip>
        )}
        <Keypad conversationId={card.id} enabled={talks && (!held || apart)} />
        {talks && !guest && (
          <>
            <KeyTip label={t('ask.title')} action="transfer">
              <Button variant="default" leftSection={<Icon name="forward" size={14} />} onClick={() => setAsking(true)}>
                {t('ask.open')}
              </Button>
            </KeyTip>
            <ParkButton card={card} />
          </>
        )}
        {live && <HelpButton conversationId={card.id} />}
        {live && <LineMark card={card} />}
        <CallState card={card} rings={rings} />
        <KeyTip label={t(rings ? 'calling.stop' : armed ? 'endHint' : 'end')} action="end">
          <Button
            className={bar.end}
            variant={armed ? 'filled' : 'light'}
            color="red"
            disabled={!live}
            loading={end.isPending}
            leftSection={<Icon name="phone-off" size={14} />}
            onClick={endOrStop}
          >
            {t(rings ? 'calling.stop' : armed ? 'endSure' : 'end')}
          </Button>
        </KeyTip>
        <RecordingControl card={card} />
      </div>
      {talks && guest && <SecondLine card={card} guest={guest} draft={draft} />}
      {asking && talks && !guest && <AskDialog card={card} draft={draft} close={() => setAsking(false)} />}
      {live && <LineQuality card={card} />}
    </>
  );
}

function CallState({ card, rings }: { card: ConversationCard; rings: boolean }) {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  const left = useLeftWords()(card);
  const { live = false, held = false, muted = false, aside = false, phase } = card.call ?? {};
  const number = readable(card.customerAddress, locale);
  const is = rings ? 'rings' : held && !aside ? 'held' : muted ? 'muted' : 'talking';
  return (
    <span className={classes.state} role="status" data-is={is}>
      {rings ? (
        t(phase === 'ringing' ? 'calling.ringing' : 'calling.dialling', { number })
      ) : held && !aside ? (
        t('held')
      ) : muted ? (
        t('muted')
      ) : live ? (
        <>
          <MicrophoneLevel />
          {left}
        </>
      ) : (
        t('over')
      )}
    </span>
  );
}

const reasons = ['declined', 'no-answer', 'busy', 'line-lost', 'hangup', 'unreachable'] as const;

/** Why the one who was asked in is not there, for as long as nobody else is. */
function useLeftWords(): (card: ConversationCard) => string {
  const { t } = useTranslation('telephone');
  const nameOf = useNameOfGuest();
  return ({ call }) => {
    const last = call?.lastGuest;
    if (!call || !last || call.parties.some(({ kind }) => kind !== 'supervisor')) return '';
    if (last.why === 'taken-back' || last.why === 'transferred') return '';
    const why = reasons.find((each) => each === (last.why === 'rejected' ? 'declined' : last.why)) ?? 'unreachable';
    return t(`guest.left.${why}`, { name: nameOf(last) });
  };
}
