/**
 * What no screen pop on this machine can beat: a query for the number, its answer in one websocket message, and a page
 * that does nothing but paint it. No call, no queue, no agent, nothing kept.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { expectDossier, watch } from './watched-page.ts';
import type { Expected, Seen } from './watched-page.ts';

export interface PopLimit {
  /** Asks and tells. @returns what the page saw, and when it began */
  pop(number: string, expected: Expected): Promise<Seen & { askedAt: number }>;
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

export async function openPopLimit(browser: Browser, ownerUrl: string): Promise<PopLimit> {
  const built = mkdtempSync(join(tmpdir(), 'kernlijn-pop-limit-'));
  const vite = spawn(
    'vite',
    ['build', join(import.meta.dirname, 'pop-limit'), '--outDir', built, '--emptyOutDir', '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit' },
  );
  const [code] = await once(vite, 'close');
  if (code !== 0) throw new Error('the page of the limit could not be built');
  const database = new pg.Client({ connectionString: ownerUrl });
  await database.connect();
  const http = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url;
    try {
      response
        .setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
        .end(readFileSync(join(built, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  const sockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const page = await openPage(browser, `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, sockets);
  return {
    async pop(number, expected) {
      const seen = await expectDossier(page, expected);
      const askedAt = Date.now();
      const { rows } = await database.query<{ dossier: unknown }>({
        name: 'dossier',
        text: dossierOf,
        values: [number],
      });
      const message = JSON.stringify({ is: 'event', screenPop: rows[0]?.dossier });
      for (const socket of sockets.clients) socket.send(message);
      return { askedAt, ...(await seen()) };
    },
    async close() {
      await page.close();
      for (const socket of sockets.clients) socket.terminate();
      http.close();
      await database.end();
      rmSync(built, { recursive: true });
    },
  };
}

const types: Partial<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

async function openPage(browser: Browser, url: string, sockets: WebSocketServer): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await watch(page);
  const connected = once(sockets, 'connection');
  await page.goto(url);
  await connected;
  return page;
}

const dossierOf = `
  select json_build_object(
    'customer', json_build_object('givenName', c.given_name, 'prefix', c.prefix, 'familyName', c.family_name, 'company', c.company,
      'identifiers', (select json_agg(json_build_object('kind', kind, 'value', value)) from customer_identifier where customer_id = c.id),
      'address', (select json_build_object('street', street, 'houseNumber', house_number, 'city', city) from customer_address where customer_id = c.id)),
    'notes', coalesce((select json_agg(json_build_object('id', n.id, 'text', n.text, 'authorName', p.name, 'at', n.created_at))
      from customer_note n join person p on p.id = n.author_id where n.customer_id = c.id), '[]'),
    'timeline', coalesce((select json_agg(t) from (
      select v.id as "conversationId", v.subject, r.summary, p.name as "agentName", v.created_at as at
      from conversation v left join registration r on r.conversation_id = v.id left join person p on p.id = v.agent_id
      where v.customer_id = c.id order by v.created_at desc limit 25) t), '[]')) as dossier
  from customer_identifier i join customer c on c.id = i.customer_id where i.kind = 'phone' and i.value = $1 limit 1`;
