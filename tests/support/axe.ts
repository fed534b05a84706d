/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';

const axe = readFileSync(resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page, or the part of it that `within` selects, by WCAG 2.2 AA, as text; empty when it finds nothing. */
export async function faults(page: Page, within = 'html'): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async (part) => {
    const run: unknown = Reflect.get(Reflect.get(window, 'axe'), 'run');
    if (typeof run !== 'function') throw new Error('axe is not there');
    const { violations } = await run(part, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.map((each: { id: string; nodes: { html: string }[] }) => `${each.id}: ${each.nodes[0]?.html}`);
  }, within);
}
