/** People who do not exist, named and housed as people in the Netherlands are. */
import type { Address } from '@kernlijn/contract/customers';
import type { ImportedCustomer } from '../../src/customers/index.ts';
import { ranked } from './dice.ts';
import type { Dice } from './dice.ts';
import { businesses, familyNames, givenNames, rareFamilyNames } from './names.ts';
import { places, streets } from './places.ts';

const listed = (text: string) => [...new Set(text.split(/\s+/))];
const given = {
  mrs: ranked(listed(givenNames.mrs), { lead: 6, steepness: 0.9 }),
  mr: ranked(listed(givenNames.mr), { lead: 6, steepness: 0.9 }),
};
const common = ranked(familyNames, { lead: 8, steepness: 0.8 });
const rare = ranked(rareFamilyNames(), { lead: 300, steepness: 0.8 });
/** Of all people, this share has one of the listed family names. */
const commonShare = 0.4;

const prefixes = /^((?:van der|van den|van de|van ’t|in ’t|op den|van|de|ter|ten|te|’t|el) )(.+)$/i;

function familyName(dice: Dice): { prefix: string; familyName: string } {
  const whole = dice.chance(commonShare) ? common(dice) : rare(dice);
  const split = prefixes.exec(whole);
  return split === null
    ? { prefix: '', familyName: whole }
    : { prefix: (split[1] ?? '').trim(), familyName: split[2] ?? whole };
}

function address(dice: Dice): Address {
  const [city, lowest, highest] = dice.pick(places);
  const letters = () => dice.pick(postcodeLetters);
  return {
    street: dice.pick(streets),
    houseNumber: 1 + Math.floor(dice.number() ** 2 * 280),
    suffix: dice.chance(0.12) ? dice.pick(['a', 'b', 'c', 'bis', '1', '2', 'I', 'II']) : '',
    postcode: `${dice.between(lowest, highest)}${letters()}${letters()}`,
    city,
    country: 'NL',
  };
}

export interface Numbering {
  /** The customer's place in the row: its number and addresses follow from it. */
  n: number;
  reference: string;
  /** E.164 up to the last six digits. */
  phonePrefix: string;
}

/** @param today customers since at most six years before it */
export function dutchCustomer(dice: Dice, { n, reference, phonePrefix }: Numbering, today: Date): ImportedCustomer {
  const title = dice.chance(0.5) ? 'mrs' : 'mr';
  const first = given[title](dice);
  const { prefix, familyName: family } = familyName(dice);
  const second = dice.chance(0.03) ? ` ${given[title](dice)}` : '';
  const double = title === 'mrs' && dice.chance(0.06) ? `-${plain(familyName(dice))}` : '';
  const isBusiness = dice.chance(0.06);
  const since = new Date(today.getTime() - Math.floor(dice.number() * 6 * 365) * 86_400_000);
  const at = dice.pick(['example.org', 'example.com', 'example.net']);
  return {
    kind: isBusiness ? 'business' : 'person',
    title: dice.chance(0.02) ? 'mx' : title,
    givenName: dice.chance(0.05) ? `${first.charAt(0)}.` : first + second,
    prefix,
    familyName: family + double,
    company: isBusiness ? `${dice.pick(businesses)} ${plain({ prefix, familyName: family })}` : '',
    language: dice.chance(0.93) ? 'nl' : dice.pick(['en', 'en', 'de', 'fy', 'fr', 'tr', 'pl']),
    reference,
    identifiers: [
      { kind: 'phone', value: `${phonePrefix}${String(n).padStart(6, '0')}` },
      ...(dice.chance(0.85)
        ? [{ kind: 'email' as const, value: `${mailName(first)}.${mailName(prefix + family)}${n}@${at}` }]
        : []),
    ],
    address: dice.chance(0.95) ? address(dice) : null,
    customerSince: since.toISOString().slice(0, 10),
  };
}

const postcodeLetters = 'ABCDEGHJKLMNPRTVWXZ'.split('');

const plain = ({ prefix, familyName: family }: { prefix: string; familyName: string }): string =>
  prefix === '' ? family : `${prefix} ${family}`;
const mailName = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll(/[^a-z]/g, '');
