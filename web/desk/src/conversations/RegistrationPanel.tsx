import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { Button, Textarea } from '@mantine/core';
import { serverNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useTrouble } from '../text/trouble.ts';
import { CodePicker } from './CodePicker.tsx';
import { typeRegistration, type RegistrationFieldsDraft } from './drafts.ts';
import { FollowUp } from './FollowUp.tsx';
import { missingOf, stepOf } from './registration.ts';
import classes from './RegistrationPanel.module.css';
import { RegistrationState } from './RegistrationState.tsx';
import { useRegister } from './use-register.ts';
import { useRegistrationDraft } from './use-registration-draft.ts';
import { WrapUpClock } from './WrapUpClock.tsx';

const hasNumber = (detail: ConversationDetail, card: ConversationCard): boolean =>
  (card.channel === 'call' && card.customerAddress.startsWith('+')) ||
  (detail.screenPop.kind === 'known' &&
    detail.screenPop.dossier.customer.identifiers.some(({ kind }) => kind === 'phone'));

/** Always in sight, so that it can be filled while talking; one key closes it when it is complete. */
export function RegistrationPanel({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const words = useTrouble();
  const draft = useRegistrationDraft(card, detail);
  const change = (part: RegistrationFieldsDraft) => typeRegistration(card.id, { ...draft, ...part });
  const reason = useRef<HTMLInputElement>(null);
  const outcome = useRef<HTMLInputElement>(null);
  const summary = useRef<HTMLTextAreaElement>(null);
  const [asked, setAsked] = useState(false);
  const missing = missingOf(draft, serverNow());
  const step = stepOf(card);
  const { register, skip, busy, error } = useRegister(card, draft);

  const toFirstGap = () =>
    (missing.includes('reason') ? reason : missing.includes('outcome') ? outcome : summary).current?.focus();
  useAction('register', toFirstGap);
  const submit = () => {
    setAsked(true);
    if (missing.length > 0) toFirstGap();
    else if (step !== 'after-call' && !busy) register();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };
  // One primary action at a time: answering comes before registering.
  const primary = card.state === 'wrap-up' || (step !== 'after-call' && card.lastMessageFrom === 'agent');
  const skippable = detail.wrapUp.mode === 'optional' && card.state === 'wrap-up';

  return (
    <section
      className={classes.panel}
      data-wrap-up={card.state === 'wrap-up'}
      aria-labelledby="registration-title"
      onKeyDownCapture={press}
    >
      <div className={classes.top}>
        <h3 className={classes.title} id="registration-title">
          {t('register.label')}
        </h3>
        <RegistrationState conversationId={card.id} missing={missing} step={step} asked={asked} />
        {card.state === 'wrap-up' && <WrapUpClock detail={detail} card={card} />}
      </div>
      <div className={classes.fields}>
        <CodePicker
          ref={reason}
          label={t('register.reason')}
          codes={detail.reasons}
          value={draft.reasonId}
          missing={asked && missing.includes('reason')}
          onPick={(reasonId) => change({ reasonId })}
          onDone={() => outcome.current?.focus()}
        />
        <CodePicker
          ref={outcome}
          label={t('register.outcome')}
          codes={detail.outcomes}
          value={draft.outcomeId}
          missing={asked && missing.includes('outcome')}
          onPick={(outcomeId) => change({ outcomeId })}
          onDone={() => summary.current?.focus()}
        />
        <Textarea
          ref={summary}
          className={classes.summary}
          label={t('register.summary')}
          placeholder={t('register.summaryHint')}
          autosize
          minRows={card.channel === 'call' ? 4 : 1}
          maxRows={card.channel === 'call' ? 10 : 6}
          value={draft.summary ?? ''}
          onChange={(event) => change({ summary: event.currentTarget.value })}
        />
      </div>
      {error && <Trouble>{words(error)}</Trouble>}
      <div className={classes.foot}>
        <FollowUp draft={draft} wrong={missing.includes('time')} callable={hasNumber(detail, card)} change={change} />
        <span className={classes.buttons}>
          {skippable && (
            <KeyTip label={t('register.skipHint')}>
              <Button variant="default" disabled={busy} onClick={skip}>
                {t('register.skip')}
              </Button>
            </KeyTip>
          )}
          <KeyTip label="Ctrl ⏎">
            <Button
              variant={primary ? 'filled' : 'light'}
              loading={busy}
              aria-disabled={step === 'after-call'}
              leftSection={<Icon name="check" size={14} />}
              onClick={submit}
            >
              {t(step === 'end-and-register' ? 'register.submitAndEnd' : 'register.submit')}
            </Button>
          </KeyTip>
        </span>
      </div>
    </section>
  );
}
