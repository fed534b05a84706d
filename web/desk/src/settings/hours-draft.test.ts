import { describe, expect, it } from 'vitest';
import { asClock } from '../text/as-typed.ts';
import {
  draftOf,
  emptyDraft,
  faultless,
  faultsOf,
  hoursOf,
  newException,
  newPeriod,
  previewOf,
  sameHours,
} from './hours-draft.ts';

const hours = {
  name: 'Kantoor',
  timezone: 'Europe/Amsterdam',
  periods: [{ weekday: 1, from: '09:00', to: '17:00' }],
  exceptions: [{ date: '2026-12-25', name: 'Eerste kerstdag', from: null, to: null }],
};

describe('a draft of opening hours', () => {
  it('that is as it was says the same, in whatever order its lines stand', () => {
    const draft = draftOf(hours);
    expect(hoursOf(draft)).toEqual(hours);
    const evening = newPeriod(1, '18:00', '20:00');
    expect(
      sameHours({ ...draft, periods: [evening, ...draft.periods] }, { ...draft, periods: [...draft.periods, evening] }),
    ).toBe(true);
  });

  it('reads times as people type them', () => {
    expect(['9', '9:30', '0930', '9.30', '24:00', '17:5', '25', '24:30', 'negen'].map(asClock)).toEqual([
      '09:00',
      '09:30',
      '09:30',
      '09:30',
      '24:00',
      null,
      null,
      null,
      null,
    ]);
  });

  it('has its faults at the lines that have them, and the others show in the preview', () => {
    const draft = draftOf(hours);
    const wrong = newPeriod(2, '17', '9');
    const half = newPeriod(3, '9', '');
    const undated = newException('', 'Ooit');
    const typed = {
      ...draft,
      name: ' ',
      periods: [...draft.periods, wrong, half],
      exceptions: [...draft.exceptions, undated],
    };
    const faults = faultsOf(typed);
    expect(faults).toEqual({ name: true, byKey: { [wrong.key]: 'order', [half.key]: 'time', [undated.key]: 'date' } });
    expect(faultless(faults)).toBe(false);
    expect(previewOf(typed)).toEqual({
      timezone: hours.timezone,
      periods: hours.periods,
      exceptions: hours.exceptions,
    });
  });

  it('begins with office hours', () => {
    expect(faultless(faultsOf({ ...emptyDraft('Europe/Amsterdam'), name: 'Nieuw' }))).toBe(true);
  });
});
