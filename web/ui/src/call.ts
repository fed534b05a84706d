/** Typed HTTP from an endpoint of the contract. */
import type { Endpoint } from '@kernlijn/contract/endpoint';
import { RefusalBody, type RefusalCode } from '@kernlijn/contract/refusals';
import type { z } from 'zod';
import { noteServerTime } from './clock.ts';

type Facts = RefusalBody['facts'];
type Part<Name extends string, Value> = {} extends Value ? { [key in Name]?: Value } : { [key in Name]: Value };
/** What a call needs; a part that may be empty may be left out. */
export type Input<E extends Endpoint> = Part<'params', z.input<E['params']>> &
  Part<'query', z.input<E['query']>> &
  Part<'body', z.input<E['body']>>;
export type Reply<E extends Endpoint> = z.output<E['reply']>;

/** The server refused on purpose: `code` is translated, `facts` fill the sentence. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly facts: Facts;
  constructor(code: RefusalCode, facts: Facts = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.facts = facts;
  }
}

/** No answer came: the request may or may not have been carried out. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** The server failed in a way the contract does not name. */
export class CallFailed extends Error {
  override name = 'CallFailed';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `keepalive` lets the request outlive a page that is being closed; browsers then take 64 kB at most. */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  signal?: AbortSignal,
  keepalive = false,
): Promise<Reply<E>> {
  const { params, query, body } = input as { params?: Values; query?: Values; body?: unknown };
  const hasBody = endpoint.method !== 'GET' && body !== undefined;
  const init: RequestInit = { method: endpoint.method, keepalive };
  if (hasBody) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  if (signal) init.signal = signal;
  return send(endpoint, addressOf(endpoint.path, params, query), init);
}

/** A multipart upload: the file goes in the field `file`. */
export async function upload<E extends Endpoint>(
  endpoint: E,
  params: z.input<E['params']>,
  file: File,
  query?: z.input<E['query']>,
  signal?: AbortSignal,
): Promise<Reply<E>> {
  const form = new FormData();
  form.set('file', file, file.name);
  const init: RequestInit = { method: endpoint.method, body: form };
  if (signal) init.signal = signal;
  return send(endpoint, addressOf(endpoint.path, params as Values, query as Values | undefined), init);
}

type Values = Record<string, string | number | boolean | null | undefined>;

export function addressOf(path: string, params: Values = {}, query: Values = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

async function send<E extends Endpoint>(endpoint: E, address: string, init: RequestInit): Promise<Reply<E>> {
  const response = await fetch(address, { ...init, credentials: 'same-origin' }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable(address, { cause });
  });
  noteServerTime(response.headers.get('date'));
  const text = await response.text();
  const value: unknown = readJson(text);
  if (!response.ok) throw failureOf(response.status, value, address);
  // A mistake of our own server: worth an exception while developing, not worth the time in the agent's browser.
  const reply: unknown = import.meta.env?.DEV ? endpoint.reply.parse(value) : value;
  return reply as Reply<E>;
}

function readJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(status: number, value: unknown, address: string): Error {
  const refusal = RefusalBody.safeParse(value);
  if (refusal.success) return new Refusal(refusal.data.code, refusal.data.facts);
  if (status === 401) return new Refusal('not-signed-in');
  // A proxy answers so while the server behind it is starting again.
  if (status === 502 || status === 503 || status === 504) return new Unreachable(address);
  return new CallFailed(status, `${address} answered ${status}`);
}
