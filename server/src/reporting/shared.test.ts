import { expect, it } from 'vitest';
import { shared } from './shared.ts';

it('a reading is made once for all who ask while it is fresh, and anew after that', async () => {
  let now = 0;
  let made = 0;
  const boards = shared<number>(250, () => now);
  const read = async () => ++made;
  expect(await Promise.all([boards.get('a', read), boards.get('a', read)])).toEqual([1, 1]);
  now = 249;
  expect(await boards.get('a', read)).toBe(1);
  now = 250;
  expect(await boards.get('a', read)).toBe(2);
});

it('whoever asks for something else gets something else', async () => {
  const boards = shared<string>(250, () => 0);
  expect(await boards.get('a', async () => 'of a')).toBe('of a');
  expect(await boards.get('b', async () => 'of b')).toBe('of b');
});

it('a failure is told to those who waited for it and to nobody after them', async () => {
  const boards = shared<string>(250, () => 0);
  const failing = boards.get('a', async () => {
    throw new Error('no database');
  });
  await expect(failing).rejects.toThrow('no database');
  expect(await boards.get('a', async () => 'again')).toBe('again');
});

it('who asks while an older reading takes long gets a newer one; the third shares the second', async () => {
  let now = 0;
  let made = 0;
  const boards = shared<number>(100, () => now);
  const ends: (() => void)[] = [];
  const read = () => new Promise<number>((done) => ends.push(done.bind(null, ++made)));
  const first = boards.get('a', read);
  now = 150;
  const second = boards.get('a', read);
  now = 300;
  const third = boards.get('a', read);
  expect(made).toBe(2);
  for (const end of ends) end();
  expect(await Promise.all([first, second, third])).toEqual([1, 2, 2]);
  expect(boards.get('a', read)).not.toBe(third);
  ends.at(-1)?.();
});
