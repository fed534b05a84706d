import { describe, expect, test } from 'vitest';
import { NoSuchLeg } from './media.ts';
import { until } from './phone.fixture.ts';
import type { Phone } from './phone.fixture.ts';
import { Stage, steps } from './stage.fixture.ts';

describe('a bridge of two', () => {
  test.each([
    ['PCMA', 'PCMU'],
    ['PCMA', 'PCMA'],
    ['PCMU', 'G722'],
    ['G722', 'PCMA'],
    ['G722', 'G722'],
  ] as const)('carries speech both ways between %s and %s', async (one, two) => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a', one);
    const b = await stage.caller('b', two);
    a.phone.speak(600);
    b.phone.speak(1100);
    media.play('a', { prompts: ['low'], loop: true });
    media.bridge('x', ['a', 'b']);
    await a.phone.untilHears(1100);
    await b.phone.untilHears(600);
    expect([media.bridgeOf('a'), media.bridgeOf('b')]).toEqual(['x', 'x']);
  });

  test('gives silence in place of a muted leg, and lets it be heard again', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    a.phone.speak(600);
    b.phone.speak(1100);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    media.mute('a', true);
    await b.phone.untilSilence();
    expect(a.phone.hears(1100)).toBeGreaterThan(0.6);
    expect(media.isMuted('a')).toBe(true);
    media.mute('a', false);
    await b.phone.untilHears(600);
    expect(steps(b.phone.heard).every((step) => step.sequence === 1)).toBe(true);
  });

  test('gives silence when the other says nothing, leaves or ends', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    a.phone.speak(600);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    a.phone.hush();
    await b.phone.untilSilence();
    a.phone.speak(600);
    await b.phone.untilHears(600);
    media.unbridge('a');
    await b.phone.untilSilence();
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    media.close('a');
    await b.phone.untilSilence();
    expect(media.bridgeOf('a')).toBeNull();
  });

  test('passes key presses as telephone-events and tells of each once', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a', 'PCMU');
    const b = await stage.caller('b');
    const told: string[] = [];
    media.on('dtmf', ({ legId, digit }) => told.push(`${legId}${digit}`));
    a.phone.speak(600);
    b.phone.speak(0);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    a.phone.press('42#2');
    await until(() => b.phone.digits.length === 4, 'four digits');
    expect(b.phone.digits.join('')).toBe('42#2');
    expect(told.join(' ')).toBe('a4 a2 a# a2');
    await b.phone.untilHears(600);
    expect(steps(b.phone.heard).every((step) => step.sequence === 1 && step.timestamp >= 0)).toBe(true);
  });

  test('moves a leg from another bridge, and lets go of who is not named', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    const c = await stage.caller('c');
    a.phone.speak(600);
    b.phone.speak(1100);
    c.phone.speak(1700);
    media.bridge('x', ['a', 'b']);
    await a.phone.untilHears(1100);
    media.bridge('y', ['a', 'c']);
    await a.phone.untilHears(1700);
    await b.phone.untilSilence();
    expect(media.bridgeOf('b')).toBe('x');
    media.bridge('y', ['b', 'c']);
    expect(media.bridgeOf('a')).toBeNull();
    await c.phone.untilHears(1100);
  });

  test('with a leg that is not there changes nothing', async () => {
    await using stage = new Stage();
    const { media } = stage;
    await stage.caller('a');
    media.bridge('x', ['a']);
    expect(() => media.bridge('y', ['a', 'ghost'])).toThrow(NoSuchLeg);
    expect(media.bridgeOf('a')).toBe('x');
  });
});

describe('a bridge of three', () => {
  test('lets everyone hear the two others and not themselves, also after one is muted or gone', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a', 'PCMU');
    const b = await stage.caller('b');
    const c = await stage.caller('c');
    a.phone.speak(600);
    b.phone.speak(1100);
    c.phone.speak(1700);
    media.bridge('x', ['a', 'b', 'c']);
    const both = (phone: Phone, one: number, two: number) => phone.hears(one) > 0.3 && phone.hears(two) > 0.3;
    await until(
      () => both(a.phone, 1100, 1700) && both(b.phone, 600, 1700) && both(c.phone, 600, 1100),
      'a three-way call',
    );
    expect([a.phone.hears(600), b.phone.hears(1100), c.phone.hears(1700)].every((own) => own < 0.05)).toBe(true);
    media.mute('c', true);
    await a.phone.untilHears(1100);
    expect(both(c.phone, 600, 1100)).toBe(true);
    media.close('b');
    await a.phone.untilSilence();
    media.mute('c', false);
    await a.phone.untilHears(1700);
    expect(steps(a.phone.heard).every((step) => step.sequence === 1)).toBe(true);
  });

  test('passes key presses to both others', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    const c = await stage.caller('c');
    for (const { phone } of [a, b, c]) phone.speak(0);
    media.bridge('x', ['a', 'b', 'c']);
    a.phone.press('7*');
    await until(() => b.phone.digits.join('') === '7*' && c.phone.digits.join('') === '7*', 'digits at both');
    expect(a.phone.digits).toEqual([]);
  });
});
