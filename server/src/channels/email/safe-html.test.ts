import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileHtml } from './hostile-html.fixture.ts';
import { withAttachments } from './mail.ts';
import { messagePage, messagePolicy } from './message-page.ts';
import { plainText, safeHtml, shownContentIds } from './safe-html.ts';

describe('what stays', () => {
  test('the layout of an ordinary letter', () => {
    const letter =
      '<table width="600" cellpadding="0"><tr><td style="color:#333;padding:4px 8px"><h1>Bestelling</h1><p>Dag <b>Anna</b>,<br />zie <a href="https://example.org/a?b=1&amp;c=2">hier</a>.</p><ul><li>een</li></ul></td></tr></table>';
    const safe = safeHtml(letter);
    for (const kept of [
      '<table width="600" cellpadding="0">',
      '<h1>Bestelling</h1>',
      '<b>Anna</b>',
      '<li>een</li>',
      'color:#333',
      'padding:4px 8px',
      'href="https://example.org/a?b=1&amp;c=2"',
    ])
      expect(safe).toContain(kept);
  });

  test('links open outside the desk and know nothing of it', () => {
    expect(safeHtml('<a href="https://example.org/">x</a> <a href="mailto:a@example.org">y</a>')).toBe(
      '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">x</a> <a href="mailto:a@example.org" target="_blank" rel="noopener noreferrer">y</a>',
    );
  });

  test('an image of the mail itself points to its attachment, one that is not there to nothing', () => {
    const safe = safeHtml('<img src="cid:Logo@x" alt="logo"><img src="cid:gone">', ['other', 'logo@X']);
    expect(withAttachments(safe, ['a', 'b'])).toBe('<img alt="logo" src="/api/attachments/b" /><img />');
  });

  test('a remote image waits until it is asked for', () => {
    const safe = safeHtml('<img src="https://shop.example.net/a.png" alt="kast" width="10">');
    expect(safe).toBe('<img alt="kast" width="10" data-remote-src="https://shop.example.net/a.png" />');
    expect(messagePage(safe, false)).not.toContain(' src="https');
    expect(messagePage(safe, true)).toContain(' src="https://shop.example.net/a.png"');
  });

  test('small images inside the text stay', () => {
    expect(safeHtml('<img src="data:image/png;base64,iVBORw0KGgo=">')).toBe(
      '<img src="data:image/png;base64,iVBORw0KGgo=" />',
    );
  });

  test('the words of a mail that is all HTML', () => {
    expect(plainText('<style>p{}</style><p>Dag Anna,</p><p>1 &lt; 2 &amp; 3<br>groet</p><script>x</script>')).toBe(
      'Dag Anna,\n1 < 2 & 3\ngroet',
    );
  });

  test('Content-IDs are found however they are written', () => {
    expect(shownContentIds(`<img src="cid:A%40b"><img src='CID:c'><td background=cid:d>`)).toEqual(
      new Set(['a@b', 'c', 'd']),
    );
  });
});

test.each(hostileHtml.map((html) => [JSON.stringify(html.slice(0, 100)), html]))(
  'of %s nothing is left that could run',
  (_, html) => {
    const safe = safeHtml(html, ['known']);
    expect(safe).not.toMatch(
      /<\/?(script|iframe|frame|object|embed|applet|form|input|button|select|textarea|svg|math|style|link|meta|base|video|audio|body|template|noscript|title|layer)\b/i,
    );
    const tags = safe.replace(/ (title|alt)="[^"]*"/g, '').match(/<[a-z][^>]*>/gi) ?? []; // words, however they look
    for (const tag of tags) {
      expect(tag).not.toMatch(/\s(on\w+|id|class|name|srcset|background|ping|action|formaction|srcdoc)=/i);
      expect(tag).not.toMatch(/(javascript|vbscript|expression|url\s*\(|position|@import|behavior|-moz-binding)/i);
      if (tag.includes(' src='))
        expect(tag).toMatch(/ src="(\/api\/attachments\/part-\d+"|data:image\/(png|jpeg|gif|webp);base64,)/);
      if (tag.includes(' href=')) expect(tag).toMatch(/ href="(https?|mailto|tel):/);
    }
  },
);

describe('in a browser, without the sandbox that is around it in the desk', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  test('nothing runs, nothing is loaded, nothing covers the page', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => asked.push(dialog.message()));
    for (const html of hostileHtml) {
      await page.setContent(
        `<script>globalThis.times = 0; globalThis.ran = () => { times += 1; }</script><div id="mail">${safeHtml(html)}</div>`,
      );
      const found = await page.evaluate(() => {
        const all = [...document.querySelectorAll('#mail *')];
        for (const each of all) {
          each.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
          each.dispatchEvent(new FocusEvent('focus'));
        }
        return {
          times: Reflect.get(globalThis, 'times'),
          floating: all.filter((each) => !['static', 'relative'].includes(getComputedStyle(each).position)).length,
        };
      });
      expect({ html, ...found }).toEqual({ html, times: 0, floating: 0 });
    }
    expect(asked.filter((address) => !address.startsWith('data:'))).toEqual([]);
    await page.close();
  });

  test('the check itself sees what an unsafe page does', async () => {
    const page = await browser.newPage();
    await page.setContent(
      `<script>globalThis.times = 0; globalThis.ran = () => { times += 1; }</script><img src=x onerror=ran()>`,
    );
    await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'times'))).toBe(1);
    await page.close();
  });

  test('the policy of the message page stops a script that was let through', async () => {
    const page = await browser.newPage();
    await page.route('http://desk.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': messagePolicy(true) },
        body: messagePage(
          '<p>tekst</p><script>document.title = "ran"</script><img src="x" onerror="document.title = \'ran\'">',
          true,
        ),
      }),
    );
    await page.goto('http://desk.example/');
    expect(await page.title()).toBe('');
    expect(await page.textContent('p')).toBe('tekst');
    await page.close();
  });
});
