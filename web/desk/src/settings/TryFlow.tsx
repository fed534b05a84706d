import { Button, SegmentedControl } from '@mantine/core';
import { menuKeys } from '@kernlijn/contract/menu';
import { newMenu, walk, type MenuAction, type MenuEvent, type MenuState } from '@kernlijn/contract/menu-walk';
import { dayOf, isOpen } from '@kernlijn/contract/opening-hours';
import { useNow } from '@kernlijn/ui/clock.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import type { FlowThings } from './flow-known.ts';
import flow from './Flow.module.css';
import { faultsOf, mayBeSaved, type NumberDraft } from './number-draft.ts';
import { PlayPrompt } from './PlayPrompt.tsx';
import { usePromptName } from './prompt-words.ts';
import used from './UsedBy.module.css';

type Door = 'now' | 'open' | 'closed' | 'holiday';
interface Tried {
  state: MenuState;
  lines: Line[];
}
type Line = { is: 'did'; what: string } | { is: 'hears'; prompts: string[] } | { is: 'out'; action: MenuAction };

/** Walks the flow as it stands in the form, key by key, with the same steps that a call takes. */
export function TryFlow({ draft, known }: { draft: NumberDraft; known: FlowThings }) {
  const { t } = useTranslation('settings');
  const now = useNow();
  const [door, setDoor] = useState<Door>('now');
  const [tried, setTried] = useState<Tried | null>(null);
  const [of, setOf] = useState(draft);
  // What was tried is of the flow as it was then.
  if (of !== draft) {
    setOf(draft);
    if (of.flow !== draft.flow || of.language !== draft.language) setTried(null);
  }
  if (draft.flow === null) return <HoursNow known={known} now={now} />;
  const { flow: steps, queueId, language } = draft;
  const ready = mayBeSaved(faultsOf(draft));
  const world = {
    queueId,
    hours: (id: string) => {
      const hours = known.hours.find((each) => each.id === id);
      if (door !== 'now') return door;
      if (hours === undefined) return null;
      const at = new Date(now);
      return isOpen(hours, at) ? 'open' : dayOf(hours, at).exception === null ? 'closed' : 'holiday';
    },
  } as const;
  const happen = (event: MenuEvent, what: string, from: Tried | null) => {
    const before = event.is === 'begin' ? newMenu(language) : (from?.state ?? newMenu(language));
    const { state, actions } = walk(steps, before, event, world);
    const lines: Line[] = actions.flatMap((action): Line[] =>
      action.do === 'play'
        ? [{ is: 'hears', prompts: action.prompts }]
        : action.do === 'exit'
          ? [{ is: 'out', action }]
          : [],
    );
    setTried({ state, lines: [...(event.is === 'begin' ? [] : (from?.lines ?? [])), { is: 'did', what }, ...lines] });
  };
  const over = tried === null || tried.state.at.is === 'over';
  return (
    <>
      <section className={used.used} aria-labelledby="try-title">
        <h2 className={used.title} id="try-title">
          {t('try.title')}
        </h2>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('try.door')}
          value={door}
          onChange={(value) =>
            setDoor((['now', 'open', 'closed', 'holiday'] as const).find((each) => each === value) ?? 'now')
          }
          data={(['now', 'open', 'closed', 'holiday'] as const).map((value) => ({
            value,
            label: t(`try.doors.${value}`),
          }))}
        />
        <ol className={flow.tried} aria-live="polite" aria-label={t('try.heard')}>
          {(tried?.lines ?? []).map((line, n) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines are only added
            <TriedLine key={n} line={line} known={known} />
          ))}
        </ol>
        <div className={flow.pad} role="group" aria-label={t('try.keys')}>
          {menuKeys.map((key) => (
            <Button
              key={key}
              variant="default"
              size="compact-md"
              disabled={over}
              onClick={() => happen({ is: 'key', key }, t('try.pressed', { key }), tried)}
            >
              {key}
            </Button>
          ))}
        </div>
        <div className={flow.adds}>
          <Button
            variant="light"
            size="compact-sm"
            disabled={!ready}
            onClick={() => happen({ is: 'begin' }, t('try.rang'), null)}
          >
            {t(tried === null ? 'try.call' : 'try.again')}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            disabled={over}
            onClick={() =>
              happen({ is: tried?.state.at.is === 'listening' ? 'time' : 'played' }, t('try.nothing'), tried)
            }
          >
            {t('try.wait')}
          </Button>
        </div>
        {!ready && <p className={used.none}>{t('try.faulty')}</p>}
      </section>
      <HoursNow known={known} now={now} />
    </>
  );
}

function TriedLine({ line, known }: { line: Line; known: FlowThings }) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const nameOf = useNameOf();
  const promptName = usePromptName();
  const queueName = (id: string) => {
    const queue = known.queues.find((each) => each.id === id);
    return queue ? nameOf(queue.name) : '–';
  };
  if (line.is === 'did') return <li className={flow.did}>{line.what}</li>;
  if (line.is === 'hears')
    return (
      <li className={flow.hears}>
        {line.prompts.map((prompt, n) => {
          const name = promptName(known.prompts.find((each) => each.prompt === prompt));
          return (
            // oxlint-disable-next-line react/no-array-index-key -- the same prompt may be heard twice
            <span key={n} className={flow.heard}>
              <PlayPrompt prompt={prompt} name={name} />
              {name}
            </span>
          );
        })}
      </li>
    );
  if (line.action.do !== 'exit') return null;
  const { exit } = line.action;
  return (
    <li className={flow.out}>
      {exit.to === 'queue' && t('try.out.queue', { queue: queueName(exit.queueId) })}
      {exit.to === 'voicemail' && t('try.out.voicemail', { queue: queueName(exit.queueId) })}
      {exit.to === 'outside' && t('try.out.outside', { number: readable(exit.number, locale) })}
      {exit.to === 'hang-up' && t('try.out.hang-up')}
    </li>
  );
}

function HoursNow({ known, now }: { known: FlowThings; now: number }) {
  const { t } = useTranslation('settings');
  const at = new Date(now);
  return (
    <section className={used.used} aria-labelledby="hours-now">
      <h2 className={used.title} id="hours-now">
        {t('try.hours')}
      </h2>
      {known.hours.length === 0 && <p className={used.none}>{t('try.noHours')}</p>}
      <ul className={used.points}>
        {known.hours.map((each) => {
          const { spans, exception } = dayOf(each, at);
          return (
            <li key={each.id} className={used.point}>
              <span>{each.name}</span>
              <span className={used.address}>
                {exception ? `${exception}: ` : ''}
                {spans.length === 0 ? t('hours.closed') : spans.map(([from, to]) => `${from}–${to}`).join(', ')}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
