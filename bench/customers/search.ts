/**
 * One search box over a million customers, under row-level security, against its goals and against raw SQL.
 * The first run makes the data (a few minutes); later runs find it in the temporary folder.
 */
import pg from 'pg';
import { dice } from '../../server/demo/people/dice.ts';
import type { ImportedCustomer } from '../../server/src/customers/index.ts';
import { searchCustomers } from '../../server/src/customers/index.ts';
import { folded } from '../../server/src/customers/words.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { clientIds, customerAt, customersMade, millionCustomers } from './data.ts';
import { misspelt } from './misspell.ts';

const each = 800;
const goals = { name: 30, common: 30, misspelt: 50, share: 0.9, exact: 3 };

const database = await millionCustomers();
const db = openDb({ url: database.url, log: openLog('bench', 'silent'), connections: 4 });
const raw = new pg.Client({ connectionString: database.url });
await raw.connect();
const chance = dice(7);
const viewer = { clientIds };
const search = (typed: string) => db.asReader(viewer, (tx) => searchCustomers(tx, clientIds, typed));

try {
  const sample = sampled(each);
  const withPhone = (customer: ImportedCustomer) => customer.identifiers[0]?.value ?? '';
  const full = (customer: ImportedCustomer) =>
    [customer.givenName, customer.prefix, customer.familyName].filter(Boolean).join(' ');

  const mail = (customer: ImportedCustomer) => customer.identifiers.find(({ kind }) => kind === 'email')?.value;
  const withMail = sample.filter((customer) => mail(customer) !== undefined);
  const housed = sample.flatMap(({ address }) => (address === null ? [] : [address]));
  const byIdentifier =
    'select customer_id from customer_identifier where client_id = any($1) and kind = $2 and value = $3';
  await compared(
    'telephone number',
    sample,
    (customer) => spoken(withPhone(customer)),
    byIdentifier,
    (customer) => [clientIds, 'phone', withPhone(customer)],
  );
  await compared(
    'e-mail address',
    withMail,
    (customer) => mail(customer) ?? '',
    byIdentifier,
    (customer) => [clientIds, 'email', mail(customer)],
  );
  await compared(
    'postcode and number',
    housed,
    ({ postcode, houseNumber }) => `${postcode.slice(0, 4)} ${postcode.slice(4).toLowerCase()} ${houseNumber}`,
    'select customer_id from customer_address where client_id = any($1) and postcode = $2 and house_number = $3',
    ({ postcode, houseNumber }) => [clientIds, postcode, houseNumber],
  );
  await timed(
    'search, customer number',
    sample.map(({ reference }) => reference.toLowerCase()),
    search,
  );
  await timed(
    'search, last six digits',
    sample.map((customer) => withPhone(customer).slice(-6)),
    search,
  );

  const names = sample.map((customer) => asTyped(customer, full(customer)));
  report('a name', await timed('search, names', names, search), goals.name);
  const common = [
    'jan',
    'jan de jong',
    'maria',
    'jansen',
    'de vries',
    'j',
    'an',
    'van den berg',
    'jan ja',
    'johannes van dijk',
    'jong',
    'anna b',
    'm de jong',
    'peter jan',
    'jan de jong utrecht',
    'bakker p',
  ];
  report(
    'a common name',
    await timed(
      'search, common names',
      Array.from({ length: each / 2 }, (_, n) => common[n % common.length] ?? ''),
      search,
    ),
    goals.common,
  );

  const written = sample
    .filter(({ givenName, company }) => givenName.length > 2 && company === '')
    .map((customer) => ({ customer, typed: mistyped(customer) }));
  const answers = new Map<string, string[]>();
  const misspeltTimes = await timed('search, misspelt names', written, async ({ customer, typed }) => {
    const { customers } = await search(typed);
    answers.set(
      customer.reference,
      customers.flatMap(({ reference, name }) => [reference, name]),
    );
  });
  report('a misspelt name', misspeltTimes, goals.misspelt);
  const share = (right: (customer: ImportedCustomer) => string) =>
    written.filter(({ customer }) => answers.get(customer.reference)?.includes(right(customer))).length /
    written.length;
  const [very, namesake] = [share(({ reference }) => reference), share(full)];
  console.log(
    `misspelt, in the first 20: somebody of that name ${(100 * namesake).toFixed(1)} %, that very customer ${(100 * very).toFixed(1)} % of ${written.length}`,
  );
  const missed = written.filter(({ customer }) => answers.get(customer.reference)?.includes(full(customer)) === false);
  console.log(
    `not found: ${missed
      .slice(0, 20)
      .map(({ typed, customer }) => `${typed} (${full(customer)})`)
      .join('; ')}`,
  );
  console.log(
    `ratio ${(goals.share / namesake).toFixed(2)} 90 % of misspelt names in the first 20, to what was found limit 1`,
  );
} finally {
  await raw.end();
  await db.close();
  await database.stop();
}

function sampled(count: number): ImportedCustomer[] {
  const step = Math.floor(customersMade / count);
  return Array.from({ length: count }, (_, n) => customerAt(n * step));
}

/** As it is read out: "0970 5000 1234". */
function spoken(e164: string): string {
  return e164.replace(/^\+31(\d{3})(\d{4})(\d{4})$/, '0$1 $2 $3');
}

function asTyped({ givenName, familyName, company }: ImportedCustomer, full: string): string {
  if (company !== '') return company.slice(0, chance.between(5, company.length));
  switch (chance.between(1, 6)) {
    case 1:
      return full;
    case 2:
      return `${familyName}, ${givenName}`;
    case 3:
      return `${givenName.charAt(0)} ${familyName}`;
    case 4:
      return full.slice(0, chance.between(3, full.length)); // still typing
    case 5:
      return `${givenName.slice(0, 3)} ${familyName.slice(0, 4)}`;
    default:
      return familyName;
  }
}

function mistyped({ givenName, prefix, familyName }: ImportedCustomer): string {
  const [given, family] = [folded(givenName), folded(familyName)];
  const which = chance.number();
  const one = which < 0.65 ? given : misspelt(chance, given);
  const other = which < 0.65 || which > 0.85 ? misspelt(chance, family) : family;
  return [one, chance.chance(0.5) ? prefix.toLowerCase() : '', other].filter(Boolean).join(' ');
}

/** The limit of a look-up is one prepared equality without row-level security or transaction; turn and turn about, for the machine is never equally busy. */
async function compared<T>(
  what: string,
  inputs: readonly T[],
  typed: (input: T) => string,
  query: string,
  values: (input: T) => unknown[],
): Promise<void> {
  const rawTimes: number[] = [];
  const times: number[] = [];
  const clocked = async (into: number[], run: () => Promise<unknown>) => {
    const from = performance.now();
    await run();
    into.push(performance.now() - from);
  };
  for (const input of inputs) {
    await clocked(rawTimes, () => raw.query({ name: what, text: query, values: values(input) }));
    await clocked(times, () => search(typed(input)));
  }
  const limit = tell(`raw SQL, ${what}`, rawTimes);
  const { p50 } = tell(`search, ${what}`, times);
  console.log(
    `ratio ${(p50 / limit.p50).toFixed(2)} customer search by ${what}, p50 to a raw SQL look-up, limit ${goals.exact}`,
  );
}

interface Times {
  p50: number;
  p95: number;
}

/** One after another, as one person searches; a tenth beforehand to warm up. */
async function timed<T>(what: string, inputs: readonly T[], run: (input: T) => Promise<unknown>): Promise<Times> {
  for (const input of inputs.slice(0, inputs.length / 10)) await run(input);
  const times: number[] = [];
  for (const input of inputs) {
    const from = performance.now();
    await run(input);
    times.push(performance.now() - from);
  }
  return tell(what, times);
}

function tell(what: string, times: number[]): Times {
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? Number.NaN;
  console.log(
    `${what.padEnd(32)} p50 ${at(0.5).toFixed(2)} ms  p95 ${at(0.95).toFixed(2)} ms  max ${at(1).toFixed(1)} ms  (${times.length})`,
  );
  return { p50: at(0.5), p95: at(0.95) };
}

function report(what: string, { p95 }: Times, goal: number): void {
  console.log(`ratio ${(p95 / goal).toFixed(2)} customer search, ${what}: p95 to ${goal} ms limit 1`);
}
